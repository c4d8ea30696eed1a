"""A video opened for reading, and nothing else opened with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import av

from deukgeun.errors import MediaError
from deukgeun.media.header import declared_duration_s
from deukgeun.media.limits import check_duration, check_pixels, check_rate
from deukgeun.media.types import CONTAINERS

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from deukgeun.media.limits import Job, Limits

_LOOK_FACTOR = 4  # FFmpeg forgets the size of pictures over its own limit: a wider one lets us name the size we refuse
_READ_BYTES = 1 << 18  # one call into Python for this many bytes


def open_video(file: BinaryIO, job: Job) -> tuple[InputContainer, VideoStream]:
    """Return the container and its picture track, all declared values within the limits.

    The demuxer is the one of the sniffed container, FFmpeg's own white lists hold the same, and whatever a container
    asks to be opened besides is refused, so that no file can point at another one. Raises ``MediaError``.
    """
    try:
        container = av.open(
            file,
            "r",
            format=CONTAINERS[job.container],
            options=_options(job.limits),
            metadata_errors="replace",
            buffer_size=_READ_BYTES,
            io_open=_refuse,
        )
    except av.error.MemoryError as error:
        raise MediaError("media-decoder-died", path=job.path, reason="out of memory") from error
    except av.FFmpegError as error:
        raise MediaError("media-no-frames", path=job.path) from error
    try:
        stream = _picture_track(container, job)
        _check(container, stream, job)
    except BaseException:
        container.close()
        raise
    return container, stream


def _options(limits: Limits) -> dict[str, str]:
    return {
        "protocol_whitelist": "file",
        "format_whitelist": ",".join(sorted(set(CONTAINERS.values()))),
        "max_pixels": str(_LOOK_FACTOR * limits.max_pixels),
    }


def _refuse(url: str, flags: int, options: dict[str, Any]) -> NoReturn:
    raise PermissionError("a video may not open another file")


def _picture_track(container: InputContainer, job: Job) -> VideoStream:
    tracks = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not tracks:
        raise MediaError("media-audio-only" if container.streams.audio else "media-no-frames", path=job.path)
    coded = [track for track in tracks if track.codec_context is not None]
    if not coded and job.cut_off:  # within its index, where the codec would have been named
        raise MediaError("media-no-frames", path=job.path)
    if not coded:
        raise MediaError("media-codec", path=job.path, codec="an unknown codec")
    stream = max(coded, key=lambda track: track.codec_context.width * track.codec_context.height)
    stream.codec_context.options = {"max_pixels": str(job.limits.max_pixels)}
    stream.thread_count = job.limits.threads
    stream.thread_type = "AUTO"
    return stream


def _is_cover(stream: VideoStream) -> bool:
    cover = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
    return bool(stream.disposition & cover)


def _check(container: InputContainer, stream: VideoStream, job: Job) -> None:
    context = stream.codec_context
    check_pixels(job.path, context.width, context.height, job.limits)
    check_rate(job.path, stream.average_rate, job.limits)
    check_duration(job.path, declared_duration_s(container, stream), job.limits)
