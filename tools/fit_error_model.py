"""Fits the error model that ships with the gym to recordings made by `tools/record_estimator.py`.

python tools/fit_error_model.py RECORDINGS --glimpses GLIMPSES [--target FILE] [--seed 0]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from deukgeun.synth.tracks.fit import fit, foresee, write
from deukgeun.synth.tracks.recording import load

TARGET = Path(__file__).parents[1] / "src/deukgeun/synth/tracks/errors.npz"
LARGEST_BYTES = 2_000_000


def main() -> None:
    """Fit and write; the same recordings and seed give the same model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--glimpses", type=Path, help="recordings of a few pictures each, of many more clips")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    recordings = [load(path) for path in sorted(given.recordings.glob("*.npz"))]
    if not recordings:
        parser.error(f"no recordings in {given.recordings}")
    rng = np.random.default_rng(given.seed)
    foresight = foresee(map(load, sorted(given.glimpses.glob("*.npz"))), rng) if given.glimpses else None
    model = fit(recordings, rng, foresight=foresight)
    write(model, given.target)
    size = given.target.stat().st_size
    print(f"{given.target}: {len(recordings)} recordings, {len(model.donors)} donors, {size / 1e6:.2f} MB")
    if size > LARGEST_BYTES:
        parser.error("the file is larger than the repository keeps: fewer donors (fit.DONORS)")


if __name__ == "__main__":
    main()
