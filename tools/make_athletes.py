"""Makes the bank of athletes, `src/deukgeun/synth/athletes/bank.npz`, with the body model anny (extra: synth).

    python tools/make_athletes.py [--number 200] [--seed 1]    people the bank anew (some minutes)
    python tools/make_athletes.py --again                      measure the people it has anew

Every figure is measured on its own mesh: joints from the rig, landmarks from `marks.py`, and some 250 points of the
skin, the same for all. Positions are kept as whole tenths of a millimetre.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes import marks, mesh, population, touch
from deukgeun.synth.athletes.bank import UNIT_M, athletes
from deukgeun.synth.figure import BONE

Array = npt.NDArray[np.float64]
SKIN_POINTS = 256
OUT = Path(__file__).resolve().parents[1] / "src" / "deukgeun" / "synth" / "athletes" / "bank.npz"


def skin_vertices(body: touch.Surface) -> npt.NDArray[np.int64]:
    """Vertices spread over the skin by farthest-point sampling, begun with the extremes that touch the world."""
    places = body.mesh.vertices
    used = np.unique(body.mesh.faces)
    seeds = [place for name, (_, place) in marks.body_marks(body).items() if not name.startswith("grip")]
    chosen = list(dict.fromkeys(int(used[np.linalg.norm(places[used] - seed, axis=1).argmin()]) for seed in seeds))
    # Hands, face and toes carry many small triangles but few contacts; distance alone spreads evenly.
    away = np.min([np.linalg.norm(places[used] - places[v], axis=1) for v in chosen], axis=0)
    while len(chosen) < SKIN_POINTS:
        chosen.append(int(used[away.argmax()]))
        away = np.minimum(away, np.linalg.norm(places[used] - places[chosen[-1]], axis=1))
    return np.array(chosen)


def tenths(places: Array) -> npt.NDArray[np.int16]:
    """Positions in metres as whole units of the bank."""
    return np.round(places / UNIT_M).astype(np.int16)


def sampled(index: int, seed: int) -> tuple[str, dict[str, float]]:
    """Name and phenotype of a new athlete."""
    rng = np.random.default_rng([seed, index])
    sex = "male" if index % 2 == 0 else "female"
    found = population.phenotype(population.sample_person(rng, sex), rng)
    return f"{sex}-{index:03d}", {key: float(np.float32(value)) for key, value in found.items()}


def measured(name: str, phenotype: dict[str, float]) -> dict[str, Any]:
    """One athlete: its phenotype, measures, joints and landmarks."""
    body = touch.surface(mesh.build(phenotype))
    height_m, mass_kg = population.measure(body.mesh)
    return {
        "name": name,
        "phenotype": phenotype,
        "height_m": height_m,
        "mass_kg": mass_kg,
        "body": body,
        "marks": marks.all_marks(body, mesh.keypoints(body.mesh)),
    }


def bank(everybody: Iterable[tuple[str, dict[str, float]]]) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the bank's file."""
    reference = touch.surface(mesh.build({"gender": 0.5, "age": 0.7, "height": 0.35, "muscle": 0.5, "weight": 0.5}))
    skin = skin_vertices(reference)
    people = []
    for name, phenotype in everybody:
        people.append(measured(name, phenotype))
        print(f"\r{len(people)}", end="", flush=True)
    print()
    names = list(people[0]["marks"])
    return {
        "names": np.array([p["name"] for p in people]),
        "phenotype_names": np.array(list(people[0]["phenotype"])),
        "phenotype": np.array([list(p["phenotype"].values()) for p in people], dtype=np.float32),
        "height_m": np.array([p["height_m"] for p in people]),
        "mass_kg": np.array([p["mass_kg"] for p in people]),
        "joints": tenths(np.array([p["body"].joints for p in people])),
        "landmarks": tenths(np.array([[p["marks"][name][1] for name in names] for p in people])),
        "landmark_names": np.array(names),
        "landmark_bone": np.array([BONE[people[0]["marks"][name][0]] for name in names], dtype=np.int16),
        "skin": tenths(np.array([p["body"].mesh.vertices[skin] for p in people])),
        "skin_bone": reference.owner[skin].astype(np.int16),
    }


def main() -> None:
    """Make the bank."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--again", action="store_true", help="measure the athletes of the bank anew, sample nobody")
    args = parser.parse_args()
    if args.again:
        everybody: Iterable[tuple[str, dict[str, float]]] = [(f.name, f.phenotype) for f in athletes()]
    else:
        everybody = (sampled(index, args.seed) for index in range(args.number))
    np.savez_compressed(args.out, **bank(everybody))
    print(f"{args.out}: {args.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
