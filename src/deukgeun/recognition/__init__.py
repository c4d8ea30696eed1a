"""Recognition: which exercise a stretch of movement is."""

from __future__ import annotations

from deukgeun.recognition.recogniser import RECOGNISER, Active, Guess, recognise

__all__ = ["RECOGNISER", "Active", "Guess", "recognise"]
