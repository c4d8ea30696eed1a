"""A configuration is checked, and says which codec, which augmentation and which rates a run has."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="needs the extra train")

from deukgeun.errors import TrainingError
from deukgeun.pose.codecs import HeatmapCodec, SimccCodec
from deukgeun.training.config import as_mapping, from_mapping
from deukgeun.training.pose.augment import Augmentation
from deukgeun.training.pose.records import is_snapshot
from deukgeun.training.pose.settings import PoseConfig


def test_the_defaults_are_those_of_the_study() -> None:
    config = PoseConfig("train.csv", "val.csv")
    assert (config.epochs, config.learning_rate, config.size) == (80, 1e-4, 384)
    assert config.codec == HeatmapCodec(384, 4, 3.0, "dark")
    kept = [epoch for epoch in range(1, 81) if is_snapshot(epoch, 80)]
    assert kept == [*range(1, 80, 5), 80]


def test_it_is_read_as_it_is_written() -> None:
    config = PoseConfig("a.csv", "b.csv", head="simcc", augmentation=Augmentation(zoom=(0.7, 1.0)), workers=2)
    assert from_mapping(PoseConfig, json.loads(json.dumps(as_mapping(config)))) == config


@pytest.mark.parametrize(
    "values",
    [
        {"head": "regression"}, {"size": 100}, {"epochs": 0}, {"learning_rate": 0.0}, {"schedule": "linear"},
        {"augmentation": {"zoom": (1.0,)}}, {"augmentation": {"flip": 2.0}}, {"augmentation": {"flop": 1}},
        {"decoding": "udp"}, {"learn": "nothing"}, {"brightness": 1.0}, {"batch": "8"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(TrainingError) as caught:
        from_mapping(PoseConfig, {"train": "a", "val": "b", **values})
    assert caught.value.code == "training-config"


@pytest.mark.parametrize(
    ("values", "codec"),
    [
        ({"size": 256}, HeatmapCodec(256, 4, 2.0, "dark")),
        ({"size": 64, "decoding": "plain"}, HeatmapCodec(64, 4, 2.0, "plain")),
        ({"size": 256, "sigma": 1.5}, HeatmapCodec(256, 4, 1.5, "dark")),
        ({"head": "simcc"}, SimccCodec(384, 2, 6.93)),
        ({"head": "simcc", "size": 256}, SimccCodec(256, 2, 5.66)),
    ],
)
def test_the_codec_follows_head_and_size(values: dict[str, object], codec: object) -> None:
    assert from_mapping(PoseConfig, {"train": "a", "val": "b", **values}).codec == codec


def test_rates_follow_their_schedule() -> None:
    def rates(schedule: str) -> list[float]:
        config = PoseConfig("a", "b", schedule=schedule, learning_rate=1.0, epochs=210)
        return [config.rate(epoch) for epoch in (1, 106, 171, 201, 210)]

    assert rates("constant") == [1.0] * 5
    assert rates("step") == pytest.approx([1.0, 1.0, 0.1, 0.01, 0.01])
    assert rates("cosine")[:2] == pytest.approx([1.0, 0.5])
    assert rates("cosine") == sorted(rates("cosine"), reverse=True)
