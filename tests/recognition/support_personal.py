"""Embeddings made up: an exercise is a direction, its windows lie about it."""

from __future__ import annotations

import numpy as np

from deukgeun.recognition.personal import Floats, Measure, PersonalExercise

WIDTH = 384


def windows_like(kind: int, seed: int = 0, count: int = 10, spread: float = 0.3) -> Floats:
    """Embeddings (count, WIDTH) of a set of one of many exercises; thirds are of different size, as a network's are."""
    rng, own = np.random.default_rng(seed), np.random.default_rng(1000 + kind).normal(size=WIDTH)
    noisy = own + spread * rng.normal(size=(count, WIDTH))
    size, place = np.repeat([4.0, 6.0, 2.0], WIDTH // 3), np.repeat([0.0, 8.0, 4.0], WIDTH // 3)
    return noisy * size + place


def learnt(name: str, kind: int, measure: Measure = "reps", model: str = "m", seed: int = 5) -> PersonalExercise:
    """An exercise of one example."""
    return PersonalExercise.learnt(name, measure, [windows_like(kind, seed)], model)
