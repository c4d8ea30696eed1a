"""Writing a video that a browser plays: H.264 in mp4, with real times."""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from numpy.typing import NDArray

from deukgeun.errors import OutputError

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

TIME_BASE = Fraction(1, 60_000)  # the finest that every encoder takes (MPEG-4 part 2: below 65,536)
ENCODERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"preset": "veryfast", "crf": "23"}),
    ("libopenh264", {}),
    ("h264", {}),
    ("mpeg4", {"q:v": "4"}),
)


class VideoWriter:
    """Writes upright RGB pictures to an mp4: ``with VideoWriter(path, w, h, 30) as out: out.write(image, time_s)``.

    The picture is cut to even sides (4:2:0 has no others). ``fps_hint`` only informs the encoder: the times given to
    ``write`` are kept to 1/60000 s and must increase. ``crf`` is x264's constant rate factor, 0 lossless to 51 worst
    (other encoders take no notice of it); None is our usual one. The file appears under its name when it is complete;
    after an error nothing is left. Raises ``output-not-writable``.
    """

    def __init__(
        self, path: str | os.PathLike[str], width: int, height: int, fps_hint: float, crf: int | None = None
    ) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        self._size = max(2, width // 2 * 2), max(2, height // 2 * 2)
        self._given = height, width
        self._rate = Fraction(fps_hint).limit_denominator(1001)
        self._crf = crf
        self._last_pts = -1
        self._container: OutputContainer | None = None

    def __enter__(self) -> Self:
        if self._path.is_dir():
            raise self._error("it is a folder")
        try:
            self._part.touch()  # FFmpeg opens it with the first picture only: say now what is wrong
            self._container = av.open(str(self._part), "w", format="mp4", options={"movflags": "+faststart"})
            self._stream = self._add_stream(self._container)
        except (OSError, av.FFmpegError) as error:
            self._abandon()
            raise self._error(_reason(error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._abandon()
            return
        if self._last_pts < 0:
            self._abandon()
            raise self._error("it has no picture")
        try:
            self._finish()
        except (OSError, av.FFmpegError) as problem:
            self._abandon()
            raise self._error(_reason(problem)) from problem

    def write(self, image: NDArray[np.uint8], time_s: float) -> None:
        """Add one picture (height, width, 3) uint8 RGB at ``time_s``, later than the one before."""
        if image.shape != (*self._given, 3) or image.dtype != np.uint8:
            raise ValueError(f"image must be {(*self._given, 3)} uint8, is {image.shape} {image.dtype}")
        pts = round(time_s / TIME_BASE)
        if pts <= self._last_pts:
            raise ValueError(f"time_s must increase and not be negative: {time_s} is not after the last picture")
        self._last_pts = pts
        frame = av.VideoFrame.from_ndarray(self._even(image), format="rgb24")
        frame.pts, frame.time_base = pts, TIME_BASE
        try:
            self._mux(frame)
        except (OSError, av.FFmpegError) as error:
            raise self._error(_reason(error)) from error

    def _even(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        width, height = self._size
        grow = max(0, height - image.shape[0]), max(0, width - image.shape[1])
        if any(grow):  # a side of one pixel is doubled
            image = np.pad(image, ((0, grow[0]), (0, grow[1]), (0, 0)), mode="edge")
        return np.ascontiguousarray(image[:height, :width])

    def _add_stream(self, container: OutputContainer) -> VideoStream:
        name, options = next((row for row in ENCODERS if row[0] in av.codecs_available), ENCODERS[-1])
        stream = container.add_stream(name, rate=self._rate, options=self._options(options))
        if not isinstance(stream, av.VideoStream):
            raise TypeError(f"{name} is no encoder of pictures")
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        stream.thread_count = 1
        return stream

    def _options(self, usual: dict[str, str]) -> dict[str, str]:
        return usual | {"crf": str(self._crf)} if self._crf is not None and "crf" in usual else dict(usual)

    def _mux(self, frame: av.VideoFrame | None) -> None:
        if self._container is None:
            raise ValueError("the writer is not open")
        for packet in self._stream.encode(frame):
            self._container.mux(packet)

    def _finish(self) -> None:
        self._mux(None)
        if self._container is not None:
            self._container.close()
            self._container = None
        self._part.replace(self._path)

    def _abandon(self) -> None:
        container, self._container = self._container, None
        if container is not None:
            with suppress(OSError, av.FFmpegError):  # it is thrown away: what is wrong with it has been said
                container.close()
        with suppress(OSError):
            self._part.unlink()

    def _error(self, reason: str) -> OutputError:
        return OutputError("output-not-writable", path=self._path, reason=reason)


def _reason(error: OSError | av.FFmpegError) -> str:
    return error.strerror or str(error)
