"""Motion: a PoseTrack as movement, its repetitions and what it looks like in numbers."""

from __future__ import annotations

from deukgeun.motion.channels import Channels, channels
from deukgeun.motion.counting import repetitions
from deukgeun.motion.holding import held
from deukgeun.motion.repetition import Repetition
from deukgeun.motion.summary import summarise
from deukgeun.motion.timeline import Movement, at_rate, on_grid

__all__ = ["Channels", "Movement", "Repetition", "at_rate", "channels", "held", "on_grid", "repetitions", "summarise"]
