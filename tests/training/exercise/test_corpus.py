"""The material of training: tracks in, windows out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import TrainingError
from deukgeun.recognition.representation import K
from deukgeun.synth.tracks.shards import TrackOrder, make_shard
from deukgeun.training.exercise.corpus import Corpus, Told, cut, gather, split, without


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("tracks")
    make_shard(TrackOrder(("push_up", "plank_jack", "walk"), 4, seed=3, duration_s=4.0), 0, folder)
    return gather([folder])


def test_tracks_become_classes(corpus: Corpus) -> None:
    kinds = {(told.name, told.kind, told.label) for told in corpus.told}
    assert kinds <= {
        ("push_up", "movement", "push_up"),
        ("plank_jack", "neighbour", "plank_jack"),
        ("walk", "background", "walk"),
    }
    assert len(kinds) == 3
    assert corpus.joints.shape[1:] == (K, 6)
    assert np.isfinite(corpus.joints).all()


def test_nobody_is_in_two_parts() -> None:
    joints, count = np.zeros((300 * 2, K, 6), np.float16), 300
    told = tuple(Told("a", "movement", "a", None, f"athlete-{k % 100}", "front") for k in range(count))
    parts = split(Corpus(joints, np.arange(count + 1) * 2, told))
    people = [{t.figure for t in part.told} for part in (parts.learn, parts.choose, parts.test)]
    assert sum(map(len, people)) == len(set.union(*people)) == 100
    assert sum(len(part) for part in (parts.learn, parts.choose, parts.test)) == count
    assert 60 < len(people[0]) < 95
    assert min(map(len, people)) >= 2


def test_classes_can_be_left_out(corpus: Corpus) -> None:
    rest = without(corpus, {"plank_jack", "walk"})
    assert {told.name for told in rest.told} == {"push_up"}
    assert len(rest.joints) == rest.starts[-1]
    assert len(without(corpus, {told.name for told in corpus.told})) == 0


def numbered(*lengths: int) -> Corpus:
    """Tracks in which every number is the step."""
    joints = np.concatenate([np.broadcast_to(np.arange(n)[:, None, None], (n, K, 6)) for n in lengths])
    told = tuple(Told("a", "movement", "a", None, str(k), "front") for k in range(len(lengths)))
    return Corpus(joints.astype(np.float16), np.cumsum([0, *lengths]), told)


def test_windows_are_cut_from_their_own_track() -> None:
    corpus, rng = numbered(80, 40, 25), np.random.default_rng(0)
    which = np.repeat([0, 1, 2], 200)
    step = cut(corpus, which, 40, rng).score[:, :, 0]
    assert step.min() >= 0
    assert step[:200].max() <= 79
    assert step[:200].max() > 70  # also from the end
    assert np.allclose(step[200:400], np.arange(40), atol=1.01)
    assert np.allclose(np.diff(step[400:], axis=1), 24 / 39, atol=0.02)  # too short: played slower


def test_tempo_plays_faster_and_slower() -> None:
    corpus, rng = numbered(200), np.random.default_rng(0)
    step = cut(corpus, np.zeros(300, np.intp), 40, rng, tempo=0.3).score[:, :, 0]
    pace = (step[:, -1] - step[:, 0]) / 39
    assert 0.72 < pace.min() < 0.8
    assert 1.25 < pace.max() < 1.4


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="training-no-data"):
        gather([tmp_path])
