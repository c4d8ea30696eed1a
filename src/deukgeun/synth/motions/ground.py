"""What bears on the floor, a bench or a bar: the points of the body that do, and where they are in a pose."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure, Posed
from deukgeun.synth.motions.kinematics import Bones, column, set_hand
from deukgeun.synth.rotation import X, Y, Z, about, turned

Array = npt.NDArray[np.float64]

# Soft tissue gives way under the body's weight; between the figure's points the body is deeper by up to 8 mm more.
SINK_M = 0.002
# Skin this near to a knee or an elbow bears with it.
_NEAR_JOINT_M = 0.2
# Two knees share one pelvis, and sway apart by as much.
_MARGIN_M = 0.007
# Bent toes are thicker than the figure's one point under them says.
_TOES_M = 0.006
_MIRROR = np.array([-1.0, 1.0, 1.0])
# A seat bears the thighs this far from the hip to the knee.
_SEAT_SHARE = 0.45
_RESTS: dict[str, tuple[str, tuple[str, ...]]] = {  # where it is pinned, and the bones whose skin may bear
    "back": ("pelvis", ("pelvis", "spine1", "spine2", "spine3", "spine4", "chest", "neck", "head")),
    "front": ("pelvis", ("pelvis", "spine1", "spine2", "spine3", "spine4", "chest")),
    "seat": ("pelvis", ("pelvis", "spine1")),
    "upper_back": ("chest", ("spine4", "chest")),
}


@lru_cache(maxsize=64)
def _skin_of(bones: tuple[str, ...], skin_bone: bytes) -> npt.NDArray[np.int64]:
    own = np.frombuffer(skin_bone, dtype=np.int64)
    return np.flatnonzero(np.isin(own, [BONE[name] for name in bones]))


def skin_at(bones: Bones, figure: Figure, names: tuple[str, ...]) -> Array:
    """Skin points (T, S', 3) of the named bones."""
    return _moved(bones, figure, _skin_of(names, figure.skin_bone.tobytes()))


def _moved(bones: Bones, figure: Figure, chosen: npt.NDArray[np.int64]) -> Array:
    own = figure.skin_bone[chosen]
    offset = figure.skin[chosen] - figure.joints[own]
    out: Array = bones.joints[:, own] + np.einsum("tpij,pj->tpi", bones.rotations[:, own], offset)
    return out


def rest_height(bones: Bones, figure: Figure, effector: str) -> Array:
    """Height (T,) of the lowest point of a resting part of the trunk."""
    low: Array = skin_at(bones, figure, _RESTS[effector][1])[..., 2].min(axis=1)
    if effector in ("seat", "back"):  # who sits up from lying sits on the thighs too
        low = np.minimum(low, _moved(bones, figure, _sat_on(figure))[..., 2].min(axis=1))
    if effector == "seat":
        low = seat_skin(bones, figure)[..., 2].min(axis=1)
    return low


def resting_skin(posed: Posed, figure: Figure, effector: str) -> Array:
    """Skin points (T, S', 3) of what bears as ``effector``: a part of the trunk, a foot, a hand, a limb."""
    bones = Bones(posed.rotations, posed.joints)
    if effector == "seat":
        return seat_skin(bones, figure)
    if effector in _RESTS:
        return skin_at(bones, figure, _RESTS[effector][1])
    kind, side = effector.split("_")
    names = {"foot": ("foot", "toes"), "hand": ("hand",), "knee": ("shank", "thigh"), "elbow": ("forearm", "upper_arm")}
    return skin_at(bones, figure, tuple(f"{name}_{side}" for name in names[kind]))


def bearing_height(bones: Bones, figure: Figure, effector: str) -> Array:
    """Height (T,) of the lowest skin of a foot, a knee or an elbow."""
    kind, side = effector.split("_")
    if kind == "foot":
        return lowest_m(bones, figure, LEG_BONES[side])
    joint = bones.joints[:, BONE[f"{'shank' if kind == 'knee' else 'forearm'}_{side}"], 2]
    low: Array = joint + joint_offset(bones, figure, kind, side)[:, 2] + _MARGIN_M
    return low


def seat_skin(bones: Bones, figure: Figure) -> Array:
    """Skin points (T, S', 3) that a seat bears: the pelvis and the thighs as far as a seat reaches."""
    pelvis = skin_at(bones, figure, _RESTS["seat"][1])
    return np.concatenate([pelvis, _moved(bones, figure, _sat_on(figure))], axis=1)


def _sat_on(figure: Figure) -> npt.NDArray[np.int64]:
    thighs = _skin_of(("thigh_l", "thigh_r"), figure.skin_bone.tobytes())
    below = figure.joint("thigh_l")[2] - figure.skin[thighs, 2]
    out: npt.NDArray[np.int64] = thighs[below < _SEAT_SHARE * figure.length_m("thigh_l", "shank_l")]
    return out


def rest_pin(bones: Bones, effector: str) -> Array:
    """The joint (T, 3) by which a resting trunk keeps its place."""
    pin: Array = bones.joints[:, BONE[_RESTS[effector][0]]]
    return pin


def foot_rotation(bones: Bones, angles: Array, side: str, yaw_rad: Array) -> Array:
    """A planted foot's rotations (T, 3, 3): toes level, heel raised by its angle."""
    return about(Z, np.degrees(yaw_rad)) @ about(X, column(angles, f"heel_{side}"))


def foot_yaw_rad(bones: Bones, side: str) -> Array:
    """The way (T,) the toes point on the floor, from the foot's transverse axis."""
    across = bones.rotations[:, BONE[f"foot_{side}"]][:, :, 0]
    yaw: Array = np.arctan2(across[:, 1], across[:, 0])
    return yaw


def flat_hand(bones: Bones, figure: Figure, side: str, yaw_rad: Array) -> None:
    """Lay a hand palm down, fingers ahead along ``yaw_rad`` (T,), 0 = towards -y."""
    turn = about(Z, np.degrees(yaw_rad))
    set_hand(bones, figure, side, turned(turn, -Y), turned(turn, -X if side == "l" else X))


def point_on(figure: Figure, name: str, bone: str) -> Array:
    """A landmark's place (3,) at rest, from the joint of ``bone``."""
    offset: Array = figure.landmark(name) - figure.joint(bone)
    return offset


def effector_point(bones: Bones, angles: Array, figure: Figure, effector: str, mode: str) -> Array:
    """Where the bearing point (T, 3) of a limb is with the foot or hand as it will be planted."""
    kind, side = effector.split("_")
    if kind == "foot":
        rotation = foot_rotation(bones, angles, side, foot_yaw_rad(bones, side))
        return bones.joints[:, BONE[effector]] + ball(figure, side, rotation, mode)
    if kind == "hand":
        name = "palm" if mode == "flat" else "grip"
        offset = point_on(figure, f"body/{name}_{side}", effector)
        if mode == "flat":  # lying under the wrist, a little ahead: as `flat_hand` will lay it
            flat = Bones(bones.rotations.copy(), bones.joints)
            flat_hand(flat, figure, side, heading_rad(angles))
            return bones.joints[:, BONE[effector]] + turned(flat.rotations[:, BONE[effector]], offset)
        return bones.joints[:, BONE[effector]] + turned(bones.rotations[:, BONE[effector]], offset)
    bone = f"shank_{side}" if kind == "knee" else f"forearm_{side}"
    return bones.joints[:, BONE[bone]] + joint_offset(bones, figure, kind, side)


def _near_joint(figure: Figure, part: str, lower: str, side: str) -> Array:
    """Skin (P, 3) of ``part`` round the joint of ``lower``, from there, with the other side's mirror image.

    The figure's skin is sparse: by its own points alone one knee would bear higher than the other.
    """
    found = [np.zeros((1, 3))]
    for other in SIDES:
        own = figure.skin[_skin_of((f"{part}_{other}",), figure.skin_bone.tobytes())] - figure.joint(f"{lower}_{other}")
        found.append(own[np.linalg.norm(own, axis=1) < _NEAR_JOINT_M] * (1.0 if other == side else _MIRROR))
    return np.concatenate(found)


def joint_offset(bones: Bones, figure: Figure, kind: str, side: str) -> Array:
    """From a "knee" or "elbow" that bears to the floor under its tip (T, 3).

    The height is that of the lowest skin near the joint: a knee rolls, and bears with its front, the end of the thigh
    or the shin.
    """
    upper, lower, name = ("thigh", "shank", "knee_front") if kind == "knee" else ("upper_arm", "forearm", "elbow_tip")
    low = np.zeros(len(bones.joints))
    for part in (upper, lower):
        up = bones.rotations[:, BONE[f"{part}_{side}"], 2]
        low = np.minimum(low, np.einsum("tj,pj->tp", up, _near_joint(figure, part, lower, side)).min(axis=1))
    lower = f"{lower}_{side}"
    offset = turned(bones.rotations[:, BONE[lower]], point_on(figure, f"body/{name}_{side}", lower))
    offset[:, 2] = low - _MARGIN_M
    return offset


def ball(figure: Figure, side: str, rotation: Array, mode: str = "flat") -> Array:
    """From the ankle to the floor under the ball (T, 3) of a foot that stands with ``rotation`` (T, 3, 3).

    Its height is that of the lowest skin of the foot and of its level toes, so that a sole which rolls onto the ball
    does not dip into the floor. With the mode "plate" it is the sole's own point.
    """
    offset = turned(rotation, point_on(figure, f"body/ball_{side}", f"foot_{side}"))
    if mode == "plate":
        return offset
    chosen = _skin_of((f"foot_{side}",), figure.skin_bone.tobytes())
    skin = figure.skin[chosen] - figure.joint(f"foot_{side}")
    toes = _skin_of((f"toes_{side}",), figure.skin_bone.tobytes())
    under_toes = (figure.skin[toes, 2] - figure.joint(f"toes_{side}")[2]).min(initial=0.0)
    under_toes = under_toes - _TOES_M * np.clip(2 * np.abs(rotation[:, 2, 1]), 0.0, 1.0)
    toe_joint = turned(rotation, figure.joint(f"toes_{side}") - figure.joint(f"foot_{side}"))[:, 2]
    sole = np.einsum("tj,pj->tp", rotation[:, 2], skin).min(axis=1)
    offset[:, 2] = np.minimum(offset[:, 2], np.minimum(sole, toe_joint + under_toes))
    return offset


def heading_rad(angles: Array) -> Array:
    """The way (T,) the athlete faces."""
    return np.radians(column(angles, "turn"))


def lowest_m(bones: Bones, figure: Figure, names: tuple[str, ...]) -> Array:
    """Height (T,) of the lowest skin point of the named bones."""
    low: Array = skin_at(bones, figure, names)[..., 2].min(axis=1)
    return low


LEG_BONES = {side: (f"foot_{side}", f"toes_{side}") for side in SIDES}
