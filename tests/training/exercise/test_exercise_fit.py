"""The network that names movements: every kind learns from tracks, and a whole track gets a name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from deukgeun.recognition.representation import FEATURES, MIRRORED, PARTS, K  # noqa: E402
from deukgeun.training.exercise.augment import NOTHING  # noqa: E402
from deukgeun.training.exercise.corpus import Corpus, Told  # noqa: E402
from deukgeun.training.exercise.fit import ExerciseConfig, build, seen_numbers, train  # noqa: E402
from deukgeun.training.exercise.graph import adjacency, graph  # noqa: E402
from deukgeun.training.sequence.loop import LoopConfig  # noqa: E402

LOOP = LoopConfig(iterations=80, batch=24, rate=4e-3, look_every=40)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Twelve people who raise both arms slowly, quickly or not at all."""
    rng = np.random.default_rng(0)
    rest = rng.normal(0, 0.4, (K, 3))
    tracks, told = [], []
    for k in range(96):
        name, speed = (("still", 0.0), ("slow", 0.25), ("quick", 0.9))[k % 3]
        xyz = np.broadcast_to(rest, (60, K, 3)).copy()
        xyz[:, 7:11, 1] += 0.5 * np.sin(np.arange(60) * speed + rng.uniform(0, 6))[:, None]
        xyz += rng.normal(0, 0.01, xyz.shape)
        tracks.append(np.concatenate([xyz, xyz[..., :2] * 3, np.ones((60, K, 1))], axis=2))
        told.append(Told(name, "movement", name, None, f"athlete {k % 12}", "front"))
    starts = np.arange(97) * 60
    return Corpus(np.concatenate(tracks).astype(np.float16), starts, tuple(told))


def _parted(corpus: Corpus) -> tuple[Corpus, Corpus]:
    held = {"athlete 0", "athlete 4", "athlete 8"}
    known, unseen = ([k for k, t in enumerate(corpus.told) if (t.figure in held) is out] for out in (False, True))
    return corpus.some(known), corpus.some(unseen)


@pytest.mark.parametrize("network", ["tcn", "transformer", "statistics", "graph"])
def test_it_learns_and_names_whole_tracks(network: str, corpus: Corpus, tmp_path: Path) -> None:
    known, unseen = _parted(corpus)
    config = ExerciseConfig(network, 16, 2, 0.0, window_s=3.0, tempo=0.0, part_hidden=0.0, amounts=NOTHING, loop=LOOP)
    namer, figures = train(config, known, unseen, tmp_path)
    assert namer.classes == ("quick", "slow", "still")
    found = namer.log_probabilities([unseen.track(k) for k in range(len(unseen))])
    right = [namer.classes[row.argmax()] == told.name for row, told in zip(found, unseen.told, strict=True)]
    assert np.mean(right) > 0.8
    assert figures["score"] == pytest.approx(np.mean(right))


def test_parts_that_are_left_out_change_nothing(corpus: Corpus) -> None:
    body = corpus.track(0)
    doubted = replace(body, score=body.score * 0.3)
    blind, seeing = (
        build(ExerciseConfig(without=without, window_s=3.0), ("a", "b")) for without in (("scores", "paths"), ())
    )
    assert np.array_equal(blind.log_probabilities([body]), blind.log_probabilities([doubted]))
    assert not np.array_equal(seeing.log_probabilities([body]), seeing.log_probabilities([doubted]))
    assert seen_numbers(("angles", "space")).sum() == FEATURES - 50 - 3 * K


@pytest.mark.parametrize("values", [{"network": "oracle"}, {"without": ("colours",)}])
def test_a_configuration_that_makes_no_sense(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"network is one of"):
        ExerciseConfig(**values)


def test_joints_are_linked_alike_on_both_sides() -> None:
    ways = adjacency().numpy()
    swap = list(MIRRORED)
    np.testing.assert_allclose(ways[:, swap][:, :, swap], ways)
    assert np.array_equal(ways[0], np.eye(K))
    reached = np.linalg.matrix_power((ways.sum(axis=0) > 0).astype(int), K) > 0
    assert reached.all()  # the body is in one piece


def test_the_graph_looks_at_joints_alone() -> None:
    network = graph(FEATURES, 3, 8, 1).eval()
    x = torch.randn(2, 20, FEATURES, generator=torch.Generator().manual_seed(0))
    other = x.clone()
    other[:, :, PARTS["angles"]] += 1
    other[:, :, PARTS["paths"]] += 1
    with torch.no_grad():
        assert torch.equal(network(x), network(other))
    with pytest.raises(ValueError, match="numbers of the representation"):
        graph(48, 3)
