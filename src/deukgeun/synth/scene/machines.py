"""What stands on the floor: benches, seats, posts, towers, boxes, rails. Axes as in `equipment.toml`."""

from __future__ import annotations

import numpy as np

from deukgeun.synth.scene.equipment import Sizes, along_x, dyed
from deukgeun.synth.scene.finish import colour
from deukgeun.synth.scene.mesh import Array, Mesh, joined
from deukgeun.synth.scene.solids import bent, box, disc, pad, rod

BEAM_M = 0.06


def beam(start: tuple[float, float, float], end: tuple[float, float, float], width: float = BEAM_M) -> Mesh:
    """A square steel profile from point to point along one of the axes (or nearly so: a round one else)."""
    step = np.abs(np.subtract(end, start))
    if np.sort(step)[1] > 1e-6:
        return rod(start, end, width / 2)
    grow = np.where(step > 1e-6, 0.0, width / 2)
    return box(list(np.minimum(start, end) - grow), list(np.maximum(start, end) + grow))


def _legs(length: float, width: float, top: float, floor: float) -> list[Mesh]:
    """A spine under a pad along y with a cross foot at either end."""
    y = length / 2 - 0.12
    parts = [beam((0, -y, top - 0.03), (0, y, top - 0.03))]
    for end in (-y, y):
        parts += [beam((0, end, top - 0.03), (0, end, floor + 0.03)), _foot(end, width, floor)]
    return parts


def _foot(y: float, width: float, floor: float) -> Mesh:
    return beam((-width * 0.75, y, floor + 0.03), (width * 0.75, y, floor + 0.03))


def flat_bench(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A bench; with ``rack`` two uprights with hooks at its head."""
    length, width, thick, height = (size[k] for k in ("length_m", "width_m", "thickness_m", "height_m"))
    cushion = dyed(pad((width, length, thick), 0.025, 8).at(0, 0, -thick / 2), "cushion", rng)
    steel = _legs(length, width, -thick, -height)
    if size["rack"] > 0.5:
        steel += _uprights(-length / 2 + 0.12, -height)
    return joined([cushion, dyed(joined(steel), "frame", rng)])


def _uprights(y: float, floor: float) -> list[Mesh]:
    parts = [beam((-0.55, y, floor + 0.03), (0.55, y, floor + 0.03))]
    for x in (-0.55, 0.55):
        parts += [
            beam((x, y, floor), (x, y, floor + 1.15)),
            beam((x, y - 0.3, floor + 0.03), (x, y + 0.3, floor + 0.03)),
        ]
        parts.append(box((x - 0.02, y - 0.02, floor + 0.98), (x + 0.02, y + 0.09, floor + 1.02)))
    return parts


def incline_bench(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A seat and a tilted back that meet at the origin."""
    thick, width, height = size["thickness_m"], size["width_m"], size["height_m"]
    back = pad((width, size["back_length_m"], thick), 0.025, 8).at(0, size["back_length_m"] / 2 + 0.01, -thick / 2)
    seat = pad((width, size["seat_length_m"], thick), 0.025, 7).at(0, -size["seat_length_m"] / 2 - 0.01, -thick / 2)
    cushions = joined([back.turned("x", size["back_deg"]), seat.turned("x", -size["seat_deg"])])
    slope = np.radians(size["back_deg"])
    reach = size["back_length_m"] * 0.6
    behind = (0.0, reach * np.cos(slope) + thick * np.sin(slope), reach * np.sin(slope) - thick * np.cos(slope))
    floor, front, rear = -height, -size["seat_length_m"] * 0.7, max(behind[1], 0.35)
    steel = [
        beam((0, front, floor + 0.05), (0, rear, floor + 0.05)),
        rod((0, rear, floor + 0.05), behind, 0.028),
        beam((0, -0.08, floor + 0.05), (0, -0.08, -thick)),
        _foot(front, width, floor),
        _foot(rear, width, floor),
    ]
    return joined([dyed(cushions, "cushion", rng), dyed(joined(steel), "frame", rng)])


def seat(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A small pad on a post."""
    thick, height = size["thickness_m"], size["height_m"]
    cushion = pad((size["width_m"], size["length_m"], thick), 0.025, 7).at(0, 0, -thick / 2)
    post = [beam((0, 0, -thick), (0, 0, -height)), beam((0, -0.22, -height + 0.03), (0, 0.22, -height + 0.03))]
    return joined([dyed(cushion, "cushion", rng), dyed(joined(post), "frame", rng)])


def backrest(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A pad whose front holds the origin, and the strut behind it."""
    thick, length = size["thickness_m"], size["length_m"]
    cushion = dyed(pad((size["width_m"], thick, length), 0.025, 7).at(0, thick / 2, 0), "cushion", rng)
    strut = dyed(beam((0, thick + 0.03, -length * 0.6), (0, thick + 0.03, length * 0.4)), "frame", rng)
    return joined([cushion, strut]).turned("x", -size["tilt_deg"])


def pull_up_bar(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A bar on two posts to the floor, with feet and a brace; or hung from the wall by two arms."""
    half, height, radius = size["length_m"] / 2, size["height_m"], size["bar_radius_m"]
    bar = rod((-half, 0, 0), (half, 0, 0), radius).painted(colour("steel", rng), 0.3)
    steel = []
    for x in (-half, half):
        steel += [beam((x, 0.03, 0.03), (x, 0.03, -height)), beam((x, -0.45, -height + 0.03), (x, 0.5, -height + 0.03))]
    steel.append(beam((-half, 0.42, -height + 0.03), (half, 0.42, -height + 0.03)))
    return joined([bar, dyed(joined(steel), "frame", rng)])


def parallel_bars(size: Sizes, rng: np.random.Generator) -> Mesh:
    """Two bars along y, each on two posts with a foot."""
    half, reach, height = size["width_m"] / 2, size["length_m"] / 2, size["height_m"]
    bars, posts = [], []
    for x in (-half, half):
        bars.append(rod((x, -reach, 0), (x, reach, 0), size["bar_radius_m"]))
        posts += [rod((x, y, 0), (x, y, -height), 0.024) for y in (-reach + 0.06, reach - 0.06)]
        posts.append(beam((x, -reach - 0.05, -height + 0.03), (x, reach + 0.05, -height + 0.03)))
    posts.append(beam((-half, reach, -height + 0.03), (half, reach, -height + 0.03)))
    return joined([joined(bars).painted(colour("rubber", rng)), dyed(joined(posts), "frame", rng)])


def platform(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A ribbed foot plate whose face looks to +y."""
    half, tall, thick = size["width_m"] / 2, size["length_m"] / 2, size["thickness_m"]
    face = dyed(box((-half, -thick, -tall), (half, 0, tall)), "frame", rng)
    ribs = [
        box((-half * 0.94, 0, z - 0.006), (half * 0.94, 0.003, z + 0.006)) for z in np.linspace(-tall, tall, 9)[1:-1]
    ]
    return joined([face, dyed(joined(ribs), "rubber", rng)])


def rail(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A beam along y on legs; with ``flywheel`` a rowing machine's wheel housing at its -y end."""
    half, wide, thick, floor = size["length_m"] / 2, size["width_m"] / 2, size["thickness_m"], -size["height_m"]
    beam_part = dyed(box((-wide, -half, -thick), (wide, half, 0)), "steel", rng)
    legs = []
    for y in (-half + 0.15, half - 0.15):
        legs += [beam((0, y, -thick), (0, y, floor), 0.05), beam((-0.3, y, floor + 0.02), (0.3, y, floor + 0.02), 0.04)]
    parts = [beam_part, dyed(joined(legs), "frame", rng)]
    if size["flywheel"] > 0.5:
        wheel = along_x(disc(0.27, 0.16, 0.03, 40)).at(0, -half - 0.18, 0.12)
        hub = along_x(disc(0.10, 0.18, 0.01, 24)).at(0, -half - 0.18, 0.12)
        parts += [dyed(wheel, "rubber", rng), dyed(hub, "steel", rng)]
    return joined(parts)


def tower(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A cable column at +y of the pulley's line: frame, weight stack between guides, top beam with the pulley."""
    height, half, depth = size["height_m"], size["width_m"] / 2, size["depth_m"]
    near, far = 0.08, 0.08 + depth
    posts = [beam((x, y, 0), (x, y, height)) for x in (-half, half) for y in (near + 0.03, far)]
    frame = [*posts, *(beam((-half, y, z), (half, y, z)) for y in (near + 0.03, far) for z in (0.03, height - 0.03))]
    frame.append(beam((0, 0.0, height - 0.03), (0, far, height - 0.03)))
    middle, top = (near + far) / 2, 0.12 + 0.9 * float(rng.uniform(0.5, 0.95))
    slabs = [
        box((-half + 0.05, middle - 0.07, z), (half - 0.05, middle + 0.07, z + 0.042))
        for z in np.arange(0.12, top, 0.05)
    ]
    guides = [rod((s * half * 0.5, middle, 0.06), (s * half * 0.5, middle, height - 0.06), 0.011) for s in (-1, 1)]
    wheels = [along_x(disc(0.05, 0.025)).at(0, 0.02, z) for z in (0.14, height - 0.1)]
    return joined(
        [
            dyed(joined(frame), "frame", rng),
            dyed(joined(slabs), "rubber", rng),
            dyed(joined([*guides, *wheels]), "steel", rng),
        ]
    )


def crate(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A plyometric box standing on its origin."""
    half, reach = size["width_m"] / 2, size["length_m"] / 2
    body = box((-half, -reach, 0), (half, reach, size["height_m"]), 0.12)
    return dyed(body, "wood" if rng.random() < 0.7 else "rubber", rng)


def wall(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A free-standing wall whose face looks to -y."""
    half = size["width_m"] / 2
    return dyed(box((-half, 0, 0), (half, 0.1, size["height_m"]), 0.25), "paint", rng)


def chair(size: Sizes, rng: np.random.Generator) -> Mesh:
    """A chair with its back at +y."""
    half, height = size["width_m"] / 2, size["height_m"]
    material = "wood" if rng.random() < 0.6 else "plastic"
    legs = [rod((x, y, 0), (x, y, -height), 0.018) for x in (-half + 0.03, half - 0.03) for y in (-0.18, 0.18)]
    posts = [rod((x, 0.19, 0), (x, 0.24, 0.42), 0.016) for x in (-half + 0.03, half - 0.03)]
    seat_part = pad((2 * half, 0.42, 0.035), 0.012, 8).at(0, 0, -0.018)
    back = pad((2 * half - 0.02, 0.022, 0.2), 0.01, 8).at(0, 0.235, 0.33)
    return joined([dyed(joined([seat_part, back]), material, rng), dyed(joined([*legs, *posts]), "frame", rng)])


def rack(size: Sizes, rng: np.random.Generator) -> Mesh:
    """Two uprights with hooks on long feet, open towards -y; a beam joins them at the top."""
    half, height, reach = size["width_m"] / 2, size["height_m"], size["depth_m"] / 2
    parts = [beam((-half, reach, height - 0.04), (half, reach, height - 0.04), 0.07)]
    for x in (-half, half):
        parts += [
            beam((x, reach, 0), (x, reach, height), 0.07),
            beam((x, -reach, 0.035), (x, reach + 0.2, 0.035), 0.07),
        ]
        parts.append(box((x - 0.025, reach - 0.13, size["hook_m"]), (x + 0.025, reach - 0.03, size["hook_m"] + 0.03)))
    parts.append(beam((-half, reach + 0.2, 0.035), (half, reach + 0.2, 0.035), 0.07))
    return dyed(joined(parts), "frame", rng)


def stand(points: Array) -> Mesh:
    """A bent steel tube through the points (K, 3), for frames that nothing else describes."""
    return bent(points, 0.025, 0.06)
