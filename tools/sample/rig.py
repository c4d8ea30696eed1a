"""Poses the body: trunk by forward kinematics, limbs by two-bone inverse kinematics, skin by linear blending."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from .body import Body
from .pose import Pose

Array = npt.NDArray[np.float64]
SIDES = (("L", 1.0), ("R", -1.0))
# A sole that bends under a raised heel would sink into the floor without it.
SOLE_LIFT_M = 0.02
# Share of the way from the pelvis' to the chest's attitude, up the spine.
_SPINE = {"spine05": 0.15, "spine04": 0.4, "spine03": 0.65, "spine02": 0.9, "spine01": 1.0}


def unit(v: Array) -> Array:
    """`v` with length 1 along its last axis."""
    out: Array = v / np.linalg.norm(v, axis=-1, keepdims=True)
    return out


def turn(axis: Array | list[float], angle_deg: float) -> Array:
    """Rotation matrix (3, 3) about `axis` by `angle_deg`."""
    matrix: Array = Rotation.from_rotvec(np.radians(angle_deg) * unit(np.asarray(axis, float))).as_matrix()
    return matrix


def _frame(along: Array, hinge: Array) -> Array:
    """Columns: bone direction, hinge axis made perpendicular to it, and their cross product."""
    a = unit(along)
    h = unit(hinge - (hinge @ a) * a)
    return np.stack([a, h, np.cross(a, h)], axis=1)


def _swing(a: Array, b: Array) -> Array:
    """The smallest rotation (3, 3) that takes direction `a` to direction `b`."""
    a, b = unit(a), unit(b)
    axis = np.cross(a, b)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:
        return np.eye(3)
    return turn(axis, float(np.degrees(np.arctan2(sine, a @ b))))


def _twist_deg(rotation: Array, axis: Array) -> float:
    """The part of `rotation` that turns about `axis`, in degrees (swing-twist decomposition)."""
    x, y, z, w = Rotation.from_matrix(rotation).as_quat()
    return float(np.degrees(2 * np.arctan2(np.array([x, y, z]) @ unit(axis), w)) + 180) % 360 - 180


def two_bone(start: Array, goal: Array, pole: Array, upper_m: float, lower_m: float) -> tuple[Array, Array, Array]:
    """Middle joint (3,), end joint (3,) and hinge axis (3,) of a limb; a goal out of reach is approached.

    The law of cosines in the plane of the goal and the pole; the reach stops short of straight so that the
    hinge never flips.
    """
    line = goal - start
    reach = float(np.clip(np.linalg.norm(line), abs(upper_m - lower_m) + 0.02, 0.9985 * (upper_m + lower_m)))
    e = unit(line)
    p = unit(pole - (pole @ e) * e)
    along = (upper_m**2 - lower_m**2 + reach**2) / (2 * reach)
    height = np.sqrt(max(upper_m**2 - along**2, 0.0))
    return start + along * e + height * p, start + reach * e, np.cross(p, e)


@dataclass(frozen=True, slots=True)
class Posed:
    """rotations (B, 3, 3) from rest, joints (B, 3) in the room."""

    rotations: Array
    joints: Array


class Rig:
    """Solves a `Pose` for one `Body`."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.hip_mid = (body.head("upperleg01.L") + body.head("upperleg01.R")) / 2 - body.head("root")
        self.thigh_m = self._length("upperleg01.L", "lowerleg01.L")
        self.shin_m = self._length("lowerleg01.L", "foot.L")
        self.arm_m = self._length("upperarm01.L", "lowerarm01.L")
        self.forearm_m = self._length("lowerarm01.L", "wrist.L")

    def _length(self, a: str, b: str) -> float:
        return float(np.linalg.norm(self.body.head(b) - self.body.head(a)))

    def ball_rest(self, side: str) -> Array:
        """The ball of the foot on the floor at rest (3,)."""
        ball: Array = (self.body.head(f"toe1-1.{side}") + self.body.head(f"toe4-1.{side}")) / 2
        return np.array([ball[0], ball[1], 0.0])

    def foot_turn(self, pose: Pose, i: int) -> tuple[Array, Array]:
        """Rotations (3, 3) of foot and toes: the toes stay flat while the ball is on the floor."""
        yaw = turn([0, 0, 1], SIDES[i][1] * float(pose.foot_yaw_deg[i]))
        pitch = float(pose.foot_pitch_deg[i])
        lifted = float(np.clip(pose.ball_m[i, 2] / 0.05, 0.0, 1.0))
        return yaw @ turn([1, 0, 0], pitch), yaw @ turn([1, 0, 0], pitch * lifted)

    def ankle(self, pose: Pose, i: int) -> Array:
        """Where the ankle joint must be (3,) for foot `i` to stand as the pose says."""
        side = SIDES[i][0]
        sole = SOLE_LIFT_M * float(np.clip(pose.foot_pitch_deg[i] / 30, 0, 1)) * np.array([0.0, 0.0, 1.0])
        from_ball = self.body.head(f"foot.{side}") - self.ball_rest(side)
        ankle: Array = pose.ball_m[i] + sole + self.foot_turn(pose, i)[0] @ from_ball
        return ankle

    def solve(self, pose: Pose) -> Posed:
        """Every bone's rotation and joint for `pose`."""
        rotations = np.tile(np.eye(3), (len(self.body.names), 1, 1))
        self._trunk(rotations, pose)
        for i in (0, 1):
            self._leg(rotations, pose, i)
            self._arm(rotations, pose, i)
        return Posed(rotations, self._joints(rotations, pose.pelvis_m))

    def shoulder(self, pose: Pose, i: int) -> Array:
        """Shoulder joint (3,) for the trunk of `pose`; the limbs do not matter."""
        rotations = np.tile(np.eye(3), (len(self.body.names), 1, 1))
        self._trunk(rotations, pose)
        joint: Array = self._joints(rotations, pose.pelvis_m)[self.body.bone(f"upperarm01.{SIDES[i][0]}")]
        return joint

    def _joints(self, rotations: Array, root: Array) -> Array:
        joints = np.zeros_like(self.body.heads)
        for bone, parent in enumerate(self.body.parents):
            offset = self.body.heads[bone] - self.body.heads[parent]
            joints[bone] = root if parent < 0 else joints[parent] + rotations[parent] @ offset
        return joints

    def _spread(self, rotations: Array, bone: str, rotation: Array) -> None:
        """Give `bone` and all below it this rotation."""
        top = self.body.bone(bone)
        under = {top}
        for child in range(top + 1, len(self.body.parents)):
            if self.body.parents[child] in under:
                under.add(child)
        rotations[sorted(under)] = rotation

    def _trunk(self, rotations: Array, pose: Pose) -> None:
        pitch, yaw, roll, chest_pitch, head_pitch, head_yaw = (float(a) for a in pose.trunk_deg)
        heading = turn([0, 0, 1], yaw) @ turn([0, 1, 0], roll)
        rotations[:] = heading @ turn([1, 0, 0], pitch)
        for name, share in _SPINE.items():
            self._spread(rotations, name, heading @ turn([1, 0, 0], pitch + share * (chest_pitch - pitch)))
        for name, share in (("neck01", 0.3), ("neck02", 0.5), ("neck03", 0.7), ("head", 1.0)):
            lean = chest_pitch + share * (head_pitch - chest_pitch)
            self._spread(rotations, name, heading @ turn([1, 0, 0], lean) @ turn([0, 0, 1], share * head_yaw))
        self._shoulder_girdle(rotations, pose)

    def _shoulder_girdle(self, rotations: Array, pose: Pose) -> None:
        """Collar bones follow the arms: forward (protraction) and up (elevation), a fraction of the arm's angle."""
        chest = rotations[self.body.bone("spine01")]
        joints = self._joints(rotations, pose.pelvis_m)
        for i, (side, sign) in enumerate(SIDES):
            arm = chest.T @ unit(pose.wrist_m[i] - joints[self.body.bone(f"upperarm01.{side}")])
            up_deg = 14.0 * float(np.clip(arm[2] + 0.6, 0, 1.6))
            forward_deg = 13.0 * float(np.clip(-arm[1], 0, 1))
            girdle = turn([0, 0, 1], -sign * forward_deg) @ turn([0, 1, 0], -sign * up_deg)
            self._spread(rotations, f"clavicle.{side}", chest @ girdle)

    def _limb(
        self, rotations: Array, names: tuple[str, str, str], root: Array, goal: Array, pole: Array, hinge: Array
    ) -> None:
        """Aim a two-bone limb; `names` are the bones of its root, middle and end, `hinge` its axis at rest."""
        top, middle, end = (self.body.head(n) for n in names)
        lengths = float(np.linalg.norm(middle - top)), float(np.linalg.norm(end - middle))
        base = rotations[self.body.parents[self.body.bone(names[0])]]
        start, aim = self._joints(rotations, root)[self.body.bone(names[0])], goal
        for _ in range(3):  # spreading the twist over two bones moves the end by millimetres; aim again
            knee, tip, axis = two_bone(start, aim, pole, *lengths)
            full = _frame(knee - start, axis) @ _frame(middle - top, hinge).T
            swing = _swing(base @ (middle - top), knee - start) @ base
            half = turn(knee - start, 0.5 * _twist_deg(full @ swing.T, knee - start)) @ swing
            self._spread(rotations, names[0], half)
            self._spread(rotations, names[0].replace("01", "02"), full)
            self._spread(rotations, names[1], _frame(tip - knee, axis) @ _frame(end - middle, hinge).T)
            aim = aim + goal - self._joints(rotations, root)[self.body.bone(names[2])]

    def _leg(self, rotations: Array, pose: Pose, i: int) -> None:
        side, sign = SIDES[i]
        yaw = np.radians(sign * float(pose.foot_yaw_deg[i]))
        foot, toes = self.foot_turn(pose, i)
        # The knee travels over the toes; with the shin lying (push-up) it points down and forward.
        pole = np.array([np.sin(yaw), -np.cos(yaw), 0.0]) + foot @ np.array([0.0, -0.3, 0.0])
        bones = (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}")
        self._limb(rotations, bones, pose.pelvis_m, self.ankle(pose, i), pole, np.array([1.0, 0.0, 0.0]))
        self._spread(rotations, f"foot.{side}", foot)
        for toe in range(1, 6):
            self._spread(rotations, f"toe{toe}-1.{side}", toes)

    def _arm(self, rotations: Array, pose: Pose, i: int) -> None:
        side = SIDES[i][0]
        bones = (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}")
        top, middle, end = (self.body.head(n) for n in bones)
        hinge = np.cross(middle - top, end - middle)
        self._limb(rotations, bones, pose.pelvis_m, pose.wrist_m[i], pose.elbow_pole[i], hinge)
        lower = rotations[self.body.bone(f"lowerarm01.{side}")]
        flat = self._flat_hand(i)
        between = Rotation.from_matrix(flat @ lower.T).as_rotvec() * float(pose.hand_flat[i])
        hand = Rotation.from_rotvec(between).as_matrix() @ lower
        axis = lower @ (end - middle)
        forearm = turn(axis, 0.6 * _twist_deg(hand @ lower.T, axis)) @ lower
        self._spread(rotations, f"lowerarm02.{side}", forearm)
        self._spread(rotations, f"wrist.{side}", hand)
        self._curl(rotations, hand, i, 16.0 * (1 - float(pose.hand_flat[i])))

    def _hand_rest(self, i: int) -> tuple[Array, Array]:
        """At rest: the way the fingers point (3,) and the way the back of the hand faces (3,)."""
        side, sign = SIDES[i]
        wrist = self.body.head(f"wrist.{side}")
        index, little = self.body.head(f"finger2-1.{side}") - wrist, self.body.head(f"finger5-1.{side}") - wrist
        return unit(self.body.head(f"finger3-1.{side}") - wrist), unit(np.cross(index, little)) * sign

    def _curl(self, rotations: Array, hand: Array, i: int, angle_deg: float) -> None:
        """Bend every finger joint towards the palm, as hanging hands do."""
        fingers, back = self._hand_rest(i)
        axis = hand @ np.cross(back, fingers)
        for joint in (1, 2, 3):
            bent = turn(axis, joint * angle_deg) @ hand
            for finger in (2, 3, 4, 5):
                self._spread(rotations, f"finger{finger}-{joint}.{SIDES[i][0]}", bent)

    def _flat_hand(self, i: int) -> Array:
        """The rotation (3, 3) that lays hand `i` palm down, fingers forward and a little out."""
        sign = SIDES[i][1]
        rest = _frame(*self._hand_rest(i))
        return _frame(np.array([sign * 0.12, -1.0, 0.0]), np.array([0.0, 0.0, 1.0])) @ rest.T

    def skin(self, posed: Posed, vertices: Array, weights: Array) -> Array:
        """Rest `vertices` (N, 3) with `weights` (N, B) carried along: (N, 3) (linear blend skinning)."""
        offsets = posed.joints - np.einsum("bij,bj->bi", posed.rotations, self.body.heads)
        blended = weights @ np.concatenate([posed.rotations.reshape(-1, 9), offsets], axis=1)
        turned: Array = np.einsum("nij,nj->ni", blended[:, :9].reshape(-1, 3, 3), vertices)
        moved: Array = turned + blended[:, 9:]
        return moved
