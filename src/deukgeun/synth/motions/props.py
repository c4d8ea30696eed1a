"""Equipment put where a performance needs it: in the fists, on the bar, under the body, at a cable's end."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.errors import SynthError
from deukgeun.synth.figure import BONE, SIDES
from deukgeun.synth.items import Item
from deukgeun.synth.motions.definition import other_side
from deukgeun.synth.motions.ground import SINK_M, seat_skin, skin_at
from deukgeun.synth.motions.hold import grips
from deukgeun.synth.motions.kinematics import Bones, hand_axes, heading
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.plan import on_right
from deukgeun.synth.rotation import X, Y, Z, about, frame, turned, unit

Array = npt.NDArray[np.float64]

# A rope's strands are this long from the fists to their knot, on the way to the pulley.
ROPE_M = 0.36
_TRUNK = ("pelvis", "spine1", "spine2", "spine3", "spine4", "chest")
_PAIRED = {"ankles": "foot", "elbows": "forearm", "knees": "shank", "hips": "thigh", "shoulders": "upper_arm"}
_ENDED = ("cable", "rope", "lever")


def items(performance: Performance) -> tuple[Item, ...]:
    """Everything the style's `items` names, placed in each picture.

    Raises SynthError ``synth-motion-invalid`` for a place that does not exist.
    """
    out: list[Item] = []
    for written in performance.style.table.get("items", []):
        if performance.style.number(written.get("when", 1)) > 0:
            out.extend(
                _placed(
                    performance, _mirrored(written) if on_right(performance.style, performance.repetitions) else written
                )
            )
    return tuple(out)


_REVERSED = {"offset": (0,), "from": (0,), "shift": (0,), "tilt": (1, 2)}


def _mirrored(written: Mapping[str, Any]) -> dict[str, Any]:
    """The same thing on the other side of the body."""
    out = dict(written)
    for name in ("at", "to", "under"):
        if name in out:
            out[name] = other_side(str(out[name]))
    for name, columns in _REVERSED.items():
        if name in out:
            out[name] = [f"-({v})" if k in columns else v for k, v in enumerate(out[name])]
    if "turn_deg" in out:
        out["turn_deg"] = f"-({out['turn_deg']})"
    return out


def _placed(p: Performance, written: Mapping[str, Any]) -> list[Item]:
    size = {name: p.style.number(value) for name, value in written.get("size", {}).items()}
    place = written.get("at", "floor")
    if written["kind"] in _ENDED:
        ends = _ends(p, written)
        pose = np.tile(np.eye(4), (len(ends), 1, 1))
        pose[:, :3, 3] = _knot(p) if written["kind"] == "rope" else ends[:, 0]
        return [Item(written["kind"], pose, size, ends)]
    if place == "hands":
        return [Item(written["kind"], _adjusted(p, written, _in_fist(p, side)), size) for side in SIDES]
    if place == "back":
        return [_against_back(p, written, size)]
    if place not in _PLACES:
        raise SynthError("synth-motion-invalid", motion=p.style.motion.name, reason=f"no place {place!r} for an item")
    pose = _adjusted(p, written, _PLACES[place](p, written))
    if place == "start" and "height_m" in kind_sizes(written["kind"]):
        size.setdefault("height_m", float(pose[0, 2, 3]))
    return [Item(written["kind"], pose, size)]


def _pose(rotation: Array, origin: Array) -> Array:
    out = np.tile(np.eye(4), (len(origin), 1, 1))
    out[:, :3, :3], out[:, :3, 3] = rotation, origin
    return out


def _adjusted(p: Performance, written: Mapping[str, Any], pose: Array) -> Array:
    """``tilt`` = degrees about the thing's own x, y and z, and ``shift`` = metres along them."""
    if "tilt" not in written and "shift" not in written:
        return pose
    x, y, z = (p.style.number(v) for v in written.get("tilt", (0, 0, 0)))
    own = np.eye(4)
    own[:3, :3] = about(Z, z) @ about(Y, y) @ about(X, x)
    own[:3, 3] = [p.style.number(v) for v in written.get("shift", (0, 0, 0))]
    moved: Array = pose @ own
    return moved


def _fists(p: Performance) -> Array:
    return grips(Bones(p.posed.rotations, p.posed.joints), p.figure)


def _upright(x: Array) -> Array:
    """Axes (T, 3, 3) with x along ``x`` (T, 3) and z as near to upwards as can be."""
    left = unit(x)
    up = unit(Z - np.sum(left * Z, axis=-1, keepdims=True) * left)
    return np.stack([left, np.cross(up, left), up], axis=-1)


def _on_bar(p: Performance, written: Mapping[str, Any]) -> Array:
    if p.bar is None:
        raise SynthError("synth-motion-invalid", motion=p.style.motion.name, reason="no bar is held")
    return _pose(_upright(p.bar.axis), p.bar.middle)


def _in_fist(p: Performance, side: str) -> Array:
    """x along the handle, out of the thumb's side of the left fist; y where the fingers point."""
    fingers, thumb = hand_axes(p.figure, side)
    rotation = p.posed.rotations[:, BONE[f"hand_{side}"]]
    axes = frame(turned(rotation, thumb), turned(rotation, fingers))
    return _pose(axes, _fists(p)[:, SIDES.index(side)])


def _between(p: Performance, written: Mapping[str, Any]) -> Array:
    """Between the fists, x from the right to the left; z against the forearms for what hangs from them."""
    fists = _fists(p)
    left = unit(fists[:, 0] - fists[:, 1])
    middle = fists.mean(axis=1)
    if written["kind"] != "kettlebell":
        return _pose(_upright(left), middle)
    elbows = (p.posed.joints[:, BONE["forearm_l"]] + p.posed.joints[:, BONE["forearm_r"]]) / 2
    axes = frame(left, elbows - middle)
    return _pose(np.stack([axes[..., 0], -axes[..., 2], axes[..., 1]], axis=-1), middle)


def _heading(p: Performance) -> Array:
    return heading(p.angles[:1])


def _grips(p: Performance, written: Mapping[str, Any]) -> Array:
    middle = _fists(p)[:1].mean(axis=1)
    return _pose(_heading(p), middle + turned(_heading(p), _offset(p, written)))


def _reference(p: Performance, name: str) -> Array:
    """The place (T, 3) that `under` names."""
    if name == "feet":
        joint: Array = p.posed.joints[:, [BONE["toes_l"], BONE["toes_r"]]].mean(axis=1)
        return joint
    if name == "hands":
        joint = _fists(p).mean(axis=1)
        return joint
    if name in _PAIRED:
        joint = p.posed.joints[:, [BONE[f"{_PAIRED[name]}_{side}"] for side in SIDES]].mean(axis=1)
        return joint
    if name not in BONE:
        raise SynthError("synth-motion-invalid", motion=p.style.motion.name, reason=f"nothing is called {name!r}")
    joint = p.posed.joints[:, BONE[name]]
    return joint


def _offset(p: Performance, written: Mapping[str, Any]) -> Array:
    return np.array([p.style.number(v) for v in written.get("offset", (0.0, 0.0, 0.0))])


def _against_back(p: Performance, written: Mapping[str, Any], size: dict[str, float]) -> Item:
    """An incline bench whose back and seat bear the trunk as it is at the start: its height follows.

    The back's face is the plane of its tilt that touches the trunk's skin, the seat's the one that touches the
    pelvis's; the bench's origin is where they meet.
    """
    full = {**kind_sizes(written["kind"]), **size}
    back, seat = np.radians(full["back_deg"]), np.radians(full["seat_deg"])
    bones, face = Bones(p.posed.rotations[:1], p.posed.joints[:1]), _heading(p)
    trunk, pelvis = ((skin @ face[0])[0] for skin in (skin_at(bones, p.figure, _TRUNK), seat_skin(bones, p.figure)))
    on_back = float((trunk[:, 2] * np.cos(back) - trunk[:, 1] * np.sin(back)).min()) + SINK_M
    on_seat = float((pelvis[:, 2] * np.cos(seat) + pelvis[:, 1] * np.sin(seat)).min()) + SINK_M
    y = (np.cos(back) * on_seat - np.cos(seat) * on_back) / np.sin(back + seat)
    z = (np.sin(back) * on_seat + np.sin(seat) * on_back) / np.sin(back + seat)
    x = float((p.posed.joints[0, 0] @ face[0])[0])
    pose = _pose(face, turned(face, np.array([[x, y, z]])))
    return Item(written["kind"], _adjusted(p, written, pose), {**size, "height_m": z})


@cache
def kind_sizes(kind: str) -> dict[str, float]:
    """A kind's own sizes, in metres and degrees."""
    text = resources.files("deukgeun.synth").joinpath("equipment.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)[kind])


def _on_floor(p: Performance, written: Mapping[str, Any]) -> Array:
    start = _reference(p, written.get("under", "pelvis"))[:1] * np.array([1.0, 1.0, 0.0])
    axes = _heading(p) @ about(Z, p.style.number(written.get("turn_deg", 0.0)))
    return _pose(axes, start + turned(_heading(p), _offset(p, written)))


def _with_body(p: Performance, written: Mapping[str, Any]) -> Array:
    """Moves with a joint, in the athlete's heading; ``level_m`` keeps its height."""
    face = heading(p.angles)
    place = _reference(p, written.get("under", "pelvis")) + turned(face, _offset(p, written))
    if "level_m" in written:
        place[:, 2] = p.style.number(written["level_m"])
    return _pose(face, place)


def _beside_body(p: Performance, written: Mapping[str, Any]) -> Array:
    """Still, where `_with_body` has it at the start."""
    return _with_body(p, written)[:1]


def _with_shins(p: Performance, written: Mapping[str, Any]) -> Array:
    """Between the ankles, in the shins' own axes: offset [left, back, up the shin]."""
    rotation = p.posed.rotations[:, BONE["shank_l"]]
    middle = (p.posed.joints[:, BONE["foot_l"]] + p.posed.joints[:, BONE["foot_r"]]) / 2
    left = p.posed.joints[:, BONE["foot_l"]] - p.posed.joints[:, BONE["foot_r"]]
    up = turned(rotation, Z)
    axes = frame(up, left)
    axes = np.stack([axes[..., 1], axes[..., 2], axes[..., 0]], axis=-1)
    return _pose(axes, middle + turned(axes, _offset(p, written)))


def _against_soles(p: Performance, written: Mapping[str, Any]) -> Array:
    """Under both soles, its face (+y) to them and its z along the feet towards the toes."""
    foot = p.posed.rotations[:, [BONE["foot_l"], BONE["foot_r"]]].mean(axis=1)  # the toes' turn outward cancels
    balls = [p.figure.landmark_points.names.index(f"body/ball_{side}") for side in SIDES]
    heels = [p.figure.landmark_points.names.index(f"body/heel_{side}") for side in SIDES]
    points: Array = p.posed.landmarks(p.figure)[:, balls + heels].mean(axis=1)
    up, toes = turned(foot, Z), turned(foot, -Y)
    axes = frame(up, toes)
    axes = np.stack([np.cross(axes[..., 0], axes[..., 1]), axes[..., 0], axes[..., 1]], axis=-1)
    return _pose(axes, points + turned(axes, _offset(p, written)))


def _ends(p: Performance, written: Mapping[str, Any]) -> Array:
    """Both ends (T, 2, 3) of a cable, rope or lever."""
    fists = _fists(p)
    if written["kind"] == "rope":
        return fists
    start = _reference(p, written.get("under", "pelvis"))[:1] * np.array([1.0, 1.0, 0.0])
    origin = np.array([p.style.number(v) for v in written["from"]])
    source = np.broadcast_to(start + turned(_heading(p), origin), fists[:, 0].shape)
    goal = _goal(p, str(written.get("to", "hands")), fists)
    if written.get("to") == "rope":
        apart = np.linalg.norm(fists[:, 0] - fists[:, 1], axis=-1, keepdims=True) / 2
        goal = goal + np.sqrt(np.maximum(ROPE_M**2 - apart**2, 0.05**2)) * unit(source - goal)
    return np.stack([source, goal], axis=1)


def _knot(p: Performance) -> Array:
    """Where a rope's strands meet (T, 3): at the end of the cable that leads to it."""
    for written in p.style.table["items"]:
        if written.get("to") == "rope":
            return _ends(p, _mirrored(written) if on_right(p.style, p.repetitions) else written)[:, 1]
    middle: Array = _fists(p).mean(axis=1)
    return middle


def _goal(p: Performance, name: str, fists: Array) -> Array:
    if name in ("hand_l", "hand_r"):
        return fists[:, SIDES.index(name[-1])]
    if name == "bar" and p.bar is not None:
        return p.bar.middle
    if name in ("hands", "rope", "bar"):
        middle: Array = fists.mean(axis=1)
        return middle
    return _reference(p, name)


_PLACES: Mapping[str, Callable[[Performance, Mapping[str, Any]], Array]] = {
    "bar": _on_bar,
    "hand_l": lambda p, written: _in_fist(p, "l"),
    "hand_r": lambda p, written: _in_fist(p, "r"),
    "between": _between,
    "grips": _grips,
    "floor": _on_floor,
    "body": _with_body,
    "start": _beside_body,
    "shins": _with_shins,
    "soles": _against_soles,
}


def moved(things: Sequence[Item], rotation: Array, shift: Array) -> tuple[Item, ...]:
    """The same things turned by ``rotation`` (3, 3) about the room's origin and shifted by (3,)."""
    whole = np.eye(4)
    whole[:3, :3], whole[:3, 3] = rotation, shift
    return tuple(
        Item(
            thing.kind,
            whole @ thing.pose,
            thing.size,
            None if thing.ends is None else thing.ends @ rotation.T + shift,
        )
        for thing in things
    )
