"""Joint sets: what the points of a pose are, how they are joined and what they are called.

Each set is one file ``data/<name>.toml``; its head says where order and names come from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from deukgeun.errors import PoseError

_NAMES = ("aihub_24", "blazepose_33", "coco_17", "halpe_26")
_MIRRORED = MappingProxyType({"left": "right", "right": "left"})


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A joint set of K joints. Sets are compared, hashed and pickled by value; the loaded ones exist once.

    ``joints`` names the rows of a pose in order. ``bones`` are index pairs, ``pairs`` are (left, right) index
    pairs. ``labels`` holds, per vocabulary, one text a joint: always ``en`` and ``ko``, and for ``aihub_24``
    also ``aihub``, the data set's spelling.
    """

    name: str
    joints: tuple[str, ...]
    bones: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[int, int], ...]
    labels: Mapping[str, tuple[str, ...]] = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        count = len(self.joints)
        if len(set(self.joints)) != count:
            raise ValueError(f"{self.name} names a joint twice")
        if any(not 0 <= i < count for link in (*self.bones, *self.pairs) for i in link):
            raise ValueError(f"{self.name} has a bone or pair outside its {count} joints")
        for vocabulary, texts in self.labels.items():
            if len(texts) != count or not all(texts):
                raise ValueError(f"{self.name} needs {count} '{vocabulary}' labels, has {len(texts)}")

    def __len__(self) -> int:
        return len(self.joints)

    def __reduce__(self) -> tuple[object, ...]:
        if self.name in _NAMES and skeleton(self.name) is self:
            return skeleton, (self.name,)
        return _rebuild, (self.name, self.joints, self.bones, self.pairs, dict(self.labels))

    def index(self, joint: str) -> int:
        """Return the row of ``joint``. Raises ``pose-unknown-joint``."""
        try:
            return self.joints.index(joint)
        except ValueError:
            known = ", ".join(self.joints)
            raise PoseError("pose-unknown-joint", name=joint, skeleton=self.name, known=known) from None

    def indices(self, *joints: str) -> tuple[int, ...]:
        """Return the rows of several joints, in the order asked. Raises ``pose-unknown-joint``."""
        return tuple(self.index(joint) for joint in joints)

    def label(self, joint: str, vocabulary: str = "en") -> str:
        """Return what ``joint`` is called in ``vocabulary`` (a key of ``labels``)."""
        return self.labels[vocabulary][self.index(joint)]

    @property
    def mirror_order(self) -> NDArray[np.intp]:
        """The order (K,) that swaps left and right: ``xy[..., order, :]`` names a mirrored person."""
        order = np.arange(len(self.joints), dtype=np.intp)
        for left, right in self.pairs:
            order[left], order[right] = right, left
        return order

    @property
    def centre(self) -> tuple[int, ...]:
        """Rows of the joints on the body's mid-plane: those that have no other side."""
        sided = {i for pair in self.pairs for i in pair}
        return tuple(i for i in range(len(self.joints)) if i not in sided)


def _rebuild(
    name: str,
    joints: tuple[str, ...],
    bones: tuple[tuple[int, int], ...],
    pairs: tuple[tuple[int, int], ...],
    labels: Mapping[str, tuple[str, ...]],
) -> Skeleton:
    return Skeleton(name, joints, bones, pairs, MappingProxyType(dict(labels)))


class _JointRow(TypedDict):
    name: str
    en: str
    ko: str


class _File(TypedDict):
    joints: list[_JointRow]
    bones: list[list[str]]


def skeleton_names() -> tuple[str, ...]:
    """Return the names of all joint sets, sorted."""
    return _NAMES


def skeleton(name: str) -> Skeleton:
    """Return the joint set ``name``; the same object every time. Raises ``pose-unknown-skeleton``."""
    if name not in _NAMES:
        raise PoseError("pose-unknown-skeleton", name=name, known=", ".join(_NAMES))
    return _load(name)


@cache
def _load(name: str) -> Skeleton:
    text = (files("deukgeun.skeleton") / "data" / f"{name}.toml").read_text("utf-8")
    data = cast(_File, tomllib.loads(text))
    joints = tuple(row["name"] for row in data["joints"])
    vocabularies = [key for key in data["joints"][0] if key != "name"]
    labels = {v: tuple(cast("dict[str, str]", row)[v] for row in data["joints"]) for v in vocabularies}
    bones = tuple((joints.index(start), joints.index(end)) for start, end in data["bones"])
    return _rebuild(name, joints, bones, _pairs(joints), labels)


def _pairs(joints: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return (left, right) rows: names that differ in the word left or right only."""
    mirrored = ["_".join(_MIRRORED.get(word, word) for word in joint.split("_")) for joint in joints]
    return tuple((i, joints.index(m)) for i, m in enumerate(mirrored) if "left" in joints[i].split("_"))
