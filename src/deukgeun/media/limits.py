"""What a video may cost, taken from the settings, and the job that is handed to a decoder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from deukgeun.errors import MediaError

if TYPE_CHECKING:
    from deukgeun.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The ``media_*`` settings that a decoder obeys, by the same names."""

    max_side_px: int
    max_bytes: int
    max_pixels: int
    max_fps: float
    max_duration_s: float
    memory_mb: int
    stall_s: float
    threads: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Return the limits of these settings."""
        return cls(
            max_side_px=settings.integer("media_max_side_px"),
            max_bytes=settings.integer("media_max_bytes"),
            max_pixels=settings.integer("media_max_pixels"),
            max_fps=settings.number("media_max_fps"),
            max_duration_s=settings.number("media_max_duration_s"),
            memory_mb=settings.integer("media_memory_mb"),
            stall_s=settings.number("media_stall_s"),
            threads=settings.integer("decode_threads"),
        )


@dataclass(frozen=True, slots=True)
class Job:
    """One video to decode: every picture, those of a grid of ``rate_hz``, or the one nearest to ``at_s``.

    ``path`` is only for messages: the file itself is handed over open. ``cut_off`` is whether the container's own sizes
    say that the file should be longer.
    """

    path: str
    container: str
    limits: Limits
    cut_off: bool = False
    rate_hz: float | None = None
    at_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Job:
        """Return what ``to_json`` wrote."""
        return cls(**{**values, "limits": Limits(**values["limits"])})


def check_bytes(path: str, size_bytes: int, limits: Limits) -> None:
    """Raise ``media-too-large`` for a file with too many bytes."""
    _check(path, "the file size (bytes)", size_bytes, limits.max_bytes, "media_max_bytes")


def check_pixels(path: str, width: int, height: int, limits: Limits) -> None:
    """Raise ``media-too-large`` for a picture with too many pixels."""
    _check(path, "the picture size (pixels)", width * height, limits.max_pixels, "media_max_pixels")


def check_rate(path: str, fps: Fraction | float | None, limits: Limits) -> None:
    """Raise ``media-too-large`` for too many declared pictures a second."""
    _check(path, "the frame rate (fps)", float(fps or 0), limits.max_fps, "media_max_fps")


def check_duration(path: str, duration_s: float | None, limits: Limits) -> None:
    """Raise ``media-too-large`` for a video that declares to be too long."""
    _check(path, "the duration (seconds)", duration_s or 0.0, limits.max_duration_s, "media_max_duration_s")


def _check(path: str, what: str, value: float, limit: float, setting: str) -> None:
    if value > limit:
        shown = round(value, 3)
        raise MediaError("media-too-large", path=path, what=what, value=shown, limit=limit, setting=setting)
