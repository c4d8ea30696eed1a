"""The estimator's errors as a model: what BlazePose would have said of a body that no one rendered.

The errors are those of a rendered clip in which a body was seen much alike, a *donor*, taken as they ran in time:
jitter, drift, limbs seen elsewhere, lost people. The donor's course is laid so that its poses meet those of the new
body. Two things do not carry over as they are. Errors in depth follow from the pose (limbs that point at the lens,
shrunken depth) and from where the estimator believes the limbs to be: a small network foretells them on both bodies
(`depths`), and only what it leaves is the donor's. And limbs taken for those of the other side are put where the new
body's other side is (`sides`). All of it was fitted on renders with known truth (`fit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.courses import LEVELS, best_course, there_and_back
from deukgeun.synth.tracks.depths import NAMES, Depths
from deukgeun.synth.tracks.features import Sight, basis, descriptor, pose
from deukgeun.synth.tracks.sides import LIMBS, MIRROR_ORDER, MIRROR_SIGN, exchanged, mirrored_sight

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

JOINTS = 33
OUTPUTS = JOINTS * 6
"""Of every joint: x and y in the picture, x, y and z in the room (trunk lengths), and the logit of its score."""
DEEP = np.tile([False, False, True, True, True, False], JOINTS)
"""Which outputs are foretold: those in the room. In the picture it did more harm than good."""
# Of the donors most like a clip as a whole, the poses of this many are compared, and one of so few is taken.
_LIKE, _NEAREST = 30, 5
# What a unit of unlikeness as a whole weighs beside a trunk length between poses; chosen on recordings left out.
_WHOLE = 0.3


@dataclass(frozen=True, slots=True)
class Course:
    """A donor, whether it is turned into its mirror image, and the picture it begins at (counted to and fro)."""

    donor: int
    mirrored: bool
    start: int


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """Fitted parameters. ``depths`` foretells the outputs in `DEEP`. Errors of N donors over T pictures
    at ``rate_hz``: ``donors`` (N, T, Q) int8 and their ``middles`` (N, Q) and ``sizes`` (N, Q), in the parts ``parts``
    (Q, 198); ``seen`` (N, T); ``swapped`` (N, T, 3) which limbs were on the other side. Poses: ``poses`` (N, T / 2, P)
    of every other picture along ``axes`` (39, P), trunk lengths. Choice: ``likeness`` (N, D) descriptors in units of
    ``spread`` (D,), and ``chance`` (N,), by which donors that are near to everything are taken no more than others.
    """

    depths: Depths
    parts: Array
    donors: npt.NDArray[np.int8]
    middles: Array
    sizes: Array
    seen: Flags
    swapped: Flags
    poses: Array
    axes: Array
    likeness: Array
    spread: Array
    chance: Array
    rate_hz: float

    def __post_init__(self) -> None:
        count, frames, kept = self.donors.shape
        shapes = {
            "parts": (kept, OUTPUTS), "middles": (count, kept),
            "sizes": (count, kept), "seen": (count, frames), "swapped": (count, frames, len(LIMBS)),
            "poses": (count, (frames + 1) // 2, self.axes.shape[1]), "likeness": (count, len(self.spread)),
            "chance": (count,),
        }  # fmt: skip
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")

    def expected(self, seen: Sight, said: Array) -> Array:
        """The part of the error (T, 198) that follows from the pose and from what is ``said`` (T, 198) in the picture.

        Of ``said`` the outputs in `DEEP` are not looked at.
        """
        out = np.zeros((len(seen.body), OUTPUTS))
        out[:, DEEP] = self.depths.foretold(basis(seen, said.reshape(-1, JOINTS, 6)))
        return out

    def apply(self, seen: Sight, time_s: Array, rng: np.random.Generator, donor: int | None = None) -> PoseTrack:
        """What the estimator would have said (a track of the pictures in which it found the person; may be empty).

        ``time_s`` (T,). ``donor`` chooses the clip that the errors are taken from, as it ran; None draws one of
        the nearest.
        """
        near = [Course(donor, False, 0)] if donor is not None else self.nearest(seen, time_s)
        chance = self.chance[[each.donor for each in near]]
        course = near[int(rng.choice(len(near), p=chance / chance.sum()))]
        at = there_and_back(course.start + self._since(time_s), self.donors.shape[1])
        left = self._left_over(course.donor, at)
        if course.mirrored:
            left = left[:, MIRROR_ORDER] * MIRROR_SIGN
        nearest = np.rint(at).astype(int)
        error = (self.expected(seen, left) + left).reshape(len(time_s), JOINTS, 6)
        error = exchanged(seen, error, self.swapped[course.donor][nearest])
        xy = seen.xy + error[..., :2] * seen.trunk_px[:, None, None]
        xyz = (seen.body + error[..., 2:5]) * seen.trunk_m
        score = 1 / (1 + np.exp(-np.clip(error[..., 5], -12, 12)))
        found = self.seen[course.donor][nearest]
        return PoseTrack(time_s[found], xy[found], score[found], xyz[found], skeleton("blazepose_33"), 0)

    def _left_over(self, donor: int, at: Array) -> Array:
        """A donor's errors (T, 198) at places ``at`` (T,) of its course."""
        low = np.minimum(at.astype(int), self.donors.shape[1] - 2)
        share = (at - low)[:, None]
        # Kept as signed square roots: small errors in small steps, beside large ones (`courses.packed`).
        root = self.donors[donor] / LEVELS
        course = self.middles[donor] + self.sizes[donor] * root * np.abs(root)
        out: Array = ((1 - share) * course[low] + share * course[low + 1]) @ self.parts
        return out

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
    depths = Depths(**{name: whole.pop(f"depths_{name}") for name in NAMES})
    return ErrorModel(**whole, depths=depths, poses=poses, rate_hz=rate_hz)
