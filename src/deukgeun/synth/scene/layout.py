"""Random rooms round a volume that must stay free and a camera that must see into it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from deukgeun.synth.camera import Camera
from deukgeun.synth.scene.clutter import Keep, cluttered
from deukgeun.synth.scene.decor import PX_M, SIGNS
from deukgeun.synth.scene.finish import colour
from deukgeun.synth.scene.mesh import Array, rotation
from deukgeun.synth.scene.room import Panel, Room
from deukgeun.synth.scene.textures import PAINTERS, SKY, Texture, treeline

SIGN_GAP_M = 0.008
CAMERA_ROOM_M = 0.35


@dataclass(frozen=True, slots=True)
class Volume:
    """An axis-aligned box of the room, ``low`` (3,) to ``high`` (3,), in metres."""

    low: Array
    high: Array

    @property
    def middle(self) -> Array:
        """Its centre (3,)."""
        middle: Array = (self.low + self.high) / 2
        return middle

    @property
    def corners(self) -> Array:
        """Its corners (8, 3)."""
        pick = np.array([[(k >> axis) & 1 for axis in range(3)] for k in range(8)])
        corners: Array = np.where(pick, self.high, self.low)
        return corners


@cache
def _kinds() -> dict[str, dict[str, list[str]]]:
    text = (files("deukgeun.synth.scene") / "rooms.toml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return table


def kinds() -> tuple[str, ...]:
    """Every kind of room."""
    return tuple(_kinds())


def random_kind(rng: np.random.Generator) -> str:
    """A kind of room, each as often as `rooms.toml` says."""
    often = np.array([float(row["often"]) for row in _kinds().values()])  # type: ignore[arg-type]
    return str(rng.choice(list(_kinds()), p=often / often.sum()))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The floor plan in its own axes, turned by ``turn`` (3, 3) about the origin: sides and ceiling in metres."""

    low: Array
    high: Array
    ceiling: float
    turn: Array

    def out(self, points: Array) -> Array:
        """Plan places (..., 3) in the room."""
        placed: Array = points @ self.turn.T
        return placed


_INWARD = np.array([[0, -1, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0]], dtype=np.float64)


def random_room(
    kind: str,
    free: Volume,
    camera: Camera,
    rng: np.random.Generator,
    occluder: float = 0.0,
    others: Sequence[Volume] = (),
) -> Room:
    """A room of ``kind`` (see `kinds`) that leaves ``free`` empty and holds every position of ``camera``.

    Nothing stands between the camera and the free volume, unless, with probability ``occluder``, one thing that
    hides a part of it. ``others`` stay empty too, but may be hidden: bystanders. KeyError for a kind that does not
    exist.
    """
    table = _kinds()[kind]
    outdoors = kind == "outdoors"
    plan = _plan(table, [free, *others], camera, rng, outdoors)
    floor = PAINTERS[str(rng.choice(table["floor"]))](rng)
    walls = floor if kind == "backdrop" else PAINTERS[str(rng.choice(table["wall"]))](rng)
    standing = [int(side) for side in rng.permutation(4)[: int(rng.integers(1, 4)) if outdoors else 4]]
    panels = _floor_and_ceiling(plan, floor, kind, rng)
    for side in standing:
        panels += _wall(plan, side, walls, table, rng)
    keep = Keep(free.low, free.high, camera, tuple((each.low, each.high) for each in others))
    sides = [_side(plan, side)[:3] for side in standing]
    furniture = cluttered(table, keep, sides, rng, occluder)
    return Room(
        kind=kind,
        panels=tuple(panels),
        furniture=furniture,
        middle=free.middle,
        walls=_planes(plan, standing),
        background=np.array([0.62, 0.75, 1.0]) * float(rng.uniform(*SKY)),
        bright=plan.out(np.array([*rng.uniform(plan.low, plan.high), plan.ceiling])),
        fading_m=float(rng.uniform(4, 14)) * (4 if outdoors else 1),
    )


def _plan(
    table: dict[str, list[str]], volumes: Sequence[Volume], camera: Camera, rng: np.random.Generator, outdoors: bool
) -> _Plan:
    """Walls a random gap away from the volumes and the camera, at a random angle to the room's axes."""
    yaw = 0.0 if rng.random() < 0.4 else float(rng.uniform(-45, 45))
    turn = rotation("z", yaw)
    inside = np.concatenate([*(volume.corners for volume in volumes), camera.position_m]) @ turn  # in the plan
    low, high = inside[:, :2].min(axis=0), inside[:, :2].max(axis=0)
    near, far = (float(gap) for gap in table["wall_gap_m"])
    gaps = near + (far - near) * rng.beta(1.2, 2.2, (2, 2))
    gaps = np.maximum(gaps, CAMERA_ROOM_M)
    lowest, highest = (float(height) for height in table["height_m"])
    ceiling = float(rng.uniform(lowest, highest))
    if not outdoors:
        ceiling = max(ceiling, float(inside[:, 2].max()) + 0.15)
    return _Plan(low - gaps[0], high + gaps[1], ceiling, turn)


def _side(plan: _Plan, side: int) -> tuple[Array, Array, Array, float]:
    """One wall: lower left corner (3,), unit vector to the right (3,), inward normal (3,), length."""
    inward = _INWARD[side]
    right = np.cross([0.0, 0.0, 1.0], inward)
    corner = np.where(inward + right > 0, [*plan.low, 0.0], [*plan.high, 0.0])
    corner[2] = 0.0
    length = float(np.abs(right[:2]) @ (plan.high - plan.low))
    return plan.out(corner), plan.out(right * length), plan.out(inward), length


def _planes(plan: _Plan, standing: Sequence[int]) -> Array:
    rows = []
    for side in standing:
        corner, _, inward, _ = _side(plan, side)
        rows.append([*inward, float(inward @ corner)])
    rows.append([0.0, 0.0, 1.0, 0.0])
    return np.array(rows)


def _floor_and_ceiling(plan: _Plan, floor: Texture, kind: str, rng: np.random.Generator) -> list[Panel]:
    outdoors = kind == "outdoors"
    spread = 6.0 if outdoors else 0.0
    low, high = plan.low - spread, plan.high + spread
    wide, deep = high - low
    corner = np.array([*low, 0.0])
    panels = [
        Panel(plan.out(corner), plan.out(np.array([wide, 0, 0])), plan.out(np.array([0, deep, 0])), floor, False, 0.1)
    ]
    if outdoors:
        far = np.array([low[0] - 30, low[1] - 30, -0.02])
        edges = np.array([wide + 60, 0, 0]), np.array([0, deep + 60, 0])
        panels.append(Panel(plan.out(far), plan.out(edges[0]), plan.out(edges[1]), floor, False, 3.0))
        return panels + _far_view(plan, rng)
    ceiling = floor if kind == "backdrop" else Texture(np.full((4, 4, 3), rng.uniform(0.5, 0.85), np.float32), 4.0, 4.0)
    top = np.array([*plan.high, plan.ceiling]) - [wide, 0, 0]
    panels.append(Panel(plan.out(top), plan.out(np.array([wide, 0, 0])), plan.out(np.array([0, -deep, 0])), ceiling))
    return panels if kind == "backdrop" else panels + _lamps(plan)


def _lamps(plan: _Plan) -> list[Panel]:
    """Bright panels under the ceiling, 2.4 m apart."""
    white, panels = Texture(np.full((4, 4, 3), 1.5, np.float32), 4.0, 4.0), []
    across, along = plan.out(np.array([0.6, 0, 0])), plan.out(np.array([0, -0.4, 0]))
    for x in np.arange(plan.low[0] + 0.8, plan.high[0] - 0.8, 2.4):
        for y in np.arange(plan.low[1] + 0.8, plan.high[1] - 0.8, 2.4):
            corner = plan.out(np.array([x, y + 0.4, plan.ceiling - SIGN_GAP_M]))
            panels.append(Panel(corner, across, along, white, True))
    return panels


def _far_view(plan: _Plan, rng: np.random.Generator) -> list[Panel]:
    """Trees and roofs round a yard, 22 m away."""
    view, reach = treeline(rng), np.array([22.0, 22.0])
    around = _Plan(plan.low - reach, plan.high + reach, 9.0, plan.turn)
    sides = [_side(around, side) for side in range(4)]
    lowered = np.array([0.0, 0.0, -1.0])
    return [Panel(corner + lowered, across, np.array([0, 0, 9.0]), view, True, 4.0) for corner, across, _, _ in sides]


def _wall(
    plan: _Plan, side: int, texture: Texture, table: dict[str, list[str]], rng: np.random.Generator
) -> list[Panel]:
    """A wall with its skirting, sometimes a band of another colour below, and the signs on it."""
    corner, across, inward, length = _side(plan, side)
    up = np.array([0.0, 0.0, 1.0])
    panels = [Panel(corner, across, up * plan.ceiling, texture)]
    if not table["signs"]:
        return panels
    if rng.random() < 0.25:
        band = Texture(np.full((4, 4, 3), colour("paint", rng), np.float32), 1.0, 1.0)
        panels.append(Panel(corner + inward * 0.004, across, up * float(rng.uniform(0.9, 1.4)), band))
    if rng.random() < 0.7:
        skirting = Texture(np.full((4, 4, 3), colour("trim", rng), np.float32), 1.0, 1.0)
        panels.append(Panel(corner + inward * 0.012, across, up * 0.09, skirting))
    return panels + _signs(corner, across / length, inward, (length, plan.ceiling), table, rng)


def _signs(
    corner: Array,
    right: Array,
    inward: Array,
    size: tuple[float, float],
    table: dict[str, list[str]],
    rng: np.random.Generator,
) -> list[Panel]:
    panels, at = [], float(rng.uniform(0.2, 2.0))
    while at < size[0] - 0.4 and rng.random() < 0.8:
        name = str(rng.choice(table["signs"]))
        image, height = SIGNS[name](rng)
        tall, wide = image.shape[0] / PX_M, image.shape[1] / PX_M
        if at + wide > size[0] - 0.1:
            break
        if height + tall < size[1] - 0.05:
            place = corner + right * at + inward * SIGN_GAP_M + np.array([0, 0, height])
            texture = Texture(image, wide, tall)
            panels.append(Panel(place, right * wide, np.array([0, 0, tall]), texture, name == "window"))
        at += wide + float(rng.uniform(0.3, 2.5))
    return panels
