"""Sequences of AI Hub's 24 joints: one for each clip and camera, in pixels of the 1920 x 1080 picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from deukgeun.errors import TrainingError
from deukgeun.skeleton import skeleton

Floats = npt.NDArray[np.floating[Any]]
Names = npt.NDArray[np.str_]
Frame = Literal["picture", "body"]

VIEWS = ("A", "B", "C", "D", "E")
WIDTH, HEIGHT = 1920, 1080
JOINTS = 24


@dataclass(frozen=True, slots=True)
class Sequences:
    """N sequences of T pictures: ``xy`` (N, T, 24, 2) pixels, ``exercise``, ``view`` and ``performer`` (N,)."""

    xy: Floats
    exercise: Names
    view: Names
    performer: Names

    def __post_init__(self) -> None:
        count = len(self.xy)
        if self.xy.shape[2:] != (JOINTS, 2) or {len(self.exercise), len(self.view), len(self.performer)} != {count}:
            raise ValueError(f"expected (N, T, {JOINTS}, 2) and three times (N,), got {self.xy.shape}")

    def __len__(self) -> int:
        return len(self.xy)

    def some(self, which: npt.NDArray[Any]) -> Sequences:
        """Return some of the sequences, by a mask or by numbers."""
        return Sequences(self.xy[which], self.exercise[which], self.view[which], self.performer[which])


def save(sequences: Sequences, path: Path) -> None:
    """Write sequences as a compressed archive."""
    np.savez_compressed(
        path,
        xy=sequences.xy.astype(np.float32),
        exercise=sequences.exercise,
        view=sequences.view,
        performer=sequences.performer,
    )


def load(path: Path) -> Sequences:
    """Read what `save` wrote. Raises ``training-no-data``."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return Sequences(*(kept[name] for name in ("xy", "exercise", "view", "performer")))
    except (OSError, KeyError, ValueError) as error:
        raise TrainingError("training-no-data", path=path) from error


def by_performer(sequences: Sequences, held: int | Sequence[str], seed: int = 0) -> tuple[Sequences, Sequences]:
    """Return the sequences of all performers but the held ones, and those of the held: nobody is in both.

    ``held`` is how many, drawn by the seed, or who. Raises ``training-no-data`` where one side is empty.
    """
    people = np.unique(sequences.performer)
    out = np.random.default_rng(seed).permutation(people)[:held] if isinstance(held, int) else np.array(list(held))
    apart = np.isin(sequences.performer, out)
    if apart.all() or not apart.any():
        raise TrainingError("training-no-data", path=f"sequences of {len(people)} performers, {len(out)} held out")
    return sequences.some(~apart), sequences.some(apart)


def joined(one: Sequences, other: Sequences) -> Sequences:
    """Return the sequences of both."""
    fields = ("xy", "exercise", "view", "performer")
    return Sequences(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in fields))


def resampled(sequences: Sequences, length: int) -> Sequences:
    """Return ``length`` pictures of each, evenly spread from the first to the last."""
    steps = sequences.xy.shape[1]
    index = np.round(np.linspace(0, steps - 1, length)).astype(int)
    return Sequences(sequences.xy[:, index], sequences.exercise, sequences.view, sequences.performer)


def inputs(xy: Floats, frame: Frame) -> npt.NDArray[np.float32]:
    """Return (N, T, 48) numbers of the order of 1.

    ``picture``: place in the picture, 0 to 1 along its width, as the original had it. ``body``: from between the hips,
    in lengths of the body's spread, the same for a whole sequence; where somebody stands and how large is taken out.
    """
    if frame == "picture":
        return (xy / WIDTH).reshape(*xy.shape[:2], -1).astype(np.float32)
    hips = xy[:, :, list(skeleton("aihub_24").indices("left_hip", "right_hip"))].mean(axis=2)
    middle = np.median(hips, axis=1)[:, None, None]
    size = np.sqrt(np.median(xy.var(axis=2).sum(axis=-1), axis=1))[:, None, None, None] + 1e-6
    body: Floats = (xy - middle) / size
    return body.reshape(*xy.shape[:2], -1).astype(np.float32)


def mirrored(xy: Floats) -> Floats:
    """Return sequences (N, T, 24, 2) as a mirror shows them, left and right joints changed over."""
    out = xy[:, :, skeleton("aihub_24").mirror_order].copy()
    out[..., 0] = WIDTH - out[..., 0]
    return out


def classes_of(sequences: Sequences, with_view: bool) -> Names:
    """Return the class of each (N,): the exercise, or ``exercise/view`` as the original had its 14 x 5 classes."""
    if not with_view:
        return sequences.exercise
    return np.array([f"{e}/{v}" for e, v in zip(sequences.exercise, sequences.view, strict=True)])


def exercise_scores(log_probabilities: Floats, classes: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """Return (N, E) probabilities of the exercises and their names: classes of all views added up."""
    own = [name.split("/")[0] for name in classes]
    names = tuple(sorted(set(own)))
    member = np.array([[float(o == name) for name in names] for o in own])
    return np.exp(log_probabilities) @ member, names
