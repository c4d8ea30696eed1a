"""Bodies as they might have been seen as well: what the virtual gym's error model does not know.

Applied to the joints, before anything is computed from them, so that all numbers of a window agree with each other.
Sizes are in trunks; all randomness comes from the generator.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.recognition.representation import AT, JOINTS, Body, mirrored

Floats = npt.NDArray[np.floating[Any]]
Rng = np.random.Generator

_DEEPER = 2.2  # errors along the line of sight are about that much larger than in the picture (docs/reports/synth.md)
_ENDS = ("wrist", "index", "elbow", "knee", "ankle", "heel", "foot")
_ERROR, _ERROR_OF_ENDS = 0.02, 0.038


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is varied. Angles are standard deviations in degrees, ``depth`` and ``stretch`` those of a logarithm,
    the rest shares of windows or, for ``error``, a factor on errors of about 0.02 to 0.04 trunks.
    """

    roll_deg: float = 3.0
    pitch_deg: float = 5.0
    depth: float = 0.15
    stretch: float = 0.1
    error: float = 1.0
    limb_hidden: float = 0.05
    feet_hidden: float = 0.05
    legs_cut: float = 0.12
    camera_moves: float = 0.25
    glitch: float = 0.1
    score: float = 0.4


NOTHING = Amounts(*[0.0] * len(fields(Amounts)))


def vary(body: Body, rng: Rng, amounts: Amounts = Amounts()) -> Body:
    """Return each window seen a little otherwise; half of them in the mirror."""
    half = rng.random(len(body)) < 0.5
    both = mirrored(body)
    pick = half[:, None, None]
    out = Body(
        np.where(pick[..., None], both.xyz, body.xyz),
        np.where(pick[..., None], both.xy, body.xy),
        np.where(pick, both.score, body.score),
    )
    if amounts == NOTHING:
        return out
    for change in (_turn, _stretch, _err, _hide, _cut_legs, _move_camera, _glitch, _doubt):
        out = change(out, rng, amounts)
    return out


def _normal(rng: Rng, count: int, spread: float) -> Floats:
    return rng.normal(0.0, 1.0, count).astype(np.float32)[:, None, None] * np.float32(spread)


def _turn(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Tilt the camera: roll about the line of sight, pitch up and down."""
    roll, pitch = (np.radians(_normal(rng, len(body), d)) for d in (amounts.roll_deg, amounts.pitch_deg))
    x, y = _rotated(body.xyz[..., 0], body.xyz[..., 1], roll)
    y, z = _rotated(y, body.xyz[..., 2], pitch)
    return Body(np.stack([x, y, z], -1), np.stack(_rotated(body.xy[..., 0], body.xy[..., 1], roll), -1), body.score)


def _rotated(a: Floats, b: Floats, angle: Floats) -> tuple[Floats, Floats]:
    return np.cos(angle) * a - np.sin(angle) * b, np.sin(angle) * a + np.cos(angle) * b


def _stretch(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Scale depth, and the picture's width against its height."""
    deep, wide = (np.exp(_normal(rng, len(body), s)) for s in (amounts.depth, amounts.stretch))
    one = np.ones_like(deep)
    return Body(body.xyz * np.stack([wide, one, deep], axis=-1), body.xy * np.stack([wide, one], axis=-1), body.score)


def _courses(rng: Rng, shape: tuple[int, int, int, int], step: int) -> Floats:
    """Smooth random courses (N, T, K, D) of unit size, a new value every ``step`` steps."""
    count, steps, joints, size = shape
    knots = max(2, -(-steps // step) + 1)
    values = rng.standard_normal((count, knots, joints, size), dtype=np.float32)
    place = np.linspace(0, knots - 1.001, steps)
    first = place.astype(int)
    share = (place - first).astype(np.float32)[None, :, None, None]
    share = share * share * (3 - 2 * share)
    return np.asarray(values[:, first] * (1 - share) + values[:, first + 1] * share)


def _err(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Move joints by errors that last and errors that wander, larger at the ends of limbs and in depth."""
    sizes = np.array([_ERROR_OF_ENDS if any(e in n for e in _ENDS) else _ERROR for n in JOINTS], np.float32)
    shape = (*body.score.shape, 3)
    error = _courses(rng, shape, 8) + _courses(rng, shape, shape[1])
    much = amounts.error * rng.gamma(1.0, 1.0, len(body)).astype(np.float32)
    error *= sizes[:, None] * much[:, None, None, None]
    trunk_m, trunk_px = (_trunk(points)[:, None, None, None] for points in (body.xyz, body.xy))
    deeper = np.array([1, 1, _DEEPER], np.float32)
    # A trunk that points at the camera has hardly any length in the picture: its own width is the least.
    return Body(body.xyz + error * deeper * trunk_m, body.xy + error[..., :2] * trunk_px, body.score)


def _trunk(points: Floats) -> Floats:
    """The largest of trunk and shoulder width (N,), median over time."""
    long = np.linalg.norm(points[:, :, AT["left_shoulder"]] - points[:, :, AT["left_hip"]], axis=-1)
    wide = np.linalg.norm(points[:, :, AT["left_shoulder"]] - points[:, :, AT["right_shoulder"]], axis=-1)
    return np.asarray(np.maximum(np.median(long, axis=1), np.median(wide, axis=1)))


_LIMBS = tuple(
    tuple(AT[f"{side}_{part}"] for part in parts)
    for parts in (("elbow", "wrist", "index"), ("knee", "ankle", "heel", "foot_index"))
    for side in ("left", "right")
)
_FEET = tuple(AT[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "heel", "foot_index"))


def _hide(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Hide limbs and feet: what the estimator cannot see it draws where it usually is, and moves little."""
    xyz, xy, score = body.xyz.copy(), body.xy.copy(), body.score.copy()
    shares = [*[(limb, amounts.limb_hidden) for limb in _LIMBS], (_FEET, amounts.feet_hidden)]
    for limb, share in shares:
        which = np.flatnonzero(rng.random(len(body)) < share)
        held = rng.uniform(0.3, 1.0, len(which)).astype(np.float32)[:, None, None, None]
        cell = np.ix_(which, np.arange(score.shape[1]), np.array(limb))
        for points in (xyz, xy):
            part = points[cell]
            points[cell] = part * (1 - held) + part.mean(axis=1, keepdims=True) * held
        score[cell] *= rng.uniform(0.05, 0.6, len(which)).astype(np.float32)[:, None, None]
    return Body(xyz, xy, score)


_LEGS_WANDER = 0.03  # trunks
_LEGS = tuple(AT[f"{side}_{part}"] for side in ("left", "right") for part in ("knee", "ankle", "heel", "foot_index"))
_HIPS = tuple(AT[f"{side}_hip"] for side in ("left", "right") for _ in range(len(_LEGS) // 2))


def _cut_legs(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Let the picture end at the hips in some windows: the estimator invents legs there, which are those of somebody
    else here, nearly still and hardly believed in.
    """
    xyz, xy, score = body.xyz.copy(), body.xy.copy(), body.score.copy()
    which = np.flatnonzero(rng.random(len(body)) < amounts.legs_cut)
    other, at = rng.integers(len(body), size=len(which)), int(rng.integers(score.shape[1]))
    trunks = (_trunk(body.xyz), _trunk(body.xy))
    for points, trunk in zip((xyz, xy), trunks, strict=True):
        size = (trunk[which] / trunk[other])[:, None, None]
        borrowed = (points[other, at][:, _LEGS] - points[other, at][:, _HIPS]) * size
        course = _courses(rng, (len(which), score.shape[1], len(_LEGS), points.shape[-1]), 6) * _LEGS_WANDER
        cell = np.ix_(which, np.arange(score.shape[1]), np.array(_LEGS))
        points[cell] = points[which][:, :, _HIPS] + borrowed[:, None] + course * trunk[which][:, None, None, None]
    steps = np.arange(score.shape[1])
    score[np.ix_(which, steps, np.array(_LEGS))] = rng.uniform(0.0, 0.35, (len(which), 1, 1))
    score[np.ix_(which, steps, np.unique(_HIPS))] *= rng.uniform(0.1, 1.4, (len(which), 1, 1)).clip(max=1.0)
    return Body(xyz, xy, score)


def _move_camera(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Let the whole person wander through some windows' pictures."""
    moved = (rng.random(len(body)) < amounts.camera_moves).astype(np.float32)[:, None, None, None]
    way = _courses(rng, (len(body), body.score.shape[1], 1, 2), 10) * 0.15
    return replace(body, xy=body.xy + moved * way * _trunk(body.xy)[:, None, None, None])


def _glitch(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Put somebody else's body in the place of up to half a second of some windows."""
    xyz, steps = body.xyz.copy(), body.score.shape[1]
    for which in np.flatnonzero(rng.random(len(body)) < amounts.glitch):
        long = int(rng.integers(1, min(5, steps)))
        first = int(rng.integers(0, steps - long))
        xyz[which, first : first + long] = body.xyz[rng.integers(len(body)), first : first + long]
    return replace(body, xyz=xyz)


def _doubt(body: Body, rng: Rng, amounts: Amounts) -> Body:
    """Let the estimator be surer or less sure of everything in a window."""
    power = np.exp(_normal(rng, len(body), amounts.score))
    return replace(body, score=np.clip(body.score, 0, 1) ** power)
