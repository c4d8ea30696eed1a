"""What the container and the first picture say of a video, before the rest is decoded."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from deukgeun.media.picture import Orientation, fit, square_pixels

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from deukgeun.media.limits import Limits

_OLDEST_YEAR = 1990  # the epochs of QuickTime (1904) and Unix (1970) stand for "not set"


@dataclass(frozen=True, slots=True)
class Header:
    """``VideoInfo`` less what is known of the file itself, and the size of the pictures that are handed out."""

    codec: str
    width: int
    height: int
    rotation_deg: int
    duration_s: float | None
    fps_mean: float | None
    recorded_at: str | None
    has_audio: bool
    picture_width: int
    picture_height: int

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any], most_side_px: int) -> Header:
        """Return what ``to_json`` wrote. Raises ``ValueError`` or ``TypeError`` for anything else."""
        header = cls(**values)
        sides = header.width, header.height, header.picture_width, header.picture_height
        if not all(type(side) is int and side > 0 for side in sides) or max(sides[2:]) > most_side_px:
            raise ValueError(f"impossible size {sides}")
        if header.recorded_at is not None:
            datetime.fromisoformat(header.recorded_at)
        return cls(**{**values, **{name: _number(values[name]) for name in ("duration_s", "fps_mean")}})


def _number(value: object) -> float | None:
    if value is not None and not (isinstance(value, (int, float)) and math.isfinite(value)):
        raise ValueError(f"no number: {value!r}")
    return None if value is None else float(value)


def make_header(container: InputContainer, stream: VideoStream, first: av.VideoFrame, limits: Limits) -> Header:
    """Return the header of an open video with its first decoded picture."""
    orientation = Orientation.of(first)
    width, height = orientation.upright(*square_pixels(first.width, first.height, stream.sample_aspect_ratio))
    picture_width, picture_height = fit(width, height, limits.max_side_px)
    fps = stream.average_rate
    return Header(
        codec=stream.codec_context.name,
        width=width,
        height=height,
        rotation_deg=orientation.rotation_deg,
        duration_s=declared_duration_s(container, stream),
        fps_mean=float(fps) if fps else None,
        recorded_at=recorded_at(dict(container.metadata)),
        has_audio=bool(container.streams.audio),
        picture_width=picture_width,
        picture_height=picture_height,
    )


def declared_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """Return the duration of the picture track, else of the container, in seconds, or None."""
    if stream.duration is not None and stream.duration > 0 and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and container.duration > 0:
        return float(Fraction(container.duration, 1_000_000))  # AV_TIME_BASE
    return None


def recorded_at(metadata: dict[str, str]) -> str | None:
    """Return when the recording began (ISO 8601, UTC), or None when the container does not say so credibly."""
    for key in ("creation_time", "com.apple.quicktime.creationdate"):
        try:
            moment = datetime.fromisoformat(metadata.get(key, "").strip())
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if moment.year >= _OLDEST_YEAR:
            return moment.isoformat()
    return None
