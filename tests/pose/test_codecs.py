"""Joints become heat maps or classes and come back where they were."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.pose.codecs import Codec, HeatmapCodec, SimccCodec, codec_of, normalised
from deukgeun.skeleton import skeleton

few = settings(deadline=None, max_examples=40)
JOINTS = skeleton("aihub_24")
CODECS: list[Any] = [HeatmapCodec(64), HeatmapCodec(96, sigma=1.5, method="plain"), SimccCodec(64), SimccCodec(96, 3)]
every_codec = pytest.mark.parametrize("codec", CODECS, ids=lambda codec: f"{codec.kind}-{codec.size}")


def seen(codec: Codec, joints: Any) -> tuple[Any, Any]:
    """The joints as a perfect network would give them: SimCC heads give logarithms."""
    targets, _ = codec.encode(joints, np.ones(len(joints)))
    given = [np.log(each + 1e-12) if isinstance(codec, SimccCodec) else each for each in targets]
    found, score = codec.decode([each[None].astype(np.float32) for each in given])
    return found[0], score[0]


@few
@given(st.sampled_from([64, 192, 384]), st.floats(1.0, 4.0), st.integers(0, 10**6))
def test_heat_maps_give_joints_back_to_a_tenth_of_a_cell_up_to_their_border(size: int, sigma: float, seed: int) -> None:
    codec = HeatmapCodec(size, sigma=sigma)
    joints = np.random.default_rng(seed).uniform(0, size - codec.stride, (24, 2))
    found, score = seen(codec, joints)
    assert np.abs(found - joints).max() < 0.1 * codec.stride
    assert score.min() > 0.75


@few
@given(st.integers(0, 10**6))
def test_the_official_decoding_is_right_to_a_quarter_of_a_cell(seed: int) -> None:
    codec = HeatmapCodec(128, method="plain")
    joints = np.random.default_rng(seed).uniform(4, 120, (24, 2))
    assert np.abs(seen(codec, joints)[0] - joints).max() <= 0.2501 * codec.stride


@few
@given(st.integers(0, 10**6), st.floats(0.0, 0.03))
def test_a_little_noise_moves_a_joint_a_little(seed: int, noise: float) -> None:
    rng = np.random.default_rng(seed)
    codec = HeatmapCodec(192, sigma=2.0)
    joints = rng.uniform(0, 188, (24, 2))
    (maps,), _ = codec.encode(joints, np.ones(24))
    found, _ = codec.decode([(maps + rng.normal(0, noise, maps.shape))[None].astype(np.float32)])
    assert np.abs(found[0] - joints).max() < (0.1 + 12 * noise) * codec.stride


@few
@given(st.sampled_from([1, 2, 3]), st.integers(0, 10**6))
def test_classes_give_joints_back_to_a_fraction_of_a_class(split: int, seed: int) -> None:
    codec = SimccCodec(96, split)
    joints = np.random.default_rng(seed).uniform(1, 94, (24, 2))
    found, score = seen(codec, joints)
    assert np.abs(found - joints).max() < 0.1
    assert score.min() > 0.5


def test_a_map_without_a_peak_gives_a_joint_somewhere_and_no_score() -> None:
    codec = HeatmapCodec(64)
    joints, score = codec.decode([np.zeros((2, 24, 16, 16), np.float32)])
    assert np.isfinite(joints).all()
    assert not score.any()


def test_what_the_network_says_in_doubt_scores_less() -> None:
    codec = SimccCodec(64)
    joints = np.full((1, 2), 30.0)
    targets, _ = codec.encode(joints, np.ones(1))
    sure, unsure = (codec.decode([np.log(t[None] + floor) for t in targets])[1] for floor in (1e-12, 5e-2))
    assert sure > 0.95
    assert unsure < 0.5 * sure


@every_codec
def test_joints_that_cannot_be_shown_have_no_weight(codec: Codec) -> None:
    middle, size = codec.size / 2, codec.size
    joints = np.array([[middle, middle], [np.nan, middle], [middle, 3.0 * size], [-2.0 * size, middle], [middle, -1.0]])
    targets, weights = codec.encode(joints, np.array([0.5, 1, 1, 1, 1]))
    assert weights.tolist() == [0.5, 0, 0, 0, 1]
    assert all(np.isfinite(each).all() for each in targets)


def test_the_map_of_a_joint_is_one_there() -> None:
    (maps,), _ = HeatmapCodec(64, sigma=1.5).encode(np.array([[20.0, 40.0]]), np.ones(1))
    assert maps.shape == (1, 16, 16)
    assert np.unravel_index(maps[0].argmax(), (16, 16)) == (10, 5)
    assert maps.max() == 1.0
    assert maps[0, 10, 8] == pytest.approx(np.exp(-(3**2) / (2 * 1.5**2)))


def test_classes_are_a_distribution() -> None:
    codec = SimccCodec(64)
    (x, y), _ = codec.encode(np.array([[20.0, 63.0]]), np.ones(1))
    assert x.shape == y.shape == (1, 128)
    assert (int(x.argmax()), int(y.argmax())) == (40, 126)
    assert x.sum() == pytest.approx(1.0)
    assert y.sum() == pytest.approx(1.0)


def test_strided_cells_of_the_mirrored_picture_are_the_mirrored_cells() -> None:
    codec = HeatmapCodec(64)
    picture = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    cells = picture[:, ::4, ::4]  # where the network's cells are centred
    assert (codec.mirror(picture)[:, ::4, ::4] == cells[:, :, ::-1]).all()


@every_codec
def test_the_flip_test_of_a_perfect_network_changes_nothing(codec: Codec) -> None:
    rng = np.random.default_rng(1)
    joints = rng.uniform(8, codec.size - 9, (24, 2))
    columns = np.tile(np.arange(codec.size), (1, 1, 1))[..., None].astype(float)
    came_from = codec.mirror(columns)[0, 0, :, 0]  # for each column of the mirrored picture, that of the picture
    mirrored = joints[JOINTS.mirror_order].copy()
    mirrored[:, 0] = came_from[0] - mirrored[:, 0]
    targets, _ = codec.encode(mirrored, np.ones(24))
    given = [np.log(each + 1e-12) if isinstance(codec, SimccCodec) else each for each in targets]
    back, _ = codec.decode(codec.unmirror([each[None] for each in given], JOINTS.mirror_order))
    assert np.abs(back[0] - joints).max() < (1.01 if codec.metadata().get("method") == "plain" else 0.1)


@every_codec
def test_a_codec_is_made_again_from_what_it_says(codec: Codec) -> None:
    assert codec_of(json.loads(json.dumps(codec.metadata()))) == codec


@pytest.mark.parametrize(
    "metadata",
    [{}, {"kind": "regression"}, {"kind": "heatmap"}, {"kind": "simcc", "size": 64, "colour": 1}],
)
def test_what_tells_of_no_codec_is_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="codec"):
        codec_of(metadata)


@pytest.mark.parametrize(
    "make",
    [
        lambda: HeatmapCodec(66),
        lambda: HeatmapCodec(64, sigma=0.0),
        lambda: HeatmapCodec(64, method="udp"),  # type: ignore[arg-type]
        lambda: SimccCodec(0),
        lambda: SimccCodec(64, sigma=-1.0),
    ],
)
def test_senseless_sizes_are_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"need|method"):
        make()


def test_the_input_has_the_colours_of_imagenet_taken_out() -> None:
    grey = np.full((1, 2, 2, 3), 255, np.uint8)
    assert normalised(grey)[0, :, 0, 0] == pytest.approx(
        [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    )
