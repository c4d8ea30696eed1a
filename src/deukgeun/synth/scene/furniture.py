"""Furniture and clutter: each stands on the floor with its back along y = 0 and its front towards -y."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from deukgeun.synth.scene import equipment, machines
from deukgeun.synth.scene.equipment import along_x, along_y, dyed
from deukgeun.synth.scene.finish import colour, gloss, sizes
from deukgeun.synth.scene.mesh import Mesh, joined
from deukgeun.synth.scene.solids import ball, bent, box, disc, lathe, pad, rod

Maker = Callable[[np.random.Generator], Mesh]


def sofa(rng: np.random.Generator) -> Mesh:
    """A sofa or armchair."""
    width, cloth = float(rng.uniform(0.9, 2.2)), colour("cloth", rng)
    parts = [pad((width, 0.85, 0.28), 0.08).at(0, -0.44, 0.28), pad((width, 0.24, 0.5), 0.10).at(0, -0.13, 0.62)]
    parts += [pad((0.2, 0.85, 0.42), 0.08).at(s * (width / 2), -0.44, 0.36) for s in (-1, 1)]
    feet = [rod((s * width * 0.42, y, 0), (s * width * 0.42, y, 0.15), 0.02) for s in (-1, 1) for y in (-0.1, -0.78)]
    return joined([joined(parts).painted(cloth), dyed(joined(feet), "wood", rng)])


def shelf(rng: np.random.Generator) -> Mesh:
    """A shelf with books and boxes."""
    width, height, depth = float(rng.uniform(0.6, 1.4)), float(rng.uniform(0.8, 2.0)), 0.3
    material = "wood" if rng.random() < 0.7 else "paint"
    sides = [box((s * width / 2 - 0.012, -depth, 0), (s * width / 2 + 0.012, 0, height)) for s in (-1, 1)]
    levels = np.linspace(0.05, height, int(rng.integers(3, 6)))
    boards = [box((-width / 2, -depth, z - 0.012), (width / 2, 0, z + 0.012)) for z in levels]
    back = box((-width / 2, -0.012, 0), (width / 2, 0, height))
    frame = joined([*sides, *boards, back]).painted(colour(material, rng), gloss(material))
    return joined([frame, *(_row(rng, width - 0.1, z + 0.012, float(levels[1] - levels[0])) for z in levels[:-1])])


def _row(rng: np.random.Generator, width: float, z: float, room: float) -> Mesh:
    """Books, boxes and gaps on one board."""
    x, parts = -width / 2, [box((-width / 2, -0.06, z), (-width / 2 + 0.02, -0.04, z + 0.05))]
    while x < width / 2 - 0.2:
        wide = float(rng.choice([0.03, 0.04, 0.18]))
        tall = min(float(rng.uniform(0.12, 0.28)), room - 0.05)
        if rng.random() < 0.75:
            material = str(rng.choice(["plastic", "cloth", "card", "paint"]))
            part = box((x, -0.26, z), (x + wide - 0.004, -0.05, z + tall), 0.4)
            parts.append(part.painted(colour(material, rng)))
        x += wide
    return joined(parts)


def plant(rng: np.random.Generator) -> Mesh:
    """A potted plant of broad leaves."""
    radius, height = float(rng.uniform(0.12, 0.2)), float(rng.uniform(0.5, 1.3))
    pot = lathe([(0, 0), (radius * 0.75, 0), (radius, 2 * radius), (radius * 0.9, 2 * radius), (0, 1.9 * radius)], 24)
    leaves = []
    for _ in range(int(rng.integers(9, 22))):
        size = float(rng.uniform(0.5, 1.0))
        leaf = pad((0.10 * size + 0.02, 0.42 * size * height, 0.012), 0.006, 6).at(0, -0.2 * size * height, 0)
        leaf = leaf.turned("x", float(rng.uniform(-75, 10))).turned("z", float(rng.uniform(0, 360)))
        leaves.append(leaf.at(0, 0, 2 * radius + float(rng.uniform(0.1, 0.5)) * height).painted(colour("leaf", rng)))
    stem = rod((0, 0, radius), (0, 0, 2 * radius + 0.5 * height), 0.015).painted((0.10, 0.07, 0.03))
    return joined([dyed(pot, "pot", rng), stem, *leaves]).at(0, -0.3, 0)


def cartons(rng: np.random.Generator) -> Mesh:
    """A stack of cardboard boxes."""
    parts, z = [], 0.0
    for _ in range(int(rng.integers(1, 4))):
        w, d, h = (float(rng.uniform(0.3, 0.55)), float(rng.uniform(0.3, 0.45)), float(rng.uniform(0.22, 0.4)))
        carton = box((-w / 2, -d / 2, 0), (w / 2, d / 2, h)).painted(colour("card", rng))
        tape = box((-0.03, -d / 2 - 0.001, 0), (0.03, d / 2 + 0.001, h + 0.001)).painted((0.40, 0.33, 0.22))
        parts.append(joined([carton, tape]).turned("z", float(rng.normal(0, 6))).at(0, -0.3, z))
        z += h
    return joined(parts)


def table(rng: np.random.Generator) -> Mesh:
    """A table or desk, with something on it."""
    width, depth, height = float(rng.uniform(0.8, 1.6)), float(rng.uniform(0.45, 0.75)), float(rng.uniform(0.42, 0.76))
    top = box((-width / 2, -depth, height - 0.035), (width / 2, 0, height))
    legs = [
        rod((s * (width / 2 - 0.05), y, 0), (s * (width / 2 - 0.05), y, height), 0.022)
        for s in (-1, 1)
        for y in (-0.05, -depth + 0.05)
    ]
    thing = box((-0.18, -0.34, height), (0.2, -0.1, height + float(rng.uniform(0.02, 0.3))))
    return joined([dyed(top, "wood", rng), dyed(joined(legs), "frame", rng), dyed(thing, "plastic", rng)])


def television(rng: np.random.Generator) -> Mesh:
    """A dark screen on a low cabinet."""
    width = float(rng.uniform(0.9, 1.4))
    cabinet = dyed(box((-width * 0.6, -0.4, 0), (width * 0.6, 0, 0.45)), "wood", rng)
    screen = box((-width / 2, -0.22, 0.52), (width / 2, -0.18, 0.52 + width * 0.58)).painted((0.012, 0.013, 0.016), 0.2)
    return joined([cabinet, screen])


def cabinet(rng: np.random.Generator) -> Mesh:
    """A wardrobe, locker row or tool cabinet with doors."""
    width, height, depth = float(rng.uniform(0.6, 1.8)), float(rng.uniform(0.8, 2.0)), float(rng.uniform(0.35, 0.55))
    material = str(rng.choice(["wood", "paint", "frame"]))
    tone = colour(material, rng)
    parts = [box((-width / 2, -depth, 0), (width / 2, 0, height)).painted(tone, gloss(material))]
    cuts = np.linspace(-width / 2, width / 2, max(2, round(width / 0.4)) + 1)
    for left, right in pairwise(cuts):
        door = box((left + 0.008, -depth - 0.015, 0.06), (right - 0.008, -depth, height - 0.02))
        handle = box((right - 0.06, -depth - 0.03, height * 0.5), (right - 0.045, -depth - 0.015, height * 0.5 + 0.12))
        parts += [door.painted(tone * 1.08, gloss(material)), handle.painted((0.3, 0.3, 0.3), 0.3)]
    return joined(parts)


def dumbbell_rack(rng: np.random.Generator) -> Mesh:
    """Two or three tiers of dumbbells."""
    width, steel = float(rng.uniform(1.2, 2.4)), colour("frame", rng)
    levels = (0.35, 0.75, 1.1)[: int(rng.integers(2, 4))]
    parts = [box((s * width / 2 - 0.03, -0.5, 0), (s * width / 2 + 0.03, -0.1, levels[-1] + 0.1)) for s in (-1, 1)]
    parts += [box((-width / 2, -0.48, z - 0.04), (width / 2, -0.12, z)) for z in levels]
    racks = [joined(parts).painted(steel, 0.1)]
    one = equipment.dumbbell(sizes("dumbbell", {}), rng).turned("z", 90)
    for z in levels:
        racks += [one.at(x, -0.3, z + 0.06) for x in np.arange(-width / 2 + 0.12, width / 2 - 0.1, 0.17)]
    return joined(racks)


def plate_tree(rng: np.random.Generator) -> Mesh:
    """A post with plates on pegs."""
    parts = [
        dyed(
            joined([machines.beam((0, -0.4, 0), (0, -0.4, 1.3)), machines.beam((-0.3, -0.4, 0.03), (0.3, -0.4, 0.03))]),
            "frame",
            rng,
        )
    ]
    for z in (0.35, 0.75, 1.15):
        for s in (-1, 1):
            radius = float(rng.uniform(0.1, 0.225))
            plate = equipment.plate({"radius_m": radius, "thickness_m": float(rng.uniform(0.03, 0.12))}, rng)
            parts.append(plate.turned("z", 90).at(s * 0.14, -0.4, z))
    return joined(parts)


def weights(rng: np.random.Generator) -> Mesh:
    """Kettlebells or plates on the floor in a row."""
    if rng.random() < 0.6:
        one = [
            equipment.kettlebell(sizes("kettlebell", {"radius_m": r}), rng).at(0, 0, 0.14 + 0.88 * r)
            for r in rng.uniform(0.08, 0.13, int(rng.integers(2, 6)))
        ]
        return joined([bell.at((k - len(one) / 2) * 0.32, -0.3, 0) for k, bell in enumerate(one)])
    plates = [
        equipment.plate({"radius_m": 0.225, "thickness_m": 0.06}, rng).turned("x", -12).at(0, -0.12 - 0.075 * k, 0.22)
        for k in range(int(rng.integers(1, 5)))
    ]
    return joined(plates)


def big_ball(rng: np.random.Generator) -> Mesh:
    """A training ball."""
    radius = float(rng.uniform(0.25, 0.37))
    return dyed(ball(radius, 32), "plastic", rng).at(0, -radius - 0.02, radius)


def rolled_mats(rng: np.random.Generator) -> Mesh:
    """Rolled mats standing or lying, or a foam roller."""
    parts = []
    for k in range(int(rng.integers(1, 4))):
        roll = disc(float(rng.uniform(0.06, 0.09)), float(rng.uniform(0.5, 0.65)), 0.01, 24)
        parts.append(
            dyed(along_x(roll) if rng.random() < 0.5 else roll.at(0, 0, 0.25), "mat", rng).at(0.22 * k, -0.2, 0.08)
        )
    return joined(parts)


def gym_bench(rng: np.random.Generator) -> Mesh:
    """A spare bench, flat or inclined."""
    if rng.random() < 0.5:
        bench = machines.flat_bench(sizes("flat_bench", {"rack": float(rng.random() < 0.4)}), rng)
    else:
        bench = machines.incline_bench(sizes("incline_bench", {"back_deg": float(rng.uniform(20, 75))}), rng)
    return bench.turned("z", float(rng.choice([0, 90, 20]))).at(0, -0.9, 0.45)


def cable_tower(rng: np.random.Generator) -> Mesh:
    """A cable machine against the wall."""
    width = float(rng.uniform(0.3, 0.8))
    return machines.tower(sizes("tower", {"width_m": width}), rng).at(0, -0.45, 0)


def squat_rack(rng: np.random.Generator) -> Mesh:
    """A squat rack with a bar in its hooks."""
    size = sizes("rack", {})
    bar = equipment.barbell(sizes("barbell", {"plate_width_m": float(rng.uniform(0.03, 0.2))}), rng)
    bar = bar.at(0, size["depth_m"] / 2 - 0.08, size["hook_m"] + 0.045)
    return joined([machines.rack(size, rng), bar]).at(0, -0.7, 0)


def multigym(rng: np.random.Generator) -> Mesh:
    """A weight machine: a stack in its frame, a seat with a backrest, arms with grips."""
    tower = machines.tower(sizes("tower", {"width_m": float(rng.uniform(0.35, 0.6)), "height_m": 1.9}), rng)
    seat = machines.seat(sizes("seat", {}), rng).at(0, -0.45, 0.5)
    back = machines.backrest(sizes("backrest", {"tilt_deg": float(rng.uniform(0, 20))}), rng).at(0, -0.2, 0.95)
    reach, high = float(rng.uniform(0.3, 0.5)), float(rng.uniform(0.8, 1.5))
    arms = [
        bent([(s * 0.15, 0.05, 1.7), (s * reach, -0.3, high + 0.2), (s * reach, -0.6, high)], 0.025, 0.1)
        for s in (-1, 1)
    ]
    roller = equipment.roller(sizes("roller", {}), rng).at(0, -0.75, float(rng.uniform(0.2, 0.6)))
    return (
        joined([tower, seat, back, dyed(joined(arms), "frame", rng), roller])
        .turned("z", float(rng.choice([0, 0, 90, 180])))
        .at(0, -0.9, 0)
    )


def treadmill(rng: np.random.Generator) -> Mesh:
    """A treadmill with its belt, posts and console."""
    deck = dyed(box((-0.38, -1.8, 0.06), (0.38, -0.1, 0.18)), "rubber", rng)
    posts = [bent([(s * 0.38, -0.3, 0.1), (s * 0.38, -0.15, 1.1), (s * 0.38, -0.6, 1.05)], 0.03, 0.08) for s in (-1, 1)]
    console = dyed(pad((0.8, 0.12, 0.3), 0.04).turned("x", -30).at(0, -0.2, 1.2), "plastic", rng)
    return joined([deck, dyed(joined(posts), "frame", rng), console])


def wheels(rng: np.random.Generator) -> Mesh:
    """Car tyres."""
    tyre = lathe([(0.2, -0.1), (0.3, -0.1), (0.33, -0.05), (0.33, 0.05), (0.3, 0.1), (0.2, 0.1), (0.18, 0)], 32, True)
    stack = [tyre.at(0, 0, 0.1 + 0.2 * k) for k in range(int(rng.integers(1, 5)))]
    return joined(stack).painted(colour("rubber", rng)).at(0, -0.36, 0)


def bush(rng: np.random.Generator) -> Mesh:
    """A bush of leafy clumps."""
    parts = []
    for _ in range(int(rng.integers(5, 12))):
        clump = _leafy(ball(float(rng.uniform(0.18, 0.4)), 26), rng)
        low = -float(clump.points[:, 2].min())
        parts.append(
            clump.at(
                float(rng.uniform(-0.6, 0.6)), float(rng.uniform(-0.7, -0.35)), max(low, float(rng.uniform(0, 0.7)))
            )
        )
    return joined(parts)


def _leafy(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """A surface roughened into leaves: points in and out by a sixth, light and dark ones."""
    green = mesh.painted(colour("leaf", rng, 0.3))
    out = (1 + 0.08 * rng.standard_normal((len(mesh.points), 1))).astype(np.float32)
    tones = np.exp(0.5 * rng.standard_normal((len(mesh.points), 1))).astype(np.float32)
    return replace(green, points=mesh.points * out, albedo=np.clip(green.albedo * tones, 0.005, 0.8))


def park_bench(rng: np.random.Generator) -> Mesh:
    """A slatted bench."""
    slats = [box((-0.8, -0.5 + 0.1 * k, 0.43), (0.8, -0.42 + 0.1 * k, 0.46)) for k in range(4)]
    slats += [box((-0.8, -0.08, 0.6 + 0.12 * k), (0.8, -0.05, 0.68 + 0.12 * k)) for k in range(2)]
    legs = [box((s * 0.65 - 0.03, -0.48, 0), (s * 0.65 + 0.03, -0.06, 0.43)) for s in (-1, 1)]
    return joined([dyed(joined(slats), "wood", rng), dyed(joined(legs), "frame", rng)])


def lamp(rng: np.random.Generator) -> Mesh:
    """A standing lamp."""
    height = float(rng.uniform(1.3, 1.7))
    pole = joined([rod((0, 0, 0), (0, 0, height), 0.014), disc(0.14, 0.03).at(0, 0, 0.015)])
    shade = lathe([(0.2, -0.14), (0.13, 0.14), (0.0, 0.14)], 24).at(0, 0, height).painted((0.8, 0.72, 0.58))
    return joined([dyed(pole, "frame", rng), shade]).at(0, -0.25, 0)


def bike(rng: np.random.Generator) -> Mesh:
    """An exercise bike, seen as its frame, wheel, saddle and handlebar."""
    wheel = along_x(disc(0.25, 0.06, 0.015, 36)).at(0, -0.75, 0.32)
    frame = [
        rod((0, -0.75, 0.32), (0, -0.35, 0.9), 0.028),
        rod((0, -0.75, 0.32), (0, -0.15, 0.12), 0.028),
        rod((0, -0.2, 0.1), (0, -0.28, 0.88), 0.028),
        rod((0, -0.72, 0.4), (0, -0.82, 1.15), 0.028),
        rod((-0.25, -0.82, 1.15), (0.25, -0.82, 1.15), 0.016),
        rod((-0.25, -0.95, 0.03), (0.25, -0.95, 0.03), 0.03),
        rod((-0.25, -0.12, 0.03), (0.25, -0.12, 0.03), 0.03),
        rod((0, -0.95, 0.05), (0, -0.1, 0.12), 0.03),
    ]
    saddle = pad((0.18, 0.26, 0.07), 0.03).at(0, -0.3, 0.92)
    return joined([dyed(wheel, "rubber", rng), dyed(joined(frame), "frame", rng), dyed(saddle, "cushion", rng)])


def barre(rng: np.random.Generator) -> Mesh:
    """A dancer's rail along the wall."""
    width = float(rng.uniform(1.5, 3.0))
    rails = [rod((-width / 2, -0.25, z), (width / 2, -0.25, z), 0.02) for z in (0.8, 1.05)]
    posts = [rod((s * width * 0.4, -0.25, 0), (s * width * 0.4, -0.25, 1.05), 0.02) for s in (-1, 1)]
    return joined([dyed(joined(rails), "wood", rng), dyed(joined(posts), "frame", rng)])


def bag(rng: np.random.Generator) -> Mesh:
    """A sports bag."""
    body = pad((float(rng.uniform(0.4, 0.6)), 0.26, 0.26), 0.11).at(0, -0.2, 0.13)
    return dyed(body, str(rng.choice(["cloth", "plastic", "cushion"])), rng)


def fan(rng: np.random.Generator) -> Mesh:
    """A standing fan."""
    head = along_y(disc(0.2, 0.1, 0.03, 28)).at(0, -0.3, 1.1)
    pole = joined([rod((0, -0.25, 0), (0, -0.25, 1.1), 0.016), disc(0.18, 0.03).at(0, -0.25, 0.015)])
    return joined([dyed(head, "plastic", rng), dyed(pole, "frame", rng)])


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        sofa, shelf, plant, cartons, table, television, cabinet, dumbbell_rack, plate_tree, weights, big_ball,
        rolled_mats, gym_bench, cable_tower, squat_rack, multigym, treadmill, wheels, bush,
        park_bench, lamp, bike, barre, bag, fan,
    )
}  # fmt: skip
