"""The fitted weights: they come from the labels, and they do better than the plain formulas."""

from __future__ import annotations

import importlib.util
import json
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from deukgeun.skeleton import skeleton

ROOT = Path(__file__).parents[2]
LABELS = ROOT.parent / "shared/data/aihub_keypoints/train_df.csv"
DOCS = ROOT / "docs/explanation/skeletons.md"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fit_aihub_map", ROOT / "tools/fit_aihub_map.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    text = (files("deukgeun.skeleton") / "data/aihub_fit.json").read_text("utf-8")
    result: dict[str, Any] = json.loads(text)
    return result


@pytest.mark.skipif(not LABELS.exists(), reason="the AI Hub labels are not beside the repository")
def test_the_committed_weights_come_from_the_labels(tool: ModuleType, committed: dict[str, Any]) -> None:
    again = tool.report(tool.read(LABELS))
    assert again["joints"].keys() == committed["joints"].keys()
    for joint, row in committed["joints"].items():
        assert again["joints"][joint]["weights"] == pytest.approx(row["weights"], abs=2e-4)
    for joint, row in committed["fits"].items():
        assert again["fits"][joint]["points"] == row["points"]
        assert again["fits"][joint]["held_out_performer"] == pytest.approx(row["held_out_performer"], rel=0.01)
    for part in ("foot", "palm"):
        assert again["proportions"][part] == pytest.approx(committed["proportions"][part], abs=0.005)


def test_every_joint_that_coco_17_lacks_is_fitted(committed: dict[str, Any]) -> None:
    assert tuple(committed["joints"]) == skeleton("aihub_24").joints[17:]


@pytest.mark.parametrize("joint", ["neck", "back", "waist", "palm", "foot"])
def test_on_unseen_performers_a_fit_is_no_worse_than_any_plain_formula(committed: dict[str, Any], joint: str) -> None:
    row = committed["fits"][joint]
    for plain in row["plain"].values():
        assert row["held_out_performer"]["median_torso"] <= plain["median_torso"]
        assert row["held_out_performer"]["p90_torso"] <= plain["p90_torso"]


def test_the_documentation_shows_the_committed_figures(tool: ModuleType, committed: dict[str, Any]) -> None:
    text = DOCS.read_text("utf-8")
    for line in tool.table(committed):
        assert line in text


def write_labels(path: Path, xy: np.ndarray[Any, np.dtype[np.float64]], columns: list[str]) -> Path:
    names = [f"001-1-1-0{1 + i % 2}-Z{17 + i % 3}_{'ABCDE'[i % 5]}-{i:07d}.jpg" for i in range(len(xy))]
    lines = [",".join(["image", *(f"{column}_{axis}" for column in columns for axis in "xy")])]
    lines += [",".join([name, *map(str, row.ravel().tolist())]) for name, row in zip(names, xy, strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_the_fit_finds_a_known_share_in_spite_of_gross_errors(tool: ModuleType, tmp_path: Path) -> None:
    random, joints = np.random.default_rng(4), skeleton("aihub_24")
    xy = random.uniform(200, 800, size=(90, 24, 2))
    left_palm, right_palm, left_elbow, right_elbow, left_wrist, right_wrist = joints.indices(
        "left_palm", "right_palm", "left_elbow", "right_elbow", "left_wrist", "right_wrist"
    )
    for palm, elbow, wrist in ((left_palm, left_elbow, left_wrist), (right_palm, right_elbow, right_wrist)):
        xy[:, palm] = 1.3 * xy[:, wrist] - 0.3 * xy[:, elbow] + random.normal(size=(90, 2))
    xy[:9, left_palm] += 400
    names = {"back": "spine2(back)", "waist": "spine1(waist)", "left_foot": "left_instep", "right_foot": "right_instep"}
    labels = tool.read(write_labels(tmp_path / "labels.csv", xy, [names.get(j, j) for j in joints.joints]))
    palm = next(model for model in tool.MODELS if model.joint == "palm")
    found = tool.fit(labels, palm)
    assert found["share"] == pytest.approx(-0.3, abs=0.005)
    assert found["points"] == 180
    assert found["held_out_performer"]["median_px"] < 2 < found["plain"]["the wrist"]["median_px"]


def test_a_file_of_another_layout_is_refused(tool: ModuleType, tmp_path: Path) -> None:
    wrong = write_labels(tmp_path / "labels.csv", np.zeros((2, 17, 2)), list(skeleton("coco_17").joints))
    with pytest.raises(ValueError, match="24 joints"):
        tool.read(wrong)


def test_a_shape_is_recovered_from_five_views(tool: ModuleType) -> None:
    random = np.random.default_rng(5)
    shape = random.normal(size=(40, 3))
    views = []
    for _ in range(5):
        camera, _ = np.linalg.qr(random.normal(size=(3, 3)))
        views.append(shape @ camera[:2].T * random.uniform(50, 200) + random.normal(size=2) * 100)
    found = tool.structure(np.array(views))
    true, seen = (np.linalg.norm(points[1:] - points[0], axis=1) for points in (shape, found))
    assert seen / seen[0] == pytest.approx(true / true[0], rel=1e-6)
