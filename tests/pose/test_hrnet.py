"""The estimator from a file: where it looks, what it sees, what it does not take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.pose.scripted import Body, ScriptedDetector, World
from tests.pose.written_onnx import strided_convolution

from deukgeun.errors import ModelError
from deukgeun.media import Frame
from deukgeun.pose import PoseTracker, estimate, main_subject
from deukgeun.pose.codecs import HeatmapCodec
from deukgeun.pose.geometry import MARGIN, Image, Roi
from deukgeun.pose.hrnet import KEY, Hrnet, NetworkFile
from deukgeun.settings import load_settings
from deukgeun.skeleton import skeleton

JOINTS = skeleton("aihub_24")
SIZE = 128
FILE = NetworkFile(HeatmapCodec(SIZE, sigma=2.0).metadata(), "aihub_24", "spots", 0.8)


def spots(folder: Path, file: NetworkFile = FILE, **metadata: str) -> Path:
    """A network that sees joint k in the brightest spot of red, green or blue (k modulo 3)."""
    deviation, mean = np.array(file.deviation, np.float32), np.array(file.mean, np.float32)
    weights, bias = np.zeros((24, 3, 1, 1), np.float32), np.zeros(24, np.float32)
    for joint in range(24):
        weights[joint, joint % 3] = deviation[joint % 3]
        bias[joint] = mean[joint % 3]
    path = folder / "spots.onnx"
    path.write_bytes(strided_convolution(weights, bias, SIZE, metadata or {KEY: file.text()}))
    return path


def scene(places: np.ndarray, spread: float, width: int = 640, height: int = 480) -> Image:  # type: ignore[type-arg]
    """A black picture with a soft red, green and blue spot at ``places`` (3, 2)."""
    y, x = np.mgrid[:height, :width]
    light = [255 * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * spread**2)) for px, py in places]
    return np.stack(light, axis=2).astype(np.uint8)


PLACES = np.array([[300.0, 150.0], [340.0, 250.0], [280.0, 330.0]])


@pytest.mark.parametrize("rotation", [0.0, 0.7, -3.0])
@pytest.mark.parametrize("side", [300.0, 420.0])
def test_joints_are_found_in_pixels_of_the_picture(rotation: float, side: float, tmp_path: Path) -> None:
    model = Hrnet(spots(tmp_path))
    image = scene(PLACES, 2.0 * 4 * side / SIZE)
    seen = estimate(model, image, Roi(310.0, 240.0, side, rotation))
    for joint in range(24):
        assert seen.xy[joint] == pytest.approx(PLACES[joint % 3], abs=0.15 * 4 * side / SIZE)
    assert seen.score.min() > 0.9
    assert seen.confidence == 1.0
    assert seen.xyz is None


def test_the_next_square_is_upright_around_the_joints_with_room(tmp_path: Path) -> None:
    seen = estimate(Hrnet(spots(tmp_path)), scene(PLACES, 20.0), Roi(310.0, 240.0, 320.0, 0.5))
    assert seen.roi.rotation == 0.0
    assert (seen.roi.center_x, seen.roi.center_y) == pytest.approx((310.0, 240.0), abs=2.0)
    assert seen.roi.side == pytest.approx(180.0 * MARGIN, abs=4.0)


def test_an_empty_picture_gives_no_confidence(tmp_path: Path) -> None:
    seen = estimate(Hrnet(spots(tmp_path)), np.zeros((480, 640, 3), np.uint8), Roi(310.0, 240.0, 320.0))
    assert seen.confidence < 0.1
    assert np.isfinite(seen.xy).all()
    assert seen.roi.side > 0


def test_confidence_is_measured_by_what_people_reach(tmp_path: Path) -> None:
    dim = (scene(PLACES, 20.0) * 0.4).astype(np.uint8)
    roi = Roi(310.0, 240.0, 320.0)
    strict = estimate(Hrnet(spots(tmp_path)), dim, roi).confidence
    mild = estimate(Hrnet(spots(tmp_path, replace(FILE, least_score=0.4))), dim, roi).confidence
    assert strict == pytest.approx(0.5, abs=0.03)
    assert mild == pytest.approx(1.0, abs=0.03)


def test_the_tracker_follows_with_it(tmp_path: Path) -> None:
    times = np.arange(20) * 0.1
    world, model = World(), Hrnet(spots(tmp_path), threads=2)
    tracker = PoseTracker(load_settings(environ={}), model, ScriptedDetector(world), smooth=False)  # type: ignore[arg-type]
    for time_s in times:
        world.bodies, moved = [Body(300 + 60 * time_s, 240.0, torso=50.0)], PLACES + np.array([60 * time_s, 0.0])
        tracker.update(Frame(float(time_s), scene(moved, 18.0), 1.0))
    (track,) = tracker.tracks()
    assert track.skeleton is JOINTS
    assert track.xyz is None
    assert len(track) == len(times)
    wanted = PLACES[0] + np.stack([60 * times, np.zeros_like(times)], axis=1)
    assert np.abs(track.xy[:, 0] - wanted).max() < 3.0
    assert main_subject([track], 640, 480) is track


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"other": "{}"}, "another format"),
        ({KEY: "no json"}, "Expecting value"),
        ({KEY: "[1]"}, "another format"),
        ({KEY: replace(FILE, format=2).text()}, "another format"),
        ({KEY: FILE.text().replace("least_score", "score")}, "other fields"),
        ({KEY: replace(FILE, codec={"kind": "regression"}).text()}, "no codec"),
        ({KEY: replace(FILE, joints="joints_7").text()}, "joints_7"),
    ],
)
def test_a_network_must_describe_itself(metadata: dict[str, str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=reason) as caught:
        Hrnet(spots(tmp_path, **metadata))
    assert caught.value.code == "model-file"


@pytest.mark.parametrize("content", [None, b"", b"not a network"])
def test_what_is_no_network_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        Hrnet(path)
    assert caught.value.code == "model-file"
    assert str(path) in caught.value.message


def test_beyond_the_picture_it_is_black_and_colours_are_taken_out(tmp_path: Path) -> None:
    tensor = Hrnet(spots(tmp_path)).preprocess(np.full((100, 100, 3), 255, np.uint8), Roi(0.0, 0.0, 150.0))
    assert tensor.shape == (1, 3, SIZE, SIZE)
    assert tensor[0, :, 0, 0] == pytest.approx([-m / d for m, d in zip(FILE.mean, FILE.deviation, strict=True)])
    assert tensor[0, :, -1, -1] == pytest.approx([(1 - m) / d for m, d in zip(FILE.mean, FILE.deviation, strict=True)])
