"""Fit the AI Hub joints that COCO 17 lacks on the data set's own labels.

    python tools/fit_aihub_map.py LABELS.csv [--output src/deukgeun/skeleton/data/aihub_fit.json]

LABELS.csv has one row a picture: its name, then x and y of the 24 joints in px of a 1920 x 1080 picture. The
result (weights, residuals, cross-validation) goes to the output as JSON and to the terminal as the table of
``docs/explanation/skeletons.md``. The labels are used to fit and to measure only; nothing of them is written.
Same input, same output: there is no random number in it.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deukgeun.skeleton import skeleton

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]

OUTPUT = Path(__file__).resolve().parents[1] / "src/deukgeun/skeleton/data/aihub_fit.json"
NAME = re.compile(r"(\d{3})-(\d)-(\d)-(\d{2})-Z(\d+)_([A-E])-(\d{7})\.jpg")
COLUMNS = {
    "spine2(back)": "back",
    "spine1(waist)": "waist",
    "left_instep": "left_foot",
    "right_instep": "right_foot",
}
HUBER_PX = 10.0  # about the median residual: beyond it a label counts by its distance, not by its square
CAMERAS = 5
STANDING = "1"
STRAIGHT_COS = float(np.cos(np.radians(15.0)))


@dataclass(frozen=True, slots=True)
class Labels:
    """``xy`` (N, 24, 2) px in the order of aihub_24; ids (N,) and the torso's length (N,) px, by picture."""

    xy: Floats
    performer: Texts
    exercise: Texts
    clip: Texts
    pose: Texts
    torso_px: Floats

    def of(self, part: str) -> Floats:
        """Return the points of ``part``: a joint (N, 2), or the left ones, then the right ones (2N, 2)."""
        names = skeleton("aihub_24").joints
        rows = [part] if part in names else [side + part for side in ("left_", "right_")]
        return np.concatenate([self.xy[:, names.index(row)] for row in rows])


@dataclass(frozen=True, slots=True)
class Model:
    """``joint`` = share x ``towards`` + (1 - share) x ``base``, both sides alike.

    A joint of the mid-plane (``sided`` false) is made of the middles of left and right. ``plain`` names the
    shares to compare with.
    """

    joint: str
    base: str
    towards: str
    sided: bool
    plain: tuple[tuple[str, float], ...]


MODELS = (
    Model("neck", "shoulder", "ear", False, (("middle of the shoulders", 0.0),)),
    Model("back", "hip", "shoulder", False, (("middle of shoulders and hips", 0.5), ("two thirds up", 2 / 3))),
    Model("waist", "hip", "shoulder", False, (("middle of the hips", 0.0), ("one third up", 1 / 3))),
    Model("palm", "wrist", "elbow", True, (("the wrist", 0.0),)),
    Model("foot", "ankle", "hip", True, (("the ankle", 0.0),)),
)


def read(path: Path) -> Labels:
    """Return the labels of the CSV file. Raises ``ValueError`` for other columns or picture names."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows.sort()  # by clip, then camera, then frame: the order that proportions() reshapes
    joints = [COLUMNS.get(column[:-2], column[:-2]) for column in header[1::2]]
    ids = [NAME.fullmatch(row[0]) for row in rows]
    if tuple(joints) != skeleton("aihub_24").joints or None in ids:
        raise ValueError(f"{path} does not hold the 24 joints and picture names of AI Hub data set 231")
    parts = np.array([found.groups() for found in ids if found])
    xy = np.array([[float(value) for value in row[1:]] for row in rows]).reshape(len(rows), len(joints), 2)
    clip = np.array([f"{row[0]}-{row[4]}" for row in parts])
    picture = np.array([f"{name}-{row[6]}" for name, row in zip(clip, parts, strict=True)])
    exercise = np.array([row[1] + row[2] + row[3] for row in parts])
    return Labels(xy, parts[:, 4], exercise, clip, parts[:, 2], _torso(xy, picture))


def _torso(xy: Floats, picture: Texts) -> Floats:
    """Return middle of shoulders to middle of hips (N,): the longest that any of its five views shows.

    One view may look along the trunk; the longest of five is near its true length in that picture's scale.
    """
    joints = skeleton("aihub_24").indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    left, right, left_hip, right_hip = (xy[:, i] for i in joints)
    shoulders, hips = (left + right) / 2, (left_hip + right_hip) / 2
    length = np.linalg.norm(shoulders - hips, axis=1)
    _, group = np.unique(picture, return_inverse=True)
    longest = np.zeros(group.max() + 1)
    np.maximum.at(longest, group, length)
    return longest[group]


def points(labels: Labels, model: Model) -> tuple[Floats, Floats, Floats]:
    """Return what is sought, base and towards, each (M, 2): M is N, or 2N for a joint with two sides."""
    base, towards = (_part(labels, part, model.sided) for part in (model.base, model.towards))
    return labels.of(model.joint), base, towards


def _part(labels: Labels, part: str, sided: bool) -> Floats:
    both = labels.of(part)
    return both if sided else (both[: len(labels.xy)] + both[len(labels.xy) :]) / 2


def fit_share(sought: Floats, base: Floats, towards: Floats) -> float:
    """Return the share of least Huber loss of the distances (Huber 1964; reweighted least squares)."""
    line, offset, share = towards - base, sought - base, 0.0
    for _ in range(200):
        distance = np.linalg.norm(offset - share * line, axis=1)
        weight = np.minimum(1.0, HUBER_PX / np.maximum(distance, 1e-9))[:, None]
        last, share = share, float((weight * line * offset).sum() / (weight * line * line).sum())
        if abs(share - last) < 1e-9:
            break
    return share


def held_out(sought: Floats, base: Floats, towards: Floats, group: Texts) -> Floats:
    """Return the error vectors (M, 2), each group's with a share fitted on the other groups."""
    error = np.empty_like(sought)
    for name in np.unique(group):
        out = group == name
        share = fit_share(sought[~out], base[~out], towards[~out])
        error[out] = sought[out] - base[out] - share * (towards[out] - base[out])
    return error


def residuals(error: Floats, torso_px: Floats) -> dict[str, float]:
    """Return the median and the 90th percentile of the errors' lengths, in px and in torso lengths."""
    px = np.linalg.norm(error, axis=1)
    found = {}
    for unit, values, digits in (("px", px, 1), ("torso", px / torso_px, 3)):
        for name, percent in (("median", 50), ("p90", 90)):
            found[f"{name}_{unit}"] = round(float(np.percentile(values, percent)), digits)
    return found


def fit(labels: Labels, model: Model) -> dict[str, Any]:
    """Return the fitted share of one joint and how well it does against the plain formulas."""
    sought, base, towards = points(labels, model)
    repeat = len(sought) // len(labels.xy)
    torso = np.tile(labels.torso_px, repeat)
    share = round(fit_share(sought, base, towards), 4)

    def plain(at: float) -> dict[str, float]:
        return residuals(sought - base - at * (towards - base), torso)

    def unseen(group: Texts) -> dict[str, float]:
        return residuals(held_out(sought, base, towards, np.tile(group, repeat)), torso)

    return {
        "formula": f"{share:g} {model.towards} + {1 - share:g} {model.base}",
        "share": share,
        "points": len(sought),
        "fitted": plain(share),
        "held_out_performer": unseen(labels.performer),
        "held_out_exercise": unseen(labels.exercise),
        "plain": {name: plain(at) for name, at in model.plain},
    }


def weights(model: Model, share: float) -> dict[str, dict[str, float]]:
    """Return the weights by joint of the one or two joints that the model stands for."""
    parts = ((model.base, round(1 - share, 4)), (model.towards, share))
    if model.sided:
        return {f"{s}_{model.joint}": {f"{s}_{p}": w for p, w in parts} for s in ("left", "right")}
    return {model.joint: {f"{s}_{p}": round(w / 2, 5) for p, w in parts for s in ("left", "right")}}


def structure(xy: Floats) -> Floats | None:
    """Return the points (P, 3) in space, up to scale and mirroring, that the views (V, P, 2) show, or None.

    Factorisation of Tomasi and Kanade (1992) for scaled orthography: the centred picture coordinates of rank
    3 are camera times shape; the cameras' axes being of equal length and at right angles makes it Euclidean.
    """
    flat = (xy - xy.mean(axis=1, keepdims=True)).transpose(0, 2, 1).reshape(2 * len(xy), -1)
    u, s, vt = np.linalg.svd(flat, full_matrices=False)
    camera, shape = u[:, :3] * np.sqrt(s[:3]), np.sqrt(s[:3])[:, None] * vt[:3]
    i, j = camera[0::2], camera[1::2]
    equations = np.concatenate([_products(i, i) - _products(j, j), _products(i, j)])
    a, b, c, d, e, f = np.linalg.svd(equations)[2][-1]
    values, vectors = np.linalg.eigh(np.array([[a, b, c], [b, d, e], [c, e, f]]))
    values = values if values.sum() > 0 else -values
    if values.min() <= 1e-3 * values.max():
        return None
    solved: Floats = np.linalg.solve(vectors * np.sqrt(values), shape).T
    return solved


def _products(p: Floats, q: Floats) -> Floats:
    """Return the coefficients (V, 6) of p' L q for a symmetric L, given by its upper triangle."""
    (a, b, c), (d, e, f) = p.T, q.T
    return np.stack([a * d, a * e + b * d, a * f + c * d, b * e, b * f + c * e, c * f], axis=1)


def proportions(labels: Labels) -> dict[str, Any]:
    """Return where foot and palm lie in space: medians over limbs, in shank and in forearm lengths.

    ``along`` continues the limb, ``across`` is at right angles to it. The foot is taken while standing with
    a straight knee, the palm always. Every clip is reconstructed from its five synchronised views.
    """
    found: dict[str, list[tuple[float, float]]] = {"foot": [], "palm": []}
    clips = 0
    for clip in np.unique(labels.clip):
        rows = labels.clip == clip
        space = structure(labels.xy[rows].reshape(CAMERAS, -1, 2))
        if space is None:
            continue
        clips += 1
        body = space.reshape(-1, labels.xy.shape[1], 3)
        for side in ("left_", "right_"):
            found["palm"].append(_beyond(body, side, "elbow", "wrist", "palm", np.ones(len(body), bool)))
            straight = _straight(body, side)
            if labels.pose[rows][0] == STANDING and straight.sum() > 2:
                found["foot"].append(_beyond(body, side, "knee", "ankle", "foot", straight))
    medians = {part: np.median(values, axis=0).round(3).tolist() for part, values in found.items()}
    parts = {part: {"along": a, "across": b, "limbs": len(found[part])} for part, (a, b) in medians.items()}
    return {"clips": clips, **parts}


def _joints(body: Floats, side: str, *parts: str) -> list[Floats]:
    return [body[:, skeleton("aihub_24").index(side + part)] for part in parts]


def _straight(body: Floats, side: str) -> NDArray[np.bool_]:
    hip, knee, ankle = _joints(body, side, "hip", "knee", "ankle")
    straight: NDArray[np.bool_] = (_unit(knee - hip) * _unit(ankle - knee)).sum(axis=1) > STRAIGHT_COS
    return straight


def _beyond(body: Floats, side: str, start: str, end: str, tip: str, keep: NDArray[np.bool_]) -> tuple[float, float]:
    first, last, point = _joints(body, side, start, end, tip)
    direction = _unit(last - first)
    along = ((point - last) * direction).sum(axis=1)
    across = np.linalg.norm(point - last - along[:, None] * direction, axis=1)
    length = float(np.median(np.linalg.norm(last - first, axis=1)))
    return float(np.median(along[keep])) / length, float(np.median(across[keep])) / length


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def report(labels: Labels) -> dict[str, Any]:
    """Return all that is written: what it rests on, the fits, the weights by joint, the proportions."""
    fits = {model.joint: fit(labels, model) for model in MODELS}
    joints = {j: {"weights": w} for m in MODELS for j, w in weights(m, fits[m.joint]["share"]).items()}
    return {
        "source": "AI Hub data set 231, 24 labelled joints, pixels of 1920 x 1080 pictures",
        "pictures": len(labels.xy),
        "performers": len(np.unique(labels.performer)),
        "exercises": len(np.unique(labels.exercise)),
        "torso_px_median": round(float(np.median(labels.torso_px)), 1),
        "huber_px": HUBER_PX,
        "joints": {name: joints[name] for name in skeleton("aihub_24").joints if name in joints},
        "fits": fits,
        "proportions": proportions(labels),
    }


def table(result: dict[str, Any]) -> list[str]:
    """Return the lines of the table in the documentation."""
    lines = [
        "| joint | formula | points | px: median, p90 | torso lengths: median, p90 |",
        "|---|---|---|---|---|",
    ]
    for joint, row in result["fits"].items():
        lines.append(_line(joint, f"**{row['formula']}** (fitted)", row["points"], row["fitted"]))
        lines.append(_line("", "same, performer held out", "", row["held_out_performer"]))
        lines.append(_line("", "same, exercise held out", "", row["held_out_exercise"]))
        lines += [_line("", f"plain: {name}", "", found) for name, found in row["plain"].items()]
    return lines


def _line(joint: str, formula: str, count: object, found: dict[str, float]) -> str:
    px, torso = (f"{found[f'median_{unit}']:g}, {found[f'p90_{unit}']:g}" for unit in ("px", "torso"))
    return f"| {joint} | {formula} | {count} | {px} | {torso} |"


def main() -> None:
    """Fit, write the result and print the table."""
    parser = argparse.ArgumentParser(description="Fit the AI Hub joints that COCO 17 lacks on labels.")
    parser.add_argument("labels", type=Path, help="CSV file: picture name, then x and y of the 24 joints")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    result = report(read(given.labels))
    given.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print("\n".join(table(result)))
    print(json.dumps(result["proportions"]))


if __name__ == "__main__":
    main()
