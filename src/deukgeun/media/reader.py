"""The entrance of the room: ``probe``, ``read_frames``, ``frames`` and ``thumbnail``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from deukgeun.media.decode import Bytes, Decoder
from deukgeun.media.header import Header
from deukgeun.media.limits import Job, Limits
from deukgeun.media.process import DecoderProcess
from deukgeun.media.source import Source
from deukgeun.media.types import Frame, MediaWarning, VideoInfo
from deukgeun.settings import Settings, load_settings


class FrameReader:
    """The frames of one video: a context manager, and an iterator of ``Frame`` inside it.

    ``info`` is known on entering; ``warnings`` is complete after the iteration. Each ``Frame.image`` is the
    caller's own. With the setting ``media_isolate`` the decoding runs in a process of its own, ahead of the caller;
    without it, here.
    """

    info: VideoInfo

    def __init__(self, path: Path, settings: Settings, rate_hz: float | None, at_s: float | None = None) -> None:
        if rate_hz is not None and not rate_hz > 0:
            raise ValueError(f"rate_hz must be positive, is {rate_hz}")
        self._path = path
        self._limits = Limits.of(settings)
        self._isolate = settings.flag("media_isolate")
        self._rate_hz = rate_hz
        self._at_s = at_s
        self._engine: DecoderProcess | _InProcess | None = None
        self._frames: Iterator[Frame] = iter(())

    def __enter__(self) -> Self:
        source = Source(self._path, self._limits)
        try:
            job = Job(
                path=str(self._path),
                container=source.container,
                limits=self._limits,
                cut_off=source.cut_off,
                rate_hz=self._rate_hz,
                at_s=self._at_s,
            )
            self._engine = (DecoderProcess if self._isolate else _InProcess)(source.fd, job)
            sha256 = source.sha256()  # while the child starts
            self.info = _info(source, sha256, self._engine.read_header())
        except BaseException:
            self.close()
            raise
        finally:
            source.close()
        self._frames = self._frames_of(self._engine)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        return next(self._frames)

    @property
    def warnings(self) -> list[MediaWarning]:
        """What was wrong with the video and did not stop it."""
        return self._engine.warnings() if self._engine is not None else []

    def close(self) -> None:
        """End the decoding, at any moment; again does nothing."""
        self._frames = iter(())
        if self._engine is not None:
            self._engine.close()

    def _frames_of(self, engine: DecoderProcess | _InProcess) -> Iterator[Frame]:
        for time_s, image in engine.pictures():
            yield Frame(time_s, image, image.shape[1] / self.info.width)


class _InProcess:
    """A ``Decoder`` here, with the interface of ``DecoderProcess``."""

    def __init__(self, video_fd: int, job: Job) -> None:
        self._file = os.fdopen(os.dup(video_fd), "rb", buffering=0)
        try:
            self._decoder = Decoder(self._file, job)
        except BaseException:
            self._file.close()
            raise

    def read_header(self) -> Header:
        return self._decoder.header

    def pictures(self) -> Iterator[tuple[float, Bytes]]:
        header = self._decoder.header
        shape = header.picture_height, header.picture_width, 3
        return self._decoder.pictures(lambda: np.empty(shape, np.uint8))

    def warnings(self) -> list[MediaWarning]:
        return self._decoder.warnings()

    def close(self) -> None:
        self._decoder.close()
        self._file.close()


def read_frames(
    path: str | os.PathLike[str], *, rate_hz: float | None = None, settings: Settings | None = None
) -> FrameReader:
    """Return a reader of a video's frames: ``with read_frames(path) as reader: for frame in reader: ...``

    With ``rate_hz``, the first frame at or after each tick k / rate_hz; without, every frame. Times start at 0 with the
    first picture and increase strictly. Entering it raises ``MediaError``; so does the first frame, if none can be had.
    """
    return FrameReader(Path(path), settings or load_settings(), rate_hz)


def frames(
    path: str | os.PathLike[str], *, rate_hz: float | None = None, settings: Settings | None = None
) -> Iterator[Frame]:
    """Yield the frames of a video, decoded in this process: for files that are trusted. As ``read_frames`` else."""
    resolved = (settings or load_settings()).with_values(media_isolate=False)
    with FrameReader(Path(path), resolved, rate_hz) as reader:
        yield from reader


def probe(path: str | os.PathLike[str], settings: Settings | None = None) -> VideoInfo:
    """Return what is known of a video. Decodes its first picture only. Raises ``MediaError``."""
    with read_frames(path, settings=settings) as reader:
        return reader.info


def thumbnail(
    path: str | os.PathLike[str], at_s: float, max_side_px: int = 480, settings: Settings | None = None
) -> NDArray[np.uint8]:
    """Return the upright picture nearest to ``at_s``, (H, W, 3) uint8 RGB, its longer side at most ``max_side_px``.

    Raises ``MediaError``.
    """
    reader = FrameReader(Path(path), settings or load_settings(), None, max(0.0, at_s))
    reader._limits = replace(reader._limits, max_side_px=max_side_px)
    with reader:
        return next(reader).image


def _info(source: Source, sha256: str, header: Header) -> VideoInfo:
    return VideoInfo(
        path=source.path,
        sha256=sha256,
        size_bytes=source.size_bytes,
        container=source.container,
        codec=header.codec,
        width=header.width,
        height=header.height,
        rotation_deg=header.rotation_deg,
        duration_s=header.duration_s,
        fps_mean=header.fps_mean,
        recorded_at=datetime.fromisoformat(header.recorded_at) if header.recorded_at else None,
        has_audio=header.has_audio,
    )
