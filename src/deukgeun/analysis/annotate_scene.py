"""What there is to tell at each moment of the replay. No pixels here."""

from __future__ import annotations

from dataclasses import dataclass

from deukgeun.analysis.workout import ExerciseSet, Rest, Workout

_LINGER_S = 1.5


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of one person. ``number`` is that of ``current`` (a set that goes on) or of ``last`` (the one that
    ended), of ``total``. ``repetitions`` are those completed in it, ``held_s`` is the time of a hold so far,
    ``rested_s`` the time since ``last`` ended where a rest goes on, ``since_repetition_s`` the time since the last
    completed repetition.
    """

    current: ExerciseSet | None = None
    last: ExerciseSet | None = None
    number: int = 0
    total: int = 0
    repetitions: int = 0
    held_s: float | None = None
    rested_s: float | None = None
    since_repetition_s: float | None = None

    @property
    def shown(self) -> ExerciseSet | None:
        """The set that the counter is about."""
        return self.current or self.last


@dataclass(frozen=True, slots=True)
class Story:
    """A workout to be retold: everybody's sets in order, their rests, who is the main person, how long it is."""

    sets: tuple[ExerciseSet, ...]
    rests: tuple[Rest, ...]
    main: int | None
    length_s: float

    @staticmethod
    def of(workout: Workout) -> Story:
        """Return the story of a workout. Without a main person it is about whoever has the most sets."""
        sets = tuple(sorted(workout.sets, key=lambda each: each.start_s))
        owners = [each.person for each in sets]
        busiest = max(owners, key=owners.count, default=None)
        main = next((seen.person for seen in workout.people if seen.main), busiest)
        length_s = max([workout.video.duration_s or 0.0, workout.analysed_s, *(each.end_s for each in sets)])
        return Story(sets, workout.rests, main, length_s)

    @property
    def exercises(self) -> tuple[str, ...]:
        """Every exercise, in the order of its first set: its place is its colour."""
        return tuple(dict.fromkeys(each.exercise for each in self.sets))

    @property
    def performers(self) -> tuple[int, ...]:
        """Who has sets, the main person first."""
        return tuple(sorted({each.person for each in self.sets}, key=lambda person: (person != self.main, person)))

    def at(self, time_s: float, person: int | None = None) -> Scene:
        """Return the moment ``time_s`` of ``person`` (None: the main person)."""
        who = self.main if person is None else person
        mine = [each for each in self.sets if each.person == who]
        begun = [each for each in mine if each.start_s <= time_s]
        if not begun:
            return Scene(total=len(mine))
        latest = begun[-1]
        rested_s = self._rested_s(latest, time_s)
        going_on = time_s <= latest.end_s
        if not going_on and rested_s is None and time_s > latest.end_s + _LINGER_S:
            return Scene(total=len(mine))
        ends = [each.end_s for each in latest.repetitions if each.end_s <= time_s]
        return Scene(
            current=latest if going_on else None,
            last=None if going_on else latest,
            number=len(begun),
            total=len(mine),
            repetitions=len(ends),
            held_s=None if latest.hold_s is None else min(time_s - latest.start_s, latest.hold_s),
            rested_s=rested_s,
            since_repetition_s=time_s - ends[-1] if ends else None,
        )

    def _rested_s(self, latest: ExerciseSet, time_s: float) -> float | None:
        mine = (rest for rest in self.rests if rest.person == latest.person and rest.start_s >= latest.start_s)
        return next((time_s - rest.start_s for rest in mine if rest.start_s < time_s <= rest.end_s), None)


def clock(seconds: float) -> str:
    """Return m:ss of whole seconds that have passed, as a stopwatch shows them."""
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"
