"""Nodes drawn out to pictures."""

import numpy as np

from deukgeun.synth.motions.timeline import smoothstep


def test_smoothstep_is_flat_outside() -> None:
    np.testing.assert_allclose(smoothstep(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])), [0, 0, 0.5, 1, 1])
