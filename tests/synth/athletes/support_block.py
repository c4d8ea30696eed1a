"""A stand-in for the body model: boxes of skin round the joints of a figure, with the bones of the real rig."""

from __future__ import annotations

import numpy as np

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.figure import Figure

_LIMB = {
    "clavicle": ("clavicle", "shoulder01"),
    "upper_arm": ("upperarm01", "upperarm02"),
    "forearm": ("lowerarm01", "lowerarm02"),
    "hand": ("wrist",),
    "thigh": ("upperleg01", "upperleg02"),
    "shank": ("lowerleg01", "lowerleg02"),
    "foot": ("foot",),
}
_SPINE = {"pelvis": "root", "spine1": "spine05", "spine2": "spine04", "spine3": "spine03", "spine4": "spine02",
          "chest": "spine01", "neck": "neck01", "head": "head"}  # fmt: skip


def _bones(figure: Figure) -> list[tuple[str, str, np.ndarray]]:
    """Name, parent's name and head of every bone, parents first."""
    out: list[tuple[str, str, np.ndarray]] = []
    before = ""
    for core, bone in _SPINE.items():
        out.append((bone, before, figure.joint(core)))
        before = bone
        if core == "neck":
            for step, extra in enumerate(("neck02", "neck03"), start=1):
                head = figure.joint("neck") + step / 3 * (figure.joint("head") - figure.joint("neck"))
                out.append((extra, before, head))
                before = extra
    for side in "lr":
        s = f".{side.upper()}"
        out += _limb(figure, side, "spine01", ("clavicle", "upper_arm", "forearm", "hand"))
        out += _fingers(figure, side)
        out += _limb(figure, side, "root", ("thigh", "shank", "foot"))
        toes, across = figure.joint(f"toes_{side}"), np.array([0.02, 0.0, 0.0])
        out += [(f"toe1-1{s}", f"foot{s}", toes - across), (f"toe4-1{s}", f"foot{s}", toes + across)]
    return out


def _limb(figure: Figure, side: str, above: str, cores: tuple[str, ...]) -> list[tuple[str, str, np.ndarray]]:
    ends = {"clavicle": "upper_arm", "upper_arm": "forearm", "forearm": "hand", "thigh": "shank", "shank": "foot"}
    out = []
    for core in cores:
        start = figure.joint(f"{core}_{side}")
        end = figure.joint(f"{ends[core]}_{side}") if core in ends else start
        for step, bone in enumerate(_LIMB[core]):
            out.append((f"{bone}.{side.upper()}", above, start + 0.5 * step * (end - start)))
            above = f"{bone}.{side.upper()}"
    return out


def _fingers(figure: Figure, side: str) -> list[tuple[str, str, np.ndarray]]:
    word = "left" if side == "l" else "right"
    wrist = figure.joint(f"hand_{side}")
    index, pinky = figure.landmark(f"blazepose_33/{word}_index"), figure.landmark(f"blazepose_33/{word}_pinky")
    along = (index + pinky) / 2 - wrist
    along /= np.linalg.norm(along)
    thumb = figure.landmark(f"blazepose_33/{word}_thumb")
    starts = {1: wrist + 0.4 * (thumb - wrist)} | {f: index + (f - 2) / 3 * (pinky - index) for f in (2, 3, 4, 5)}
    out = []
    for finger, start in starts.items():
        step = 0.3 * (thumb - wrist) if finger == 1 else 0.026 * along
        above = f"wrist.{side.upper()}"
        for joint in (1, 2, 3):
            out.append((f"finger{finger}-{joint}.{side.upper()}", above, start + (joint - 1) * step))
            above = out[-1][0]
    return out


def block_body(index: int = 0) -> tuple[Figure, BodyMesh]:
    """A figure of the bank and a mesh of one small triangle at every bone, bound to it alone."""
    figure = athletes()[index]
    bones = _bones(figure)
    names = tuple(name for name, _, _ in bones)
    heads = np.array([head for _, _, head in bones])
    corners = np.array([[0.0, 0, 0.01], [0.01, 0, 0], [0, 0.01, 0]])
    vertices = (heads[:, None] + corners).reshape(-1, 3)
    return figure, BodyMesh(
        vertices=vertices,
        faces=np.arange(len(vertices)).reshape(-1, 3),
        bone_index=np.repeat(np.arange(len(names)), 3)[:, None],
        bone_weight=np.ones((len(vertices), 1)),
        heads=heads,
        names=names,
        parents=tuple(names.index(parent) if parent else -1 for _, parent, _ in bones),
    )
