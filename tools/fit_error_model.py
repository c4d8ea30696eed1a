"""Fits the error model that ships with the gym to recordings made by `tools/record_estimator.py`.

python tools/fit_error_model.py RECORDINGS [--target src/deukgeun/synth/tracks/errors.npz] [--seed 0]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from deukgeun.synth.tracks.fit import fit, write
from deukgeun.synth.tracks.recording import load

TARGET = Path(__file__).parents[1] / "src/deukgeun/synth/tracks/errors.npz"
LARGEST_BYTES = 2_000_000


def main() -> None:
    """Fit and write; the same recordings and seed give the same model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    recordings = [load(path) for path in sorted(given.recordings.glob("*.npz"))]
    if not recordings:
        parser.error(f"no recordings in {given.recordings}")
    model = fit(recordings, np.random.default_rng(given.seed))
    write(model, given.target)
    size = given.target.stat().st_size
    print(f"{given.target}: {len(recordings)} recordings, {len(model.donors)} donors, {size / 1e6:.2f} MB")
    if size > LARGEST_BYTES:
        parser.error("the file is larger than the repository keeps: fewer donors (fit.DONORS)")


if __name__ == "__main__":
    main()
