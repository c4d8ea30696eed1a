"""Weights from files of others: official HRNet files, for pose or for ImageNet, and our own, every key accounted for.

A file may hold the state itself or keep it under ``model`` or ``state_dict``; names may begin with ``module.``.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from deukgeun.errors import TrainingError
from deukgeun.skeleton import Skeleton, common_joints, skeleton
from deukgeun.training.pose.hrnet import Hrnet

# What only classification needs: its head, and the lower outputs of the last exchange module.
_NOT_FOR_POSE = re.compile(
    r"(incre_modules|downsamp_modules|classifier)\.|final_layer\.\d+\.|stage4\.\d+\.fuse_layers\.[123]\."
)
_HEAD = "final_layer."
_COUNTER = "num_batches_tracked"  # not in files older than PyTorch 0.4.1, and of no use with a fixed momentum
_SKELETON_OF = {17: "coco_17", 24: "aihub_24", 26: "halpe_26"}  # whose head has that many maps
# A joint that the file lacks begins as the detector of the joint next to it, a hand's or a foot's length away.
_NEIGHBOUR = {
    "left_palm": "left_wrist",
    "right_palm": "right_wrist",
    "left_foot": "left_ankle",
    "right_foot": "right_ankle",
}


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every key: of the file (``taken``, ``remade``, ``left_out``) and of the model (``missing``).

    ``notes`` says for a head that was made anew which joints came from where.
    """

    taken: tuple[str, ...]
    remade: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        """Return one line for people."""
        counts = (len(self.taken), len(self.remade), len(self.left_out), len(self.missing))
        return "{} taken, {} re-made, {} left out, {} missing".format(*counts)


def load_checkpoint(model: Hrnet, path: Path, joints: Skeleton) -> Account:
    """Load what ``path`` has for ``model``, whose head gives ``joints``, and return the account.

    A head for other joints is re-made: the joints that both sets have are copied by name; palms and feet begin as
    copies of wrists and ankles; the others keep the small random values that they have. Raises ``training-checkpoint``
    for a file that cannot be read, that has keys which are unknown or of another shape, or that lacks any of the
    backbone's.
    """
    state = read_state(path)
    own = model.state_dict()
    remade, notes = _head(state, own, joints)
    left_out = tuple(key for key in state if key not in own and _NOT_FOR_POSE.match(key))
    head_differs = any(key.startswith(_HEAD) and not _fits(state, own, key) for key in state)
    foreign = tuple(key for key in state if key.startswith(_HEAD) and head_differs and key not in (*left_out, *remade))
    taken = {key: value for key, value in state.items() if key not in (*left_out, *foreign, *remade)}
    missing = tuple(key for key in own if key not in taken and key not in remade)
    _check(path, taken, own, missing)
    model.load_state_dict({**taken, **remade}, strict=False)
    return Account(tuple(taken), tuple(remade), (*left_out, *foreign), missing, notes)


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the tensors in a file by name. Raises ``training-checkpoint``."""
    loaded = read_file(path)
    for wrapper in ("model", "state_dict"):
        if isinstance(loaded.get(wrapper), dict):
            loaded = loaded[wrapper]
    state = {str(key).removeprefix("module."): value for key, value in loaded.items()}
    if not state or not all(isinstance(value, Tensor) for value in state.values()):
        raise TrainingError("training-checkpoint", path=path, reason="it does not hold the state of a network")
    return state


def read_file(path: Path) -> dict[str, Any]:
    """Return what ``torch.save`` wrote, tensors and plain values alone. Raises ``training-checkpoint``."""
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError) as error:
        first = str(error).strip().split("\n")[0] or type(error).__name__
        raise TrainingError("training-checkpoint", path=path, reason=first) from error
    if not isinstance(loaded, dict):
        raise TrainingError("training-checkpoint", path=path, reason="it does not hold the state of a network")
    return loaded


def _fits(state: Mapping[str, Tensor], own: Mapping[str, Tensor], key: str) -> bool:
    return key in own and state[key].shape == own[key].shape


def _head(
    state: Mapping[str, Tensor], own: Mapping[str, Tensor], joints: Skeleton
) -> tuple[dict[str, Tensor], tuple[str, ...]]:
    """Return the head's parameters made from those of another joint set, and how; nothing if that is not the case."""
    keys = (_HEAD + "weight", _HEAD + "bias")
    if not all(key in state and key in own for key in keys):
        return {}, ()
    (theirs, *shape), (ours, *own_shape) = state[keys[0]].shape, own[keys[0]].shape
    if theirs == ours or theirs not in _SKELETON_OF or shape != own_shape or ours != len(joints):
        return {}, ()
    source = skeleton(_SKELETON_OF[theirs])
    rows = _rows(source, joints)
    made = {key: own[key].clone() for key in keys}
    for target, row in rows.items():
        for key in keys:
            made[key][joints.index(target)] = state[key][source.index(row)]
    return made, tuple(f"{name}: {f'as {rows[name]}' if name in rows else 'random'}" for name in joints.joints)


def _rows(source: Skeleton, target: Skeleton) -> dict[str, str]:
    """Return for each joint of the target that has one the joint of the source that its row is copied from."""
    _, common = common_joints(source, target)
    same = {target.joints[row]: target.joints[row] for row in common}
    near = {joint: other for joint, other in _NEIGHBOUR.items() if joint in target.joints and other in source.joints}
    return {**near, **same}


def _check(path: Path, taken: Mapping[str, Tensor], own: Mapping[str, Tensor], missing: tuple[str, ...]) -> None:
    unknown = [key for key in taken if key not in own]
    reshaped = [key for key in taken if key in own and not _fits(taken, own, key)]
    lacking = [key for key in missing if not key.startswith(_HEAD) and not key.endswith(_COUNTER)]
    for keys, fault in ((unknown, "unknown"), (reshaped, "of another shape"), (lacking, "missing")):
        if keys:
            shown = ", ".join(keys[:3]) + (", ..." if len(keys) > 3 else "")
            reason = f"{len(keys)} of its parameters are {fault} for this network: {shown}"
            raise TrainingError("training-checkpoint", path=path, reason=reason)
