"""Figures and pages of the study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("matplotlib", reason="the extra `train` is not installed")

from deukgeun.errors import TrainingError
from deukgeun.pose import PoseEstimate
from deukgeun.pose.geometry import Roi
from deukgeun.skeleton import skeleton
from deukgeun.training.pose.crops import CropSample
from deukgeun.training.student import page
from deukgeun.training.student.external import Answer
from deukgeun.training.student.measure import NameFigures, drawn, measure_pose, wilson
from deukgeun.training.student.report import (
    exercise_page,
    external_page,
    pose_page,
    read_log,
    sweep_parts,
    training_parts,
)

SIDE, SCALE = 64, 5.0


class Offset:
    """An estimator that knows the labels and is off by some pixels of the whole picture, to the right."""

    skeleton = skeleton("aihub_24")

    def __init__(self, labels: np.ndarray, off_px: float) -> None:
        self.labels, self.off_px, self.number = labels, off_px, -1

    def preprocess(self, image: np.ndarray, roi: Roi) -> np.ndarray:
        assert (roi.center_x, roi.side) == (SIDE / 2, SIDE)
        self.number += 1
        return image

    def infer(self, tensor: np.ndarray) -> list[np.ndarray]:
        return [tensor]

    def postprocess(self, outputs: list[np.ndarray], roi: Roi) -> PoseEstimate:
        xy = (self.labels[self.number] + [self.off_px, 0] - [100, 50]) / SCALE
        return PoseEstimate(1.0, xy, np.ones(24), None, roi)


@pytest.fixture
def samples(tmp_path: Path) -> list[CropSample]:
    rng = np.random.default_rng(0)
    made = []
    for k in range(8):
        path = tmp_path / f"{k}.jpg"
        cv2.imwrite(str(path), rng.integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8))
        to_picture = np.array([[SCALE, 0, 100], [0, SCALE, 50]])
        joints = rng.uniform(0, SIDE, (24, 2)) * SCALE + [100, 50]
        made.append(CropSample(path, to_picture, joints, ("squat", "push_up")[k % 2], "C", "Z1"))
    return made


def test_errors_are_those_of_the_whole_picture(samples: list[CropSample], tmp_path: Path) -> None:
    labels = np.array([sample.joints for sample in samples])
    found = measure_pose(samples, Offset(labels, 7.0))
    np.testing.assert_allclose(found.rmse, 7.0)
    np.testing.assert_allclose(found.of_joint, 7.0)
    assert "RMSE mean 7.00 px" in found.line()
    history = "epoch,rmse_mean,train_loss\n1,50,0.1\n2,40,0.05\n"
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "history.csv").write_text(history, "utf-8")
    pose_page(samples, {"off": found}, [tmp_path / "run"], tmp_path / "pose.html")
    text = (tmp_path / "pose.html").read_text("utf-8")
    assert text.count("<svg") == 5  # three of errors and pictures, two of the run
    assert text.count("data:image/jpeg") == 18
    assert "squat" in text
    assert not {"http://", "https://"} & {word[:8] for word in text.split('src="')[1:]}


class Turning(Offset):
    """Another set of joints, and a square that turns a little with every look."""

    skeleton = skeleton("blazepose_33")

    def __init__(self) -> None:
        self.looks: list[Roi] = []

    def preprocess(self, image: np.ndarray, roi: Roi) -> np.ndarray:
        self.looks.append(roi)
        return image

    def postprocess(self, outputs: list[np.ndarray], roi: Roi) -> PoseEstimate:
        return PoseEstimate(1.0, np.zeros((33, 2)), np.ones(33), None, replace(roi, rotation=roi.rotation + 0.5))


def test_a_network_of_other_joints_finds_its_square_first(samples: list[CropSample]) -> None:
    model = Turning()
    measure_pose(samples[:1], model)
    assert [look.rotation for look in model.looks] == [0.0, 0.5, 1.0]
    assert {look.side for look in model.looks} == {SIDE * 1.25}


def test_labels_and_joints_are_drawn_in_the_crop(samples: list[CropSample]) -> None:
    sample = samples[0]
    image = drawn(sample, sample.joints + SCALE * 3)
    assert image.shape == (SIDE, SIDE, 3)
    green = (np.abs(image.astype(int) - [60, 220, 90]).max(axis=2) < 30).sum()
    assert green > 50


def test_names_are_counted() -> None:
    figures = NameFigures(
        np.array(["a", "a", "b", "b"]), np.array(["a", "b", "b", "b"]), np.array(["A", "B", "A", "B"])
    )
    assert figures.accuracy == 0.75
    assert figures.by(figures.view) == {"A": (2, 2), "B": (1, 2)}
    names, counts = figures.confusion()
    assert names == ("a", "b")
    assert counts.tolist() == [[1, 1], [0, 2]]


@pytest.mark.parametrize(("right", "count", "low", "high"), [(10, 14, 0.45, 0.88), (0, 5, 0.0, 0.43), (0, 0, 0, 1)])
def test_intervals(right: int, count: int, low: float, high: float) -> None:
    found = wilson(right, count)
    assert found == pytest.approx((low, high), abs=0.01)


def test_pages(tmp_path: Path) -> None:
    figures = NameFigures(np.array(["a", "b<i>"]), np.array(["a", "a"]), np.array(["A", "B"]))
    exercise_page({"lstm": figures}, tmp_path / "e.html")
    text = (tmp_path / "e.html").read_text("utf-8")
    assert "b&lt;i&gt;" in text
    assert "b<i>" not in text.split("<svg")[0]
    answers = [Answer("x.mp4", "squat", (("squat", 0.9),)), Answer("y.mp4", "squat", ())]
    external_page(answers, tmp_path / "x.html")
    assert "1 of 2 named right: 0.50" in (tmp_path / "x.html").read_text("utf-8")
    rows = [{"epoch": 1.0, "rmse_mean": 50.0, "train_loss": 0.1}, {"epoch": 2.0, "rmse_mean": 40.0, "train_loss": 0.05}]
    assert all("<svg" in part for part in training_parts({"run": rows}))
    parts = sweep_parts(
        [{"run": "one", "score": 0.5}, {"run": "two", "score": 0.9}], {"one": [{"iteration": 1.0, "loss": 2.0}]}
    )
    assert parts[0].index("two") < parts[0].index("one")


@pytest.mark.parametrize("text", [None, "iteration,loss\n1,many\n"])
def test_a_run_without_a_log(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "log.csv").write_text(text, "utf-8")
    with pytest.raises(TrainingError, match="training-checkpoint"):
        read_log(tmp_path / "log.csv")


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Exception, match="output-not-writable"):
        page.write(tmp_path / "file" / "x.html", "text")
