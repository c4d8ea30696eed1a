"""Data sets of any size: many clips, made by several workers, resumed where they stopped."""

from deukgeun.synth.dataset.aihub import RecordingOrder, make_recording, recording_orders
from deukgeun.synth.dataset.clips import ClipOrder, clip_orders, make_clip
from deukgeun.synth.dataset.run import Done, Row, run

__all__ = [
    "ClipOrder",
    "Done",
    "RecordingOrder",
    "Row",
    "clip_orders",
    "make_clip",
    "make_recording",
    "recording_orders",
    "run",
]
