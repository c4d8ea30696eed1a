"""Is the error model honest? Its errors beside those of the estimator, on renders that it was not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.fit import errors_of, fit, sight_of
from deukgeun.synth.tracks.model import JOINTS, ErrorModel
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]

GROUPS = {
    "head": range(11), "shoulders": (11, 12), "elbows": (13, 14), "wrists": (15, 16), "hands": range(17, 23),
    "hips": (23, 24), "knees": (25, 26), "ankles": (27, 28), "feet": range(29, 33),
}  # fmt: skip
_VIEWS = ((30, "front"), (70, "front oblique"), (110, "side"), (150, "rear oblique"), (181, "back"))
BAR = 0.15
DRAWS = 3


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of T pictures: in the picture and in space (T, 33), trunk lengths; score (T, 33); found (T,)."""

    flat: Array
    deep: Array
    score: Array
    found: npt.NDArray[np.bool_]


def measured(recording: Recording) -> Errors:
    """What the estimator did."""
    seen = sight_of(recording)
    rows = errors_of(recording, seen).reshape(-1, JOINTS, 6)
    return Errors(
        np.linalg.norm(rows[..., :2], axis=-1), np.linalg.norm(rows[..., 2:5], axis=-1), recording.score, recording.seen
    )


def modelled(recording: Recording, model: ErrorModel, rng: np.random.Generator) -> Errors:
    """What the model says that it would do."""
    seen = sight_of(recording)
    time_s = np.arange(len(recording.seen)) / recording.rate_hz
    track = model.apply(seen, time_s, rng)
    found = np.isin(time_s, track.time_s)
    flat, deep, score = (np.zeros((len(time_s), JOINTS)) for _ in range(3))
    assert track.xyz is not None
    flat[found] = np.linalg.norm(track.xy - recording.true_xy[found], axis=-1) / seen.trunk_px[found, None]
    deep[found] = np.linalg.norm(track.xyz / seen.trunk_m - seen.body[found], axis=-1)
    score[found] = track.score
    return Errors(np.minimum(flat, 3.0), np.minimum(deep, 3.0), score, found)


def halves(recordings: Sequence[Recording]) -> tuple[list[Recording], list[Recording]]:
    """Every other recording to fit on, the rest to test on."""
    return list(recordings[::2]), list(recordings[1::2])


def compare(recordings: Sequence[Recording], seed: int = 0) -> tuple[list[list[str]], float]:
    """Rows of the table (what, where, measured, modelled, difference) and the share of rows within the bar."""
    fitted_on, tested_on = halves(recordings)
    model = fit(fitted_on, np.random.default_rng(seed))
    rng = np.random.default_rng(seed + 1)
    pairs = [(each, measured(each), [modelled(each, model, rng) for _ in range(DRAWS)]) for each in tested_on]
    rows: list[list[str]] = []
    good = total = 0
    cells = {("all", "all"): pairs}
    for name in sorted({_posture(r) for r, _, _ in pairs}):
        cells["posture", name] = [p for p in pairs if _posture(p[0]) == name]
    for name in sorted({_view(r) for r, _, _ in pairs}):
        cells["view", name] = [p for p in pairs if _view(p[0]) == name]
    for (kind, name), chosen in cells.items():
        if len(chosen) < 8:
            continue
        for what, real, model_said in _figures(chosen):
            off = abs(model_said / real - 1) if real > 1e-3 else abs(model_said - real)
            good, total = good + (off <= BAR), total + 1
            rows.append([f"{kind}: {name}", what, f"{real:.3f}", f"{model_said:.3f}", f"{off:.0%}"])
    return rows, good / max(total, 1)


def _figures(pairs: Sequence[tuple[Recording, Errors, list[Errors]]]) -> list[tuple[str, float, float]]:
    real = [e for _, e, _ in pairs]
    said = [e for _, _, drawn in pairs for e in drawn]
    out = [("found", *(float(np.mean(np.concatenate([e.found for e in es]))) for es in (real, said)))]
    for group, joints in GROUPS.items():
        chosen = list(joints)
        for what in ("flat", "deep", "score"):
            values = []
            for es in (real, said):
                rows = np.concatenate([getattr(e, what)[e.found][:, chosen].ravel() for e in es])
                values.append(float(rows.mean() if what == "score" else np.median(rows)))
            out.append((f"{group} {what}", values[0], values[1]))
    return out


def _posture(recording: Recording) -> str:
    return recording.posture


def _view(recording: Recording) -> str:
    size = abs(recording.azimuth_deg)
    return next(name for limit, name in _VIEWS if size <= limit)
