"""The estimator's errors as a model: what BlazePose would have said of a body that no one rendered.

What follows from the pose is foretold (`foresight`): scores, usual errors in the picture, and the body that the
estimator believes in, whose depths go with its own picture of it. What that leaves is that of a rendered clip in which
a body was seen much alike, a *donor*: jitter, drift, limbs seen elsewhere, lost people. Part of it follows the donor's
movement and is made to follow the new one; the rest is taken as it ran in time, laid so that poses meet
(`courses`). Where the estimator lost the body, what it said is lent instead (`astray`). In space errors are lent as
errors of bones, so that a body stays one (`bones`), and limbs taken for those of the other side are put where the new
body's other side is (`sides`). All of it was fitted on renders with known truth (`fit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks import astray
from deukgeun.synth.tracks.bones import BONES, apart, joined
from deukgeun.synth.tracks.courses import LEVELS, best_course, following, there_and_back
from deukgeun.synth.tracks.features import Sight, descriptor, pose
from deukgeun.synth.tracks.foresight import Foresight, said_flat
from deukgeun.synth.tracks.network import NAMES, Network
from deukgeun.synth.tracks.sides import LIMBS, exchanged, mirrored_bones, mirrored_flat, mirrored_sight

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

JOINTS = 33
_FLAT = JOINTS * 3
OUTPUTS = _FLAT + BONES * 4
"""What a donor lends: by how much errors in the picture (x and y, trunk lengths) and logits of scores of all joints are
not as foretold, and bones not as believed (`bones.apart`)."""
# Of the donors most like a clip as a whole, the poses of this many are compared, and one of so few is taken.
_LIKE, _NEAREST = 30, 5
# What a unit of unlikeness as a whole weighs beside a trunk length between poses; chosen on recordings left out.
_WHOLE = 0.3
# Errors in the picture as large as this (trunk lengths) are not trimmed: a limb that is seen elsewhere is there.
_GROSS = 0.4


@dataclass(frozen=True, slots=True)
class Course:
    """A donor, whether it is turned into its mirror image, and the picture it begins at (counted to and fro)."""

    donor: int
    mirrored: bool
    start: int


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """Fitted parameters. ``foresight`` foretells what follows from the pose.

    What N donors over T pictures at ``rate_hz`` lend: ``donors`` (N, T, Q) int8 and their ``middles`` (N, Q) and
    ``sizes`` (N, Q), in the parts ``parts`` (Q, 235); ``seen`` (N, T); ``swapped`` (N, T, 3) which limbs were on the
    other side; ``lost_at`` (N, T) where the body was lost, the number of what was said among ``lost`` (M, 33, 6), else
    -1. ``trim`` (33,): what small errors in the picture are multiplied by, for those of another body are not
    as small together with what is foretold as its own are.

    Poses: ``poses`` (N, T / 2, P) of every other picture along ``axes`` (39, P), trunk lengths. Choice: ``likeness``
    (N, D) descriptors in units of ``spread`` (D,), and ``chance`` (N,), by which donors that are near to everything are
    taken no more than others.
    """

    foresight: Foresight
    parts: Array
    donors: npt.NDArray[np.int8]
    middles: Array
    sizes: Array
    seen: Flags
    swapped: Flags
    lost_at: npt.NDArray[np.int64]
    lost: Array
    poses: Array
    axes: Array
    likeness: Array
    spread: Array
    chance: Array
    trim: Array
    rate_hz: float

    def __post_init__(self) -> None:
        count, frames, kept = self.donors.shape
        shapes = {
            "parts": (kept, OUTPUTS), "middles": (count, kept),
            "sizes": (count, kept), "seen": (count, frames), "swapped": (count, frames, len(LIMBS)),
            "lost_at": (count, frames), "lost": (len(self.lost), JOINTS, 6),
            "poses": (count, (frames + 1) // 2, self.axes.shape[1]), "likeness": (count, len(self.spread)),
            "chance": (count,), "trim": (JOINTS,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")

    def apply(self, seen: Sight, time_s: Array, rng: np.random.Generator, donor: int | None = None) -> PoseTrack:
        """What the estimator would have said (a track of the pictures in which it found the person; may be empty).

        ``time_s`` (T,). ``donor`` chooses the clip that errors are lent from, as they ran; None draws one of the
        nearest.
        """
        if donor is not None:
            return self.lay(Course(donor, False, 0), seen, time_s)
        return self.lay(self.drawn(self.nearest(seen, time_s), rng), seen, time_s)

    def drawn(self, near: Sequence[Course], rng: np.random.Generator) -> Course:
        """One of the donors that are near, by their chances."""
        chance = self.chance[[each.donor for each in near]]
        return near[int(rng.choice(len(near), p=chance / chance.sum()))]

    def lay(self, course: Course, seen: Sight, time_s: Array) -> PoseTrack:
        """The track (as `apply`) with what one donor lends."""
        at = there_and_back(course.start + self._since(time_s), self.donors.shape[1])
        nearest = np.rint(at).astype(int)
        flat, bones = self._said(course, mirrored_sight(seen) if course.mirrored else seen, at)
        if course.mirrored:
            flat, bones = mirrored_flat(flat), mirrored_bones(bones)
        shifts = joined(self.foresight.believed(seen, flat), bones) - seen.body
        error = np.concatenate([flat[..., :2], shifts, flat[..., 2:]], axis=-1)
        error = self._astray(course, seen, exchanged(seen, error, self.swapped[course.donor][nearest]), at)
        xy = seen.xy + error[..., :2] * seen.trunk_px[:, None, None]
        xyz = (seen.body + error[..., 2:5]) * seen.trunk_m
        score = 1 / (1 + np.exp(-np.clip(error[..., 5], -12, 12)))
        found = self.seen[course.donor][nearest]
        return PoseTrack(time_s[found], xy[found], score[found], xyz[found], skeleton("blazepose_33"), 0)

    def _astray(self, course: Course, seen: Sight, error: Array, at: Array) -> Array:
        """Errors (T, 33, 6) with those of what was said where the donor's body was lost."""
        found, pair, share = astray.lost_at(self.lost_at[course.donor], at)
        if not found.any():
            return error
        said = self.lost[pair[:, 0]] + share[:, None, None] * (self.lost[pair[:, 1]] - self.lost[pair[:, 0]])
        out = error.copy()
        out[found] = (astray.mirrored(said) if course.mirrored else said) - astray.places(seen)[found]
        return out

    def _said(self, course: Course, seen: Sight, at: Array) -> tuple[Array, Array]:
        """Errors and scores in the picture (T, 33, 3) and errors of bones (T, 34, 4) of a body turned as the donor is,
        at places ``at`` (T,) of the donor's course."""
        lent = following(self._lent(course.donor), self._poses(course.donor), pose(seen) @ self.axes, at)
        flat, bones = unpacked(lent)
        gross = np.minimum(np.linalg.norm(flat[..., :2], axis=-1) / _GROSS, 1.0)
        trim = self.trim + (1 - self.trim) * gross
        trimmed = flat * np.stack([trim, trim, np.ones_like(trim)], axis=-1)
        return self.foresight.said(seen) + trimmed, bones

    def _lent(self, donor: int) -> Array:
        """What a donor lends (T, 235) in every picture."""
        # Kept as signed square roots: small errors in small steps, beside large ones (`courses.packed`).
        root = self.donors[donor] / LEVELS
        course = self.middles[donor] + self.sizes[donor] * root * np.abs(root)
        return np.asarray(course @ self.parts)

    def nearest(self, seen: Sight, time_s: Array, without: int | None = None) -> list[Course]:
        """The donors most like this sight or its mirror image, but for the one named."""
        since = self._since(time_s)
        # The pictures nearest to the donors' own steps: poses are compared at the donors' rate.
        steps = np.rint(np.interp(np.arange(int(since[-1]) + 1), since, np.arange(len(since)))).astype(int)
        both = (seen, mirrored_sight(seen))
        poses = [pose(each)[steps] @ self.axes for each in both]
        apart = np.array([np.linalg.norm(self.likeness - descriptor(each) / self.spread, axis=1) for each in both])
        if without is not None:
            apart[:, without] = np.inf
        near = []
        for k in np.argsort(apart, axis=None, kind="stable")[: min(_LIKE, int(np.isfinite(apart).sum()))]:
            mirrored, donor = divmod(int(k), len(self.donors))
            start, off = best_course(poses[mirrored], self._poses(donor))
            near.append((off + _WHOLE * float(apart[mirrored, donor]), Course(donor, bool(mirrored), start)))
        return [course for _, course in sorted(near, key=lambda each: each[0])[:_NEAREST]]

    def _since(self, time_s: Array) -> Array:
        """Times (T,) in pictures of the donors."""
        out: Array = (time_s - time_s[0]) * self.rate_hz
        return out

    def _poses(self, donor: int) -> Array:
        """A donor's poses (T, P) in every picture."""
        kept, frames = self.poses[donor], self.donors.shape[1]
        out = np.repeat(kept, 2, axis=0)[:frames]
        between = out[1 : 2 * len(kept) - 1 : 2]
        between += 0.5 * (kept[1:] - kept[:-1])
        return out


def unpacked(lent: Array) -> tuple[Array, Array]:
    """What is lent (T, 235) as errors and scores in the picture (T, 33, 3) and errors of bones (T, 34, 4)."""
    return lent[:, :_FLAT].reshape(-1, JOINTS, 3), lent[:, _FLAT:].reshape(-1, BONES, 4)


def lendable(foresight: Foresight, seen: Sight, error: Array) -> Array:
    """What a clip with errors (T, 33, 6), see `sides`, lends to others: (T, 235)."""
    flat = said_flat(error)
    bones = apart(foresight.believed(seen, flat), seen.body + error[..., 2:5])
    return np.concatenate([(flat - foresight.said(seen)).reshape(len(flat), -1), bones.reshape(len(flat), -1)], axis=1)


@cache
def error_model() -> ErrorModel:
    """The model that ships: BlazePose full, followed at 10 pictures a second."""
    with as_file(files("deukgeun.synth.tracks") / "errors.npz") as path:
        return read_model(path)


def read_model(path: Path) -> ErrorModel:
    """Read what `fit.write` wrote."""
    with np.load(path) as raw:
        values = {name: raw[name] for name in raw.files}
    whole = {n: v.astype(np.float64) if v.dtype in (np.float16, np.float32) else v for n, v in values.items()}
    rate_hz, step = float(whole.pop("rate_hz")), float(whole.pop("pose_step"))
    poses = whole.pop("poses").astype(np.float64) * step
    lost = whole.pop("lost").astype(np.float64) * whole.pop("lost_step")
    lost_at = whole.pop("lost_at").astype(np.int64)
    foresight = Foresight(*(_network(whole, name) for name in ("places", "depths")))
    return ErrorModel(**whole, foresight=foresight, poses=poses, lost=lost, lost_at=lost_at, rate_hz=rate_hz)


def _network(values: dict[str, npt.NDArray[np.generic]], name: str) -> Network:
    """Take a network's values out of those of a file: weights are small numbers of steps, one for each column."""
    parts = {}
    for part in NAMES:
        raw = values.pop(f"{name}_{part}").astype(np.float64)
        parts[part] = raw * values.pop(f"{name}_{part}_step").astype(np.float64) if raw.ndim > 1 else raw
    return Network(**parts)
