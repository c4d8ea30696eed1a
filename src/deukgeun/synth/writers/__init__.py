"""Data sets written from the virtual gym in the layouts that others' tools read."""

from deukgeun.aihub.exercises import AihubExercise, aihub_exercise, aihub_exercises
from deukgeun.synth.writers.aihub import Recording, Written, finished, naming_of, write_listing, write_recording
from deukgeun.synth.writers.aihub_labels import room_to_cm
from deukgeun.synth.writers.aihub_oddities import Odd, OddRates, draw_odd

__all__ = [
    "AihubExercise",
    "Odd",
    "OddRates",
    "Recording",
    "Written",
    "aihub_exercise",
    "aihub_exercises",
    "draw_odd",
    "finished",
    "naming_of",
    "room_to_cm",
    "write_listing",
    "write_recording",
]
