"""The tracker in a scripted world: who is who, through crossings, occlusion, lying down, cuts and absence."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from tests.pose.scripted import (
    BLUE,
    GREEN,
    HEIGHT,
    RED,
    WIDTH,
    Body,
    Script,
    ScriptedDetector,
    ScriptedEstimator,
    World,
)

from deukgeun.pose import PoseTracker, track
from deukgeun.pose.people import PersonPose
from deukgeun.settings import load_settings

STEP_S = 0.1


class Play:
    """A tracker in a world; ``run`` plays a script and keeps, for each picture, who is where."""

    def __init__(self, smooth: bool = False, **settings: object) -> None:
        self.world = World()
        self.model = ScriptedEstimator(self.world)
        self.tracker = PoseTracker(
            load_settings(environ={}, **settings),
            self.model,
            ScriptedDetector(self.world),  # type: ignore[arg-type]
            smooth=smooth,
        )
        self.seen: list[list[PersonPose]] = []
        self.next_s = 0.0

    def run(self, script: Script, seconds: float) -> Play:
        for _ in range(round(seconds / STEP_S)):
            self.seen.append(self.tracker.update(self.world.frame(self.next_s, script(self.next_s))))
            self.next_s += STEP_S
        return self

    def numbers(self) -> list[list[int]]:
        return [[pose.person for pose in poses] for poses in self.seen]

    def number_at(self, body: Body) -> int:
        """The number under which the last picture has this body."""
        (number,) = [p.person for p in self.seen[-1] if np.allclose(p.xy, body.xy)]
        return number


def still(*bodies: Body) -> Script:
    return lambda _: bodies


LEFT, RIGHT = Body(160, 260, shirt=RED), Body(480, 260, shirt=BLUE)


def test_everybody_gets_a_number_and_keeps_it() -> None:
    play = Play().run(still(LEFT, RIGHT), 2.0)
    assert play.numbers() == [[1, 2]] * 20
    for track_, body in zip(play.tracker.tracks(), (LEFT, RIGHT), strict=True):
        assert len(track_) == 20
        assert np.allclose(track_.xy, body.xy)
        assert np.allclose(track_.time_s, np.arange(20) * STEP_S)


def test_two_who_pass_in_front_of_each_other_keep_their_numbers() -> None:
    def script(t: float) -> Iterable[Body]:
        near = Body(120 + 160 * t, 270, torso=90, shirt=RED)
        far = Body(520 - 160 * t, 230, torso=60, shirt=BLUE, visible=abs(near.x - (520 - 160 * t)) > 60)
        return near, far

    play = Play(person_memory_s=4.0).run(script, 2.5)
    near, far = script(play.next_s - STEP_S)
    assert (play.number_at(near), play.number_at(far)) == (1, 2)
    assert len(play.tracker.tracks()) == 2
    assert any(numbers == [1] for numbers in play.numbers()), "the one behind was hidden for a while"


@pytest.mark.parametrize("away_s", [0.3, 1.0, 3.0])
def test_somebody_hidden_for_a_while_is_the_same_person_after(away_s: float) -> None:
    hidden = Body(LEFT.x, LEFT.y, shirt=RED, visible=False)
    play = Play().run(still(LEFT, RIGHT), 2.0).run(still(hidden, RIGHT), away_s).run(still(LEFT, RIGHT), 1.0)
    assert play.number_at(LEFT) == 1
    assert play.number_at(RIGHT) == 2


def test_lying_down_and_getting_up_is_one_person() -> None:
    def script(t: float) -> Iterable[Body]:
        down = np.clip((t - 1.0) / 0.8, 0.0, 1.0) - np.clip((t - 3.0) / 0.8, 0.0, 1.0)
        return (Body(320, 240 + 110 * down, angle_deg=90 * down),)

    play = Play().run(script, 5.0)
    assert play.numbers() == [[1]] * 50


def test_lying_down_while_the_detector_is_blind_to_it_is_survived() -> None:
    lying = Body(360, 330, angle_deg=90)
    play = Play()
    play.world.detector_sees = lambda body: body.angle_deg == 0
    play.run(still(Body(320, 260)), 1.0).run(still(lying), 2.0)
    assert play.numbers() == [[1]] * 30, "the estimator goes on from the last region of interest"


def test_who_comes_back_in_other_clothes_after_the_memory_has_ended_is_somebody_else() -> None:
    play = Play(person_memory_s=1.0).run(still(LEFT, RIGHT), 1.0).run(still(RIGHT), 2.0)
    play.run(still(Body(LEFT.x, LEFT.y, shirt=GREEN), RIGHT), 1.5)
    assert play.numbers()[-1] == [2, 3]


def test_who_comes_back_elsewhere_in_the_same_clothes_is_known_again() -> None:
    back = Body(330, 300, torso=55, shirt=RED)
    play = Play(person_memory_s=1.0).run(still(LEFT, RIGHT), 1.5).run(still(RIGHT), 2.0).run(still(back, RIGHT), 1.5)
    assert play.number_at(back) == 1


def test_a_newcomer_is_found_at_the_next_search() -> None:
    play = Play(detect_every_s=1.0).run(still(LEFT), 1.5).run(still(LEFT, RIGHT), 1.5)
    first = next(i for i, numbers in enumerate(play.numbers()) if 2 in numbers)
    assert 15 <= first <= 20


def test_only_as_many_are_followed_as_allowed() -> None:
    bodies = [Body(80 + 120 * i, 260, torso=40 + i) for i in range(5)]
    play = Play(max_people=3).run(still(*bodies), 1.0)
    assert play.numbers() == [[1, 2, 3]] * 10


def test_with_no_room_for_anybody_else_the_picture_is_not_searched() -> None:
    play = Play(max_people=1, detect_every_s=0.5).run(still(LEFT, RIGHT), 3.0)
    assert play.world.detected == [0.0]


def test_the_picture_is_searched_no_more_often_than_asked() -> None:
    play = Play(detect_every_s=1.0).run(still(LEFT), 5.0)
    assert np.allclose(play.world.detected, [0, 1, 2, 3, 4], atol=1e-6)
    assert play.model.calls == 50, "one call a picture: nobody is estimated twice"


def test_while_somebody_is_missing_the_picture_is_searched_more_often() -> None:
    play = Play(detect_every_s=10.0, person_memory_s=2.0).run(still(LEFT, RIGHT), 1.0).run(still(LEFT), 5.0)
    gaps = np.diff([t for t in play.world.detected if 1.0 <= t < 3.0])
    assert np.all(gaps > 0.25) and np.all(gaps < 0.45)
    assert not [t for t in play.world.detected if t > 3.2], "and no more when the memory has ended"


def test_an_empty_picture_is_searched_each_time_and_turned_in_between() -> None:
    play = Play().run(still(), 0.6)
    assert play.numbers() == [[]] * 6
    assert play.world.turns[::2] == [0] * 6
    assert sorted(set(play.world.turns[1::2])) == [1, 2, 3]
    assert play.tracker.tracks() == []


def test_two_detections_of_one_body_are_one_person() -> None:
    play = Play()
    twin = Body(LEFT.x + 2, LEFT.y + 1, torso=71)
    play.run(still(LEFT, twin), 1.0)
    assert play.numbers() == [[1]] * 10


def test_two_who_stand_side_by_side_are_two_and_become_one_when_one_leaves() -> None:
    """Their regions of interest overlap by much, and the follower of the one who left falls onto the other."""
    play = Play().run(still(LEFT, Body(LEFT.x + 110, LEFT.y, shirt=BLUE)), 1.0)
    assert play.numbers()[-1] == [1, 2]
    play.run(still(LEFT), 0.5)
    assert play.numbers()[-1] == [1]


def test_a_flicker_is_no_track() -> None:
    play = Play().run(still(LEFT), 1.0).run(still(LEFT, RIGHT), 0.1)
    play.run(still(LEFT), 1.0)
    assert [t.person for t in play.tracker.tracks()] == [1]


def test_after_a_cut_everybody_is_looked_for_anew_and_known_by_their_clothes() -> None:
    play = Play(detect_every_s=5.0).run(still(LEFT, RIGHT), 1.0)
    play.world.scene = 7
    swapped = Body(RIGHT.x, RIGHT.y, shirt=RED), Body(LEFT.x, LEFT.y, shirt=BLUE)
    play.run(still(*swapped), 1.0)
    assert play.world.detected == [0.0, pytest.approx(1.0)]
    assert (play.number_at(swapped[0]), play.number_at(swapped[1])) == (1, 2)


def test_after_a_cut_nobody_is_known_by_the_place_where_they_stand() -> None:
    play = Play(detect_every_s=5.0).run(still(LEFT, RIGHT), 1.0)
    play.world.scene = 7
    play.run(still(Body(LEFT.x, LEFT.y, shirt=GREEN)), 1.0)
    assert play.numbers()[-1] == [3]


def test_who_is_mostly_out_of_the_picture_is_still_followed_and_lost_when_quite_out() -> None:
    play = Play(max_people=1)
    play.run(lambda t: (Body(320, 300 + 100 * t, torso=100),), 2.5)
    assert play.numbers()[-1] == [1], "hips below the picture, shoulders in it"
    play.run(lambda t: (Body(320, 300 + 100 * t, torso=100),), 3.0)
    assert play.numbers()[-1] == []


@pytest.mark.parametrize("torso", [1.0, 1200.0])
def test_a_body_of_absurd_size_is_not_believed(torso: float) -> None:
    assert Play().run(still(Body(320, 240, torso=torso)), 0.5).numbers() == [[]] * 5


def test_scaled_pictures_give_pixels_of_the_unscaled_video() -> None:
    play = Play()
    for i in range(5):
        poses = play.tracker.update(play.world.frame(i * STEP_S, [LEFT], scale=0.5))
        assert np.allclose(poses[0].xy, 2 * LEFT.xy)
    assert play.model.calls == 5
    assert play.tracker.tracks()[0].person == 1


def test_smoothing_is_on_unless_it_is_asked_not_to() -> None:
    def shaking(t: float) -> Iterable[Body]:
        return (Body(LEFT.x + 2 * (-1) ** round(t / STEP_S), LEFT.y),)

    raw, smooth = (Play(smooth=on).run(shaking, 3.0).tracker.tracks()[0] for on in (False, True))
    assert np.ptp(raw.xy[5:, 0, 0]) == pytest.approx(4.0)
    assert np.ptp(smooth.xy[5:, 0, 0]) < 0.6 * 4.0


def test_nothing_is_dragged_across_a_gap() -> None:
    far = Body(RIGHT.x, RIGHT.y, shirt=RED)
    play = Play(smooth=True, detect_every_s=0.5).run(still(LEFT), 2.0).run(still(), 1.0).run(still(far), 0.1)
    assert np.allclose(play.seen[-1][0].xy, far.xy)
    assert play.numbers()[-1] == [1]


def test_track_runs_a_whole_video(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Play()
    monkeypatch.setattr("deukgeun.pose.tracker.PoseTracker", lambda settings: play.tracker)
    frames = (play.world.frame(i * STEP_S, [LEFT, RIGHT]) for i in range(10))
    assert [t.person for t in track(frames)] == [1, 2]


def test_the_world_is_as_large_as_its_picture() -> None:
    assert World().frame(0.0, []).image.shape == (HEIGHT, WIDTH, 3)
