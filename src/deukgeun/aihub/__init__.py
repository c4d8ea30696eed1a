"""AI Hub data set 231 "피트니스 자세 이미지": reader, cleaning, splits and crops. Needs no training packages."""

from deukgeun.aihub.exercises import KINDS, POSES, AihubExercise, aihub_exercise, aihub_exercises

__all__ = [
    "KINDS",
    "POSES",
    "AihubExercise",
    "aihub_exercise",
    "aihub_exercises",
]
