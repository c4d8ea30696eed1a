"""From pictures in AI Hub's layout to sequences of joints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.aihub.support_aihub import files, naming, write

from deukgeun.aihub.clip import Clip
from deukgeun.aihub.collection import open_collection
from deukgeun.aihub.detectors.people import People
from deukgeun.errors import TrainingError
from deukgeun.pose import PoseEstimate
from deukgeun.pose.geometry import Roi
from deukgeun.skeleton import skeleton
from deukgeun.training.student.gather import Count, as_sequences, gather, gather_rows, joints_of, labelled
from deukgeun.training.student.gather_processes import gather_in_processes


class Finder:
    """Finds one person in a picture, unless its red is among ``blind``."""

    def __init__(self, blind: set[int] = frozenset()) -> None:
        self.blind = blind

    def people(self, image: np.ndarray) -> People:
        if round(float(image[:, :, 0].mean())) in self.blind:
            return People(np.zeros((0, 4)), np.zeros(0))
        return People(np.array([[10.0, 5.0, 30.0, 35.0]]), np.array([0.9]))


class Seer:
    """Sees 24 joints at a place that tells the picture's red, and remembers where it looked."""

    skeleton = skeleton("aihub_24")

    def __init__(self) -> None:
        self.rois: list[Roi] = []

    def preprocess(self, image: np.ndarray, roi: Roi) -> np.ndarray:
        self.rois.append(roi)
        return image

    def infer(self, tensor: np.ndarray) -> list[np.ndarray]:
        return [tensor]

    def postprocess(self, outputs: list[np.ndarray], roi: Roi) -> PoseEstimate:
        xy = np.full((24, 2), float(outputs[0][:, :, 0].mean()))
        return PoseEstimate(1.0, xy, np.ones(24), None, Roi(20.0, 20.0, 50.0))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(
        tmp_path / "set",
        files(naming(1, performer=17), pictures=32),
        files(naming(313, session=2, performer=18), pictures=32),
        files(naming(314, session=3, performer=18), pictures=32),  # a condition does not hold
        files(naming(561, session=4, performer=19), pictures=30),  # not whole
    )


def test_whole_clips_of_right_posture_become_sequences(root: Path) -> None:
    count = Count()
    with open_collection(root) as collection:
        found = gather(collection, Finder(), Seer(), count)
    assert found.xy.shape == (10, 32, 24, 2)
    assert sorted(set(found.exercise)) == ["barbell_squat", "standing_side_crunch"]
    assert sorted(set(found.performer)) == ["Z17", "Z18"]
    assert "".join(sorted(found.view)) == "AABBCCDDEE"
    assert (count.sequences, count.left_out, count.pictures, count.without_person) == (10, 0, 320, 0)
    first = found.xy[found.view == "A"][:, :, 0, 0]
    assert (np.diff(first, axis=1) >= 0).all()  # in the order of the pictures, whose red JPEG rounds
    assert (first[:, -1] - first[:, 0] > 28).all()


def test_pictures_without_a_person_are_filled_in(root: Path) -> None:
    count = Count()
    with open_collection(root) as collection:
        whole = gather(collection, Finder(), Seer(), Count())
        blind = {round(float(v)) for v in whole.xy[0, 10:12, 0, 0]}
        found = gather(collection, Finder(blind), Seer(), count)
    np.testing.assert_allclose(found.xy[0], whole.xy[0], atol=1.5)
    assert count.without_person >= 2


def test_sequences_that_show_hardly_anybody_are_left_out(root: Path) -> None:
    count = Count()
    with open_collection(root) as collection:
        view_a = {red for red in range(1, 34)}
        found = gather(collection, Finder(view_a), Seer(), count)
        assert count.left_out == 2
        assert "A" not in found.view
        with pytest.raises(TrainingError, match="training-no-data"):
            gather(collection, Finder(set(range(256))), Seer(), Count())


def test_the_second_look_is_where_the_first_saw_somebody() -> None:
    seer = Seer()
    picture = np.zeros((40, 60, 3), np.uint8)
    assert joints_of(picture, Finder({0}), seer) is None
    assert joints_of(picture, Finder(), seer) is not None
    assert (seer.rois[0].center_x, seer.rois[0].center_y) == (20.0, 20.0)
    assert seer.rois[0].side == pytest.approx(30 * 1.25)
    assert seer.rois[1] == Roi(20.0, 20.0, 50.0)


def test_shares_together_are_the_whole(root: Path) -> None:
    with open_collection(root) as collection:
        whole = gather(collection, Finder(), Seer(), Count())
        parts = [gather_rows(collection, Finder(), Seer(), Count(), share=(k, 3)) for k in range(3)]
    together = as_sequences([row for part in reversed(parts) for row in part], root)
    np.testing.assert_array_equal(together.xy, whole.xy)
    assert together.performer.tolist() == whole.performer.tolist()


@pytest.mark.slow
def test_processes_make_what_one_makes(root: Path) -> None:
    """The pictures are flat colours: nobody is found in them, by one process or by two."""
    count = Count()
    with pytest.raises(TrainingError, match="training-no-data"):
        gather_in_processes(root, "blazepose", "lite", 1, 2, count)
    assert (count.sequences, count.left_out, count.pictures) == (10, 10, 320)


def test_labels_are_sequences_without_a_picture(root: Path) -> None:
    count = Count()
    with open_collection(root) as collection:
        found = labelled(collection, count)
        clips = [clip for clip in collection.clips() if isinstance(clip, Clip) and clip.correct]
    assert count.sequences == len(found) == 5 * len(clips) == 15
    assert found.xy.shape[1:] == (32, 24, 2)
    assert set(found.performer.tolist()) == {"Z17", "Z18", "Z19"}
    for number, clip in enumerate(clips):
        for view in range(5):
            np.testing.assert_allclose(found.xy[5 * number + view][[0, -1]], clip.xy[view][[0, -1]])
