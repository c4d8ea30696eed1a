"""A telephone's picture: seeded, exposed to the middle, noisy and soft as its lens says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deukgeun.synth.scene.photo import GREY, Lens, Photo, blended, random_lens

PLAIN = Lens(0.0, (1.0, 1.0, 1.0), 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, shutter_s=0.01, crf=23)


def _photo(lens: Lens, size: tuple[int, int] = (320, 180), seed: int = 0) -> Photo:
    return Photo(lens, *size, np.random.default_rng(seed))


def _grey(level: int, size: tuple[int, int] = (320, 180)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((size[1], size[0], 3), level, np.uint8)


def test_the_same_seed_takes_the_same_pictures() -> None:
    scene = np.random.default_rng(1).integers(0, 255, (180, 320, 3)).astype(np.uint8)
    lens = random_lens(np.random.default_rng(2))
    one, other = (_photo(lens, seed=5) for _ in range(2))
    for _ in range(3):
        assert np.array_equal(one.take(scene), other.take(scene))


def test_the_meter_goes_towards_mid_grey_and_stays_with_the_first_picture() -> None:
    photo = _photo(PLAIN)
    first = photo.take(_grey(60)).mean()
    assert 60 < first < 255 * GREY
    assert photo.take(_grey(120)).mean() > first + 20


@pytest.mark.parametrize(("stops", "sign"), [(0.7, 1), (-0.7, -1)])
def test_exposure_brightens_and_darkens(stops: float, sign: int) -> None:
    even = _photo(PLAIN).take(_grey(110)).mean()
    assert sign * (_photo(replace(PLAIN, exposure=stops)).take(_grey(110)).mean() - even) > 15


def test_white_balance_tints() -> None:
    red, green, blue = _photo(replace(PLAIN, balance=(1.3, 1.0, 0.7))).take(_grey(90)).reshape(-1, 3).mean(axis=0)
    assert red > green > blue


def test_noise_is_as_strong_as_the_lens_says_and_new_in_every_picture() -> None:
    photo = _photo(replace(PLAIN, noise=3.5))
    one, other = (photo.take(_grey(110)).astype(float) for _ in range(2))
    assert one.std() == pytest.approx(3.5, rel=0.2)
    assert (one - other).std() == pytest.approx(one.std() * np.sqrt(2), rel=0.2)


def test_blur_softens_an_edge() -> None:
    scene = _grey(60)
    scene[:, 160:] = 180
    sharp, soft = (_photo(replace(PLAIN, blur_px=b)).take(scene)[90, :, 0].astype(int) for b in (0.0, 6.0))
    assert np.abs(np.diff(soft)).max() < 0.6 * np.abs(np.diff(sharp)).max()


def test_corners_are_darker_with_a_vignette() -> None:
    picture = _photo(replace(PLAIN, vignette=0.3)).take(_grey(120)).astype(int)
    assert picture[0, 0, 0] < 0.8 * picture[90, 160, 0]


def test_it_resizes_to_its_own_resolution() -> None:
    assert _photo(PLAIN, (160, 90)).take(_grey(100)).shape == (90, 160, 3)


def test_motion_blur_is_the_mean_of_the_pictures() -> None:
    assert blended([_grey(10), _grey(20), _grey(60)])[0, 0, 0] == 30
