"""What held and hung equipment looks like: bars, bells, plates, handles, cables. Axes as in `equipment.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from deukgeun.synth.scene.finish import colour, gloss
from deukgeun.synth.scene.mesh import Array, Mesh, joined
from deukgeun.synth.scene.solids import ball, bent, disc, lathe, pad, rod, tube

Sizes = Mapping[str, float]
Builder = Callable[[Sizes, np.random.Generator], Mesh]

PLATE_GAP_M = 0.002
SLEEVE_M = 0.43
"""Length of an Olympic bar's sleeve (IWF technical rules: 415 mm for 2.2 m bars), where the bar is long enough."""


def dyed(mesh: Mesh, material: str, rng: np.random.Generator) -> Mesh:
    """``mesh`` in a random colour of ``material``."""
    return mesh.painted(colour(material, rng), gloss(material))


def along_x(mesh: Mesh) -> Mesh:
    """A solid of revolution about z, laid along x."""
    return mesh.turned("y", 90.0)


def along_y(mesh: Mesh) -> Mesh:
    """A solid of revolution about z, laid along y."""
    return mesh.turned("x", -90.0)


def _weight(radius: float, width: float, tone: Array, bushing: Array, bumper: bool) -> Mesh:
    """One plate about the origin with its axis along x: raised rim and hub, steel bushing."""
    half, rim = width / 2, 0.82 * radius
    inner = half * (0.86 if bumper else 0.5)
    side = [(0.03, half), (0.28 * radius, half), (0.32 * radius, inner), (rim, inner), (0.86 * radius, half)]
    edge = [(radius - 0.006, half), (radius, half - 0.006)]
    upper = side + edge
    profile = [(r, -z) for r, z in upper] + [(r, z) for r, z in reversed(upper)]
    body = lathe(profile, 28).painted(tone, 0.05)
    hub = disc(0.04, width + 0.004, 0.002, 16).painted(bushing, 0.35)
    return along_x(joined([body, hub]))


def _stack(size: Sizes, rng: np.random.Generator, bumper: bool) -> Mesh:
    """The plates of the +x end: one to three, the outer ones no larger."""
    width = size["plate_width_m"]
    count = int(rng.integers(1, 4)) if width > 0.035 else 1
    cuts = np.sort(rng.uniform(0.25, 0.75, count - 1)) if count > 1 else np.zeros(0)
    shares = np.diff(np.concatenate([[0.0], cuts, [1.0]])) * width
    material = "bumper" if bumper else "rubber"
    steel, at, radius, parts = colour("steel", rng), size["plate_at_m"], size["plate_radius_m"], []
    tone = colour(material, rng)
    for share in shares:
        share = max(float(share), 0.012)
        parts.append(_weight(radius, share - PLATE_GAP_M, tone, steel, bumper).at(at + share / 2, 0, 0))
        at += share
        if rng.random() < 0.6:
            tone, radius = colour(material, rng), radius * float(rng.uniform(0.7, 1.0))
    return joined(parts)


def _mirrored(mesh: Mesh) -> Mesh:
    """The same surface on the other side of the plane x = 0."""
    flip = np.array([-1, 1, 1], dtype=np.float32)
    return Mesh(mesh.points * flip, mesh.normals * flip, mesh.faces[:, ::-1], mesh.albedo, mesh.gloss)


def barbell(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A bar with sleeves, collars and plates at both ends."""
    half, radius = size["length_m"] / 2, size["bar_radius_m"]
    start = max(size["plate_at_m"] - 0.03, half - SLEEVE_M)
    steel = colour("steel", rng)
    shaft = rod((-half + 0.01, 0, 0), (half - 0.01, 0, 0), radius).painted(steel, 0.4)
    sleeve = rod((start, 0, 0), (half, 0, 0), 0.025, 16)
    collar = along_x(disc(0.038, 0.03)).at(size["plate_at_m"] - 0.017, 0, 0)
    end = joined([joined([sleeve, collar]).painted(steel * 1.1, 0.45), _stack(size, rng, True)])
    return joined([shaft, end, _mirrored(end)])


def short_bar(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A straight bar with small plates fixed near its ends."""
    half = size["length_m"] / 2
    shaft = dyed(rod((-half, 0, 0), (half, 0, 0), size["bar_radius_m"]), "steel", rng)
    end = _stack(size, rng, False)
    return joined([shaft, end, _mirrored(end)])


def dumbbell(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A handle between two heads: hexagonal, round or of stacked discs."""
    half, length, radius = size["length_m"] / 2, size["head_length_m"], size["head_radius_m"]
    handle = dyed(rod((-half, 0, 0), (half, 0, 0), size["bar_radius_m"]), "steel", rng)
    style = rng.choice(["hexagon", "round", "discs"], p=[0.45, 0.35, 0.2])
    sides = 6 if style == "hexagon" else 28
    material = "bell" if style == "hexagon" and rng.random() < 0.5 else "rubber"
    count = 3 if style == "discs" else 1
    tone, step = colour(material, rng), length / count
    heads = [
        along_x(disc(radius * (1 - 0.16 * k), step * 0.96, 0.012, sides)).at(half - length + (k + 0.5) * step, 0, 0)
        for k in range(count)
    ]
    head = joined(heads).painted(tone, 0.05)
    return joined([handle, head, _mirrored(head)])


def kettlebell(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A bell with a flat foot under a bowed handle."""
    radius, half, drop = size["radius_m"], size["handle_width_m"] / 2, size["drop_m"]
    angle = np.linspace(np.radians(-62), np.pi / 2, 14)
    outline = [(0.0, -0.88 * radius), *zip(radius * np.cos(angle), radius * np.sin(angle), strict=True)]
    bell = lathe(outline, 24, smooth=True).at(0, 0, -drop)
    corner, low = 0.035, -drop + 0.62 * radius
    path = [(-0.62 * radius, 0, low), (-half, 0, -0.045), (-half + corner, 0, 0)]
    path += [(-x, y, z) for x, y, z in reversed(path)]
    handle = bent(path, 0.017, 0.025)
    if rng.random() < 0.4:
        return joined([dyed(bell, "bell", rng), dyed(handle, "steel", rng)])
    return dyed(joined([bell, handle]), "bell", rng)


def plate(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A weight plate in the x-z plane."""
    body = _weight(size["radius_m"], size["thickness_m"], colour("bumper", rng), colour("steel", rng), True)
    return body.turned("z", 90.0)


def straight_handle(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A cable's straight bar with rubber grips and an eye."""
    half, radius = size["length_m"] / 2, size["bar_radius_m"]
    bar = rod((-half, 0, 0), (half, 0, 0), radius * 0.9).painted(colour("steel", rng), 0.4)
    grips = [rod((s * half * 0.35, 0, 0), (s * half, 0, 0), radius) for s in (-1, 1)]
    eye = tube(_ring(0.018), 0.005, 8, caps=False)
    return joined([bar, dyed(joined(grips), "rubber", rng), dyed(eye, "steel", rng)])


def wide_handle(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A lat bar: its outer fifths bend down."""
    half, radius = size["length_m"] / 2, size["bar_radius_m"]
    bend, drop = half * 0.62, (half - half * 0.62) * 0.35
    path = [(-half, 0, -drop), (-bend, 0, 0), (bend, 0, 0), (half, 0, -drop)]
    bar = bent(path, radius * 0.95, 0.06).painted(colour("steel", rng), 0.4)
    grips = [bent([(s * bend * 1.04, 0, -0.01), (s * half, 0, -drop)], radius * 1.1, 0.0) for s in (-1, 1)]
    return joined([bar, dyed(joined(grips), "rubber", rng)])


def _ring(radius: float) -> Array:
    angle = np.linspace(0, 2 * np.pi, 17)
    return np.stack([radius * np.cos(angle), 0 * angle, radius * np.sin(angle) + radius], axis=1)


def close_handle(size: Sizes, rng: np.random.Generator) -> Mesh:
    """Two short upright grips joined by a V towards the cable (-y)."""
    half, tall, radius = size["width_m"] / 2, size["length_m"] / 2, size["bar_radius_m"]
    grips = [rod((s * half, 0, -tall), (s * half, 0, tall), radius) for s in (-1, 1)]
    arms = [rod((s * half, 0, z), (0, -0.16, 0), radius * 0.6) for s in (-1, 1) for z in (-tall, tall)]
    return joined([dyed(joined(grips), "rubber", rng), dyed(joined(arms), "steel", rng)])


def single_handle(size: Sizes, rng: np.random.Generator) -> Mesh:
    """One grip with the stirrup that hangs it on a cable."""
    half, radius = size["length_m"] / 2, size["bar_radius_m"]
    grip = dyed(rod((-half, 0, 0), (half, 0, 0), radius), "rubber", rng)
    strap = [rod((s * half, 0, 0), (0, -0.14, 0), radius * 0.45, 8) for s in (-1, 1)]
    return joined([grip, dyed(joined(strap), "rubber", rng)])


def strand(size: Sizes, rng: np.random.Generator, material: str) -> Mesh:
    """A tube from z = 0 to z = 1, to be stretched between two ends."""
    return dyed(tube([(0, 0, 0), (0, 0, 0.5), (0, 0, 1)], size["radius_m"], 10), material, rng)


def roller(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A round pad along x on a thin axle."""
    half, radius = size["length_m"] / 2, size["radius_m"]
    foam = dyed(along_x(disc(radius, 2 * half, min(0.02, radius / 3), 28)), "cushion", rng)
    return joined([foam, dyed(rod((-half - 0.03, 0, 0), (half + 0.03, 0, 0), 0.014), "steel", rng)])


def bottle(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A drinking bottle with a cap, held at its middle."""
    radius, half = size["radius_m"], size["height_m"] / 2
    body = [(0, -half), (radius, -half), (radius, half * 0.5), (radius * 0.45, half * 0.75), (radius * 0.45, half)]
    cap = disc(radius * 0.5, half * 0.25).at(0, 0, half)
    return joined([dyed(lathe(body, 20), "plastic", rng), dyed(cap, "plastic", rng)])


def phone(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A telephone whose screen looks to -y."""
    wide, tall = size["width_m"], size["height_m"]
    case = dyed(pad((wide, 0.009, tall), 0.004, 4), "plastic", rng)
    screen = pad((wide * 0.92, 0.002, tall * 0.94), 0.001, 2).at(0, -0.0045, 0).painted((0.02, 0.03, 0.05), 0.2)
    return joined([case, screen])


def mat(size: Sizes, rng: np.random.Generator) -> Mesh:
    """An exercise mat on the floor."""
    sheet = pad((size["width_m"], size["length_m"], 0.012), 0.005, 8).at(0, 0, 0.006)
    return dyed(sheet, "mat", rng)


def swiss_ball(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A large training ball about its middle."""
    return dyed(ball(size["radius_m"], 36), "plastic", rng)
