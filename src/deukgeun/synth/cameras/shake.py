"""The unrest of a hand, and a slow pan."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_WAVES = 14


def band_noise(seed: int, time_s: Array, axes: int, band_hz: tuple[float, float]) -> Array:
    """Return noise (T, axes) within a band, of root mean square about 1, that depends on the time alone.

    A sum of sines of random frequency (evenly by octave) and phase, whose amplitudes fall as one over the frequency,
    as the spectra of hand-held cameras do; being a function of time, it is the same at every frame rate.
    """
    rng = np.random.default_rng(seed)
    hz = np.exp(rng.uniform(np.log(band_hz[0]), np.log(band_hz[1]), (_WAVES, axes)))
    phase = rng.uniform(0.0, 2 * np.pi, (_WAVES, axes))
    size = 1.0 / hz
    size /= np.sqrt((size**2).sum(axis=0) / 2)
    waves: Array = np.sin(2 * np.pi * hz * time_s[:, None, None] + phase)
    return np.asarray((waves * size).sum(axis=1))


def turns(angles_deg: Array) -> Array:
    """Return small rotations (T, 3, 3) about the camera's own axes: tilt, pan and roll in degrees (T, 3)."""
    tilt, pan, roll = np.radians(angles_deg).T
    zero, one = np.zeros_like(tilt), np.ones_like(tilt)
    about_x = _matrix([[one, zero, zero], [zero, np.cos(tilt), -np.sin(tilt)], [zero, np.sin(tilt), np.cos(tilt)]])
    about_y = _matrix([[np.cos(pan), zero, np.sin(pan)], [zero, one, zero], [-np.sin(pan), zero, np.cos(pan)]])
    about_z = _matrix([[np.cos(roll), -np.sin(roll), zero], [np.sin(roll), np.cos(roll), zero], [zero, zero, one]])
    return np.asarray(about_z @ about_x @ about_y)


def _matrix(rows: list[list[Array]]) -> Array:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
