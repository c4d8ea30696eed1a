"""Predictions are led back to the whole picture exactly, whatever the sizes of crop and network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from tests.training.pose import drawn  # noqa: E402

from deukgeun.training.pose import predict as predicting  # noqa: E402
from deukgeun.training.pose.crops import read_crops  # noqa: E402
from deukgeun.training.pose.data import PlainSet  # noqa: E402
from deukgeun.training.pose.group import Group  # noqa: E402
from deukgeun.training.pose.metrics import keypoint_rmse  # noqa: E402
from deukgeun.training.pose.records import build  # noqa: E402
from deukgeun.training.pose.settings import PoseConfig  # noqa: E402


@pytest.mark.parametrize("head", ["heatmap", "simcc"])
@pytest.mark.parametrize(("side", "size"), [(64, 64), (64, 96), (80, 64)])
def test_a_network_that_is_right_has_no_error(
    head: str, side: int, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = drawn.crops(tmp_path, "val", 5, 3, side)
    config = PoseConfig(str(table), str(table), network="w8-tiny", head=head, size=size)
    samples = read_crops(table, drawn.JOINTS)
    known = {picture.tobytes(): targets for picture, targets, *_ in PlainSet(samples, config.codec)}

    def right(model: Any, pictures: Any, device: Any) -> Any:
        rows = zip(*(known[picture.tobytes()] for picture in pictures), strict=True)
        found = [torch.from_numpy(np.stack(row)) for row in rows]
        return tuple(torch.log(each + 1e-12) if head == "simcc" else each for each in found)

    monkeypatch.setattr(predicting, "run", right)
    found = predicting.predict(build(config), samples, drawn.JOINTS, Group(0, 1, torch.device("cpu")), batch=2)
    pixel_of_crop = float(samples[0].to_picture[0, 0])
    assert keypoint_rmse(found.squared).max() < 0.2 * pixel_of_crop
    assert found.loss == pytest.approx(0.0, abs=1e-3)
    assert np.abs((found.joints - [sample.joints for sample in samples]).mean(axis=(0, 1))).max() < 0.05 * pixel_of_crop
