"""The room's plate, shifted for a hand's shake."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("vtk", reason="depths come from VTK")

from deukgeun.synth.scene.plate import Plate
from deukgeun.synth.scene.raster import FAR_M, buffered
from deukgeun.synth.scene.view import View


@pytest.mark.parametrize("shift_m", [(0.0, -0.05, 0.0), (0.0, 0.05, 0.0), (0.03, 0.0, 0.02)])
def test_nothing_is_deeper_than_nothing(shift_m: tuple[float, float, float]) -> None:
    ahead = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])
    view = View(np.zeros(3), ahead, 200.0, 160, 96)
    size = 96 + 2 * 20, 160 + 2 * 20
    empty = np.full(size, FAR_M, np.float32)
    plate = Plate(view, 20, np.full((*size, 3), 200, np.uint8), np.zeros(size, np.uint8), empty)
    colours, _, depth = plate.seen(View(np.array(shift_m), ahead, 200.0, 160, 96))
    assert colours.min() == 200
    assert buffered(depth).max() <= 1.0
