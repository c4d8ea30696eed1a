"""The bank of athletes: about two hundred figures, made by `tools/make_athletes.py`. Needs neither anny nor torch."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

import numpy as np

from deukgeun.synth.figure import Figure, Points

UNIT_M = 1e-4
"""Positions are kept as whole tenths of a millimetre."""


@cache
def athletes() -> tuple[Figure, ...]:
    """All athletes of the bank, in the order of their names."""
    with as_file(files("deukgeun.synth.athletes") / "bank.npz") as path, np.load(path) as raw:
        bank = {key: raw[key] for key in raw.files}
    points = Points(tuple(str(n) for n in bank["landmark_names"]), bank["landmark_bone"].astype(np.int64))
    labels = [str(label) for label in bank["phenotype_names"]]
    skin_bone = bank["skin_bone"].astype(np.int64)
    return tuple(
        Figure(
            name=str(name),
            phenotype=dict(zip(labels, (float(value) for value in bank["phenotype"][i]), strict=True)),
            height_m=float(bank["height_m"][i]),
            mass_kg=float(bank["mass_kg"][i]),
            joints=bank["joints"][i] * UNIT_M,
            landmarks=bank["landmarks"][i] * UNIT_M,
            landmark_points=points,
            skin=bank["skin"][i] * UNIT_M,
            skin_bone=skin_bone,
        )
        for i, name in enumerate(bank["names"])
    )


def sample_figure(rng: np.random.Generator) -> Figure:
    """One athlete of the bank at random."""
    bank = athletes()
    return bank[int(rng.integers(len(bank)))]
