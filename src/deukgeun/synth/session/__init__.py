"""Whole workouts: several sets with rests between, by one person or several in one room, before one camera."""

from deukgeun.synth.session.cast import chosen_phone, draw_session
from deukgeun.synth.session.schedule import Entry, draw_schedule, parse_schedule

__all__ = ["Entry", "chosen_phone", "draw_schedule", "draw_session", "parse_schedule"]
