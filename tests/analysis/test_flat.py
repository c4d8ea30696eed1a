"""A network that sees the picture's plane alone: people are followed and drawn, and the diary says why it is empty."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from tests.pose.test_hrnet import PLACES, scene, spots

from deukgeun.analysis import Analysis, analyze_video, annotate
from deukgeun.errors import ModelError, PoseError, SettingsError
from deukgeun.media import VideoInfo, VideoWriter, probe
from deukgeun.pose import estimator, tracker
from deukgeun.pose.detector import Detection
from deukgeun.pose.geometry import Roi
from deukgeun.pose.hrnet import Hrnet
from deukgeun.settings import Settings, load_settings


class SeesSomebody:
    """A detector that finds one person in the middle, whatever it is shown."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def detect(self, image: np.ndarray, quarter_turns: int = 0) -> list[Detection]:  # type: ignore[type-arg]
        return [Detection(0.9, np.zeros((4, 2)), Roi(310.0, 240.0, 320.0))]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(tracker, "PersonDetector", SeesSomebody)
    return load_settings(environ={}, model=f"hrnet:{spots(tmp_path)}", media_isolate=False)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "spots.mp4"
    with VideoWriter(path, 640, 480, 10.0) as writer:
        for time_s in np.arange(20) * 0.1:
            writer.write(scene(PLACES + [20 * np.sin(3 * time_s), 0.0], 18.0), float(time_s))  # noqa: RUF005
    return path


def analysed(video: Path, settings: Settings) -> Analysis:
    return analyze_video(video, settings=settings)


def test_people_are_followed_and_the_diary_says_why_it_is_empty(video: Path, settings: Settings) -> None:
    found = analysed(video, settings)
    (track,) = found.tracks
    assert track.xyz is None
    assert track.skeleton.name == "aihub_24"
    assert len(track) == 20
    assert found.workout.sets == ()
    assert [notice.code for notice in found.workout.warnings] == ["pose-no-depth"]


def test_the_diary_names_the_network_by_its_content_not_its_place(video: Path, settings: Settings) -> None:
    made_by = analysed(video, settings).workout.made_by
    content = Path(settings.text("model").removeprefix("hrnet:")).read_bytes()
    assert made_by.estimator == "hrnet"
    assert made_by.estimator_sha256 == hashlib.sha256(content).hexdigest()


def test_the_replay_is_drawn(video: Path, settings: Settings, tmp_path: Path) -> None:
    annotate(video, analysed(video, settings), tmp_path / "out.mp4", settings=settings)
    info: VideoInfo = probe(tmp_path / "out.mp4")
    assert (info.width, info.height) == (640, 480)


def test_the_name_of_an_estimator_may_be_a_kind_and_a_file(tmp_path: Path) -> None:
    assert isinstance(estimator(f"hrnet:{spots(tmp_path)}", 2), Hrnet)
    with pytest.raises(ModelError, match="absent"):
        estimator("hrnet:absent.onnx")
    for name in ("hrnet", "hrnet:", "vitpose:a.onnx", "medium"):
        with pytest.raises(PoseError) as caught:
            estimator(name)
        assert "hrnet:FILE" in caught.value.hint


@pytest.mark.parametrize("value", ["hrnet", "hrnet:", "vitpose:a.onnx", "medium"])
def test_the_setting_takes_files_of_known_kinds_only(value: str) -> None:
    with pytest.raises(SettingsError, match="lite, full, heavy, hrnet:FILE"):
        load_settings(environ={}, model=value)
