"""Recordings of an estimator whose errors are known: acts of the gym, seen by a rule instead of a network."""

from __future__ import annotations

import numpy as np

from deukgeun.synth.scenario import Scenario, draw_scenario
from deukgeun.synth.tracks.features import sight
from deukgeun.synth.tracks.recording import JOINTS, Recording

DEPTH, JITTER, LOST = 0.7, 0.03, 0.1


def scene(seed: int, name: str = "push_up") -> Scenario:
    """A clip of 6 s at 10 pictures a second."""
    return draw_scenario(seed, name, duration_s=6.0, rate_hz=10.0)


def record(scenario: Scenario, rng: np.random.Generator, score: float = 0.9) -> Recording:
    """An estimator that sees depth at `DEPTH` of its size, trembles by `JITTER` trunks and loses `LOST` of all."""
    camera, room = scenario.camera, scenario.acts[0].joints("blazepose_33")
    xy, depth = camera.project(room)
    inside = (depth > 0.05) & (xy >= 0).all(axis=-1) & (xy < [camera.width, camera.height]).all(axis=-1)
    seen = sight(camera.to_camera(room), xy, camera.focal_px, camera.width, camera.height, scenario.rate_hz)
    found = rng.random(len(xy)) >= LOST
    body = seen.body * [1.0, 1.0, DEPTH] + rng.normal(0, JITTER, seen.body.shape)
    told = xy + rng.normal(0, JITTER, xy.shape) * seen.trunk_px[:, None, None]
    keep = found[:, None, None]
    return Recording(
        label=scenario.label, view=camera.view, posture=scenario.acts[0].posture, width=camera.width,
        height=camera.height, focal_px=camera.focal_px, rate_hz=scenario.rate_hz, azimuth_deg=0.0, elevation_deg=0.0,
        camera_m=camera.to_camera(room), true_xy=xy, unhidden=inside, inside=inside, chosen=True, seen=found,
        xy=np.where(keep, told, 0.0), score=np.where(found[:, None], np.full((len(xy), JOINTS), score), 0.0),
        xyz=np.where(keep, body * seen.trunk_m, 0.0),
    )  # fmt: skip
