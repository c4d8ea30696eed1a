"""Key poses of the sample's two exercises, as functions of how deep the repetition is (0 top, 1 bottom)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from .pose import Pose, pose_from_vector
from .rig import SIDES, Rig, turn

Array = npt.NDArray[np.float64]

STANCE_X_M = 0.19
STANCE_Y_M = -0.07
TOES_OUT_DEG = 17.0
WRIST_HEIGHT_M = 0.068  # of the wrist joint above the floor when the palm lies on it
HAND_X_M = 0.29
HAND_Y_M = -0.62
PLANK_FOOT_X_M = 0.11
PLANK_HEEL_DEG = 66.0


def _both(x: float, y: float, z: float) -> Array:
    """A left and a right point, mirrored in x: (2, 3)."""
    return np.array([[x, y, z], [-x, y, z]])


def stand(rig: Rig) -> Pose:
    """Upright, arms hanging, feet a little wider than the hips."""
    return squat(rig, 0.0)


def squat(rig: Rig, depth: float) -> Pose:
    """A body-weight squat; at depth 1 the thighs are level and the arms reach forward."""
    lean = 3.0 + 40.0 * depth
    pose = Pose(
        pelvis_m=np.zeros(3),
        trunk_deg=np.array([lean * 0.95, 0, 0, lean - 2.0, 0.3 * lean, 0]),
        ball_m=_both(STANCE_X_M, STANCE_Y_M, 0.0),
        foot_yaw_deg=np.full(2, TOES_OUT_DEG),
        foot_pitch_deg=np.zeros(2),
        wrist_m=np.zeros((2, 3)),
        elbow_pole=_both(0.5 + 0.1 * depth, 1.0 - depth, -1.1 * depth),
        hand_flat=np.zeros(2),
    )
    pose = replace(pose, pelvis_m=_squat_pelvis(rig, pose, depth))
    return replace(pose, wrist_m=reach(rig, pose, 10.0 + 76.0 * depth, 0.16 * (1 - depth) - 0.06 * depth))


def _squat_pelvis(rig: Rig, pose: Pose, depth: float) -> Array:
    """Root joint (3,): shins lean 33 degrees and thighs 88 at the bottom, feet where they are."""
    shin, thigh = np.radians(6.0 + 27.0 * depth), np.radians(10.0 + 80.0 * depth)
    ankle = rig.ankle(pose, 0)
    back = (rig.thigh_m * np.sin(thigh) - rig.shin_m * np.sin(shin)) * np.cos(np.radians(TOES_OUT_DEG))
    length = np.hypot(
        rig.thigh_m * np.sin(thigh) - rig.shin_m * np.sin(shin),
        rig.thigh_m * np.cos(thigh) + rig.shin_m * np.cos(shin),
    )
    aside = ankle[0] - rig.body.head("upperleg01.L")[0]
    up = np.sqrt(length**2 - back**2 - aside**2)
    hip_mid = np.array([0.0, ankle[1] + back, ankle[2] + up])
    pelvis: Array = hip_mid - turn([1, 0, 0], float(pose.trunk_deg[0])) @ rig.hip_mid
    return pelvis


def reach(rig: Rig, pose: Pose, raise_deg: float, outward: float, stretch: float = 0.98) -> Array:
    """Wrists (2, 3) of arms raised forward by `raise_deg` from hanging."""
    angle, length = np.radians(raise_deg), stretch * (rig.arm_m + rig.forearm_m)
    wrists = []
    for i, (_, sign) in enumerate(SIDES):
        way = np.array([sign * outward, -np.sin(angle), -np.cos(angle)])
        wrists.append(rig.shoulder(pose, i) + length * way / np.linalg.norm(way))
    return np.array(wrists)


def _plank(rig: Rig, pitch_deg: float, foot_y_m: float) -> Pose:
    """A straight body from the ankles to the shoulders at `pitch_deg` from upright."""
    pose = Pose(
        pelvis_m=np.zeros(3),
        trunk_deg=np.array([pitch_deg + 1.5, 0, 0, pitch_deg, pitch_deg - 14.0, 0]),
        ball_m=_both(PLANK_FOOT_X_M, foot_y_m, 0.0),
        foot_yaw_deg=np.zeros(2),
        foot_pitch_deg=np.full(2, PLANK_HEEL_DEG),
        wrist_m=_both(HAND_X_M, HAND_Y_M, WRIST_HEIGHT_M),
        elbow_pole=_both(0.8, 1.0, 0.25),
        hand_flat=np.ones(2),
    )
    angle = np.radians(pitch_deg)
    leg = 0.994 * (rig.thigh_m + rig.shin_m)
    hip = rig.ankle(pose, 0) * [0, 1, 1] + leg * np.array([0.0, -np.sin(angle), np.cos(angle)])
    return replace(pose, pelvis_m=hip - turn([1, 0, 0], pitch_deg + 1.5) @ rig.hip_mid)


def _plank_at(rig: Rig, shoulder_z_m: float, foot_y_m: float) -> Pose:
    """The plank whose shoulder joints are `shoulder_z_m` above the floor."""

    def error(pitch_deg: float) -> float:
        return float(rig.shoulder(_plank(rig, pitch_deg, foot_y_m), 0)[2]) - shoulder_z_m

    return _plank(rig, float(brentq(error, 40.0, 110.0)), foot_y_m)


def _top_height_m(rig: Rig) -> float:
    """Shoulder height with arms all but straight over hands that are wider than the shoulders."""
    aside = HAND_X_M - 0.19
    return WRIST_HEIGHT_M + float(np.sqrt((0.975 * (rig.arm_m + rig.forearm_m)) ** 2 - aside**2))


def plank_foot_y_m(rig: Rig) -> float:
    """Where the toes go for the hands to be under the shoulders at the top of a push-up."""
    pose = _plank_at(rig, _top_height_m(rig), 0.0)
    return HAND_Y_M - float(rig.shoulder(pose, 0)[1]) + 0.03


def push_up(rig: Rig, depth: float, foot_y_m: float) -> Pose:
    """A push-up; at depth 1 the upper arms are level."""
    top, bottom = _top_height_m(rig), WRIST_HEIGHT_M + 0.78 * rig.forearm_m
    return _plank_at(rig, top + (bottom - top) * depth, foot_y_m)


def crouch(rig: Rig, heel_deg: float = 32.0) -> Pose:
    """Feet where they stood, hands on the floor in front: the way down to the plank."""
    base = stand(rig)
    return replace(
        base,
        pelvis_m=np.array([0.0, 0.06, 0.50]),
        trunk_deg=np.array([84.0, 0, 0, 92.0, 62.0, 0]),
        foot_pitch_deg=np.full(2, heel_deg),
        wrist_m=_both(HAND_X_M, HAND_Y_M, WRIST_HEIGHT_M),
        elbow_pole=_both(0.8, 1.0, 0.25),
        hand_flat=np.ones(2),
    )


def half_step(rig: Rig, foot_y_m: float, behind: int) -> Pose:
    """Hands down, foot `behind` (0 left, 1 right) already back on its toes, the other still in front."""
    front, back = crouch(rig), push_up(rig, 0.0, foot_y_m)
    ball, yaw, pitch = front.ball_m.copy(), front.foot_yaw_deg.copy(), front.foot_pitch_deg.copy()
    ball[behind], yaw[behind], pitch[behind] = back.ball_m[behind], 0.0, PLANK_HEEL_DEG
    return replace(
        front,
        pelvis_m=0.45 * front.pelvis_m + 0.55 * back.pelvis_m + np.array([0.0, 0.0, 0.03]),
        trunk_deg=0.4 * front.trunk_deg + 0.6 * back.trunk_deg,
        ball_m=ball,
        foot_yaw_deg=yaw,
        foot_pitch_deg=pitch,
    )


def stepping(a: Pose, b: Pose, foot: int, lift_m: float = 0.07) -> Pose:
    """Half-way between `a` and `b` with one foot in the air."""
    middle = pose_from_vector(0.5 * (a.vector() + b.vector()))
    ball = middle.ball_m.copy()
    ball[foot, 2] += lift_m
    return replace(middle, ball_m=ball)
