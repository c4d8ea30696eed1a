"""What is known of exercises: names, movement, equipment, muscles, repetition, energy, and ids elsewhere."""

from deukgeun.exercises.loader import Catalogue, catalogue, exercise_name, vocabulary
from deukgeun.exercises.types import PERSONAL, UNKNOWN, Exercise, FitId, ForeignIds, HealthConnectId, Met

__all__ = [
    "PERSONAL",
    "UNKNOWN",
    "Catalogue",
    "Exercise",
    "FitId",
    "ForeignIds",
    "HealthConnectId",
    "Met",
    "catalogue",
    "exercise_name",
    "vocabulary",
]
