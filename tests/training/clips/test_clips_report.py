"""What the report of labelled clips says, in Markdown, in HTML and as plain values."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from tests.training.clips.made import one_set, workout

from deukgeun.errors import TrainingError
from deukgeun.media import VideoWriter
from deukgeun.training.clips import report
from deukgeun.training.clips.figures import Figures, figures
from deukgeun.training.clips.run import Clip, Outcome
from deukgeun.training.clips.scored import Scored, said

HEADINGS = [
    "Figures", "By exercise", "By movement", "By view", "What was taken for what", "How sure it was",
    "Seconds of analysis per second of video", "Every clip that failed",
]  # fmt: skip


def film(path: Path) -> Path:
    """Twenty seconds that become lighter; three times as wide as high."""
    with VideoWriter(path, 96, 32, 2) as out:
        for k in range(40):
            out.write(np.full((32, 96, 3), 5 * k + 20, np.uint8), k / 2)
    return path


@pytest.fixture
def found(tmp_path: Path) -> Figures:
    """Two that are right, a wrong name, a wrong count, one that is no video, one that was not analysed."""
    video, gone = film(tmp_path / "film.mp4"), tmp_path / "gone.mp4"
    squat, push_up = ("bodyweight_squat", "squat"), ("push_up", "push_up")
    return figures(
        [
            Outcome(Clip("s/1.mp4", video, *squat, 5, "side", "flat/a"), one_set("bodyweight_squat", 5), None, 4, 0.02),
            Outcome(Clip("s/2.mp4", video, "", "other", None, "front"), one_set("unknown", 2), None, 6, 0.04),
            Outcome(Clip("s/3|3.mp4", video, "", "other", None, "front"), one_set("burpee", 2, 0.71), None, 8, 0.06),
            Outcome(Clip("s/4.mp4", video, *squat, 8, "side"), one_set("bodyweight_squat", 3), None, 5, 0.03),
            Outcome(Clip("s/5.mp4", gone, *push_up, None, "side"), None, "media-empty"),
            Outcome(Clip("s/6.mp4", video, *push_up, None, ""), None),
        ],
        ["flat"],
    )


def test_markdown_tells_everything(found: Figures) -> None:
    text = report.markdown(found, "clips.csv")
    assert re.findall(r"^## (.+)$", text, re.M) == HEADINGS
    for line in (
        "| figure | all | flat | the rest |",
        "| clips | 6 | 1 | 5 |",
        "| exercise accuracy | 2/4 = 0.500 [0.15, 0.85] | 1/1 = 1.000 [0.21, 1.00] | 1/3 = 0.333 [0.06, 0.79] |",
        "| unknown admitted | 1/2 = 0.500 [0.09, 0.91] | - | 1/2 = 0.500 [0.09, 0.91] |",
        "| count MAE | 0.312 [0.00, 0.75] (n=2) | 0.000 [0.00, 0.00] (n=1) | 0.625 [0.62, 0.62] (n=1) |",
        "| push_up | background / none | 2 |",
        "| 0.87 to 0.93 | 0.900 | 2/2 = 1.000 [0.34, 1.00] |",
        "| expected calibration error | 0.100 | n=2 |",
        "| 0.275 | 0.385 | 0.0018 | 4 |",
        "| s/3\\|3.mp4 | front | other | burpee | 0.71 |  |  |",
        "| s/4.mp4 | side | bodyweight_squat | bodyweight_squat | 0.90 | 8 -> 3 |  |",
        "| s/5.mp4 | side | push_up | none |  |  | media-empty |",
        "| s/6.mp4 |  | push_up | none |  |  | not analysed |",
    ):
        assert line in text.splitlines()
    assert "6 labelled clips of clips.csv; analysed: 4 by deukgeun 0.1.0, blazepose-full, movements-1, 10 pic" in text
    assert "Clips without an answer: 2 (media-empty 1, not analysed 1)." in text


def test_html_has_charts_and_a_picture_of_each_failure(found: Figures) -> None:
    pytest.importorskip("matplotlib", reason="the extra `train` is not installed")
    heard: list[tuple[int, int]] = []
    text = report.html(found, "clips.csv", lambda *counts: heard.append(counts))
    assert re.findall(r"<h2>(.+?)</h2>", text) == HEADINGS
    assert text.count("<svg") == 2
    assert "0.500 [0.15, 0.85]" in text
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    captions = re.findall(r"<figcaption>(.+?)</figcaption>", text)
    assert captions == [
        "s/3|3.mp4: other -&gt; burpee",
        "s/4.mp4: bodyweight_squat -&gt; bodyweight_squat, repetitions 8 -&gt; 3",
        "s/5.mp4: push_up -&gt; none",
        "s/6.mp4: push_up -&gt; none",
    ]
    shown = [base64.b64decode(each) for each in re.findall(r"jpeg;base64,([^']+)'", text)]
    images = [cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_GRAYSCALE) for each in shown]
    assert all(image.shape == (192, 192) and len(each) < 20_000 for image, each in zip(images, shown, strict=True))
    # The set is from 1 to 11 s: its middle is picture 12; without a set, that of the clip is picture 20.
    middles = [float(image[96, 96]) for image in images]
    assert middles == pytest.approx([80, 80, 238, 120], abs=8)
    assert images[0][4, 96] == pytest.approx(238, abs=4)  # above a picture that is not square


def test_the_moment_of_a_clip_without_sets(tmp_path: Path) -> None:
    one = Scored(Outcome(Clip("a.mp4", tmp_path / "a.mp4", "plank", "plank"), workout(seconds=7.0)), said(None))
    assert report._moment_s(one) == 3.5


def test_plain_values_are_json(found: Figures) -> None:
    plain = json.loads(json.dumps(report.record(found), allow_nan=False))
    assert (plain["kind"], plain["clips"], plain["errors"]) == ("clips", 6, {"media-empty": 1})
    assert plain["groups"]["all"]["exercise"] == {
        "right": 2, "n": 4, "value": 0.5, "interval_95": pytest.approx([0.15, 0.85], abs=0.01)
    }  # fmt: skip
    assert plain["by_view"]["not told"]["clips"] == 1
    assert plain["confusion"]["names"] == ["background / none", "burpee", "other / unknown", "push_up", "squat"]
    assert plain["reliability"]["calibration_error"] == pytest.approx(0.1)
    assert plain["seconds_per_second"] == {
        "median": pytest.approx(0.275), "p95": pytest.approx(0.385), "recognise_median": pytest.approx(0.00175), "n": 4
    }  # fmt: skip
    assert [row["clip"] for row in plain["failures"]] == ["s/3|3.mp4", "s/4.mp4", "s/5.mp4", "s/6.mp4"]


def test_nothing_is_reported_of_nothing() -> None:
    pytest.importorskip("matplotlib", reason="the extra `train` is not installed")
    none = figures([])
    assert "| exercise accuracy | - |" in report.markdown(none, "clips.csv")
    assert "<svg" in report.html(none, "clips.csv")
    json.dumps(report.record(none), allow_nan=False)
    assert "Clips without an answer: 0." in list(report.lines(none))


def test_charts_need_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="training-package"):
        report.need_charts()
