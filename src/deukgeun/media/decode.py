"""The decoding itself: open, look at the first picture, then stream the pictures that are wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from deukgeun.errors import MediaError
from deukgeun.media.header import make_header
from deukgeun.media.limits import check_pixels
from deukgeun.media.opening import open_video
from deukgeun.media.picture import Converter, Orientation
from deukgeun.media.types import MediaWarning

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

    from deukgeun.media.limits import Job

Bytes = NDArray[np.uint8]
TICK_TOLERANCE_S = 0.001  # Matroska and WebM round times to a millisecond: a picture that early is on its tick
_MOST_FAILED_READS = 32  # in a row, before the rest of a damaged file is given up
_END_TOLERANCE_S = 1.0


class Decoder:
    """One open video. ``header`` is known at once; ``pictures`` streams; ``warnings`` is complete after that.

    ``progress(covered_s)`` is called for every packet read. Memory does not grow with the length of the video.
    Raises ``MediaError`` when it cannot be opened, is over a limit, or not one picture can be decoded.
    """

    def __init__(self, file: BinaryIO, job: Job, progress: Callable[[float], None] = lambda covered_s: None):
        self._job = job
        self._progress = progress
        self._covered_s = 0.0
        self._damaged = 0
        self._too_long = False
        self._container, self._stream = open_video(file, job)
        try:
            self._source = self._decoded()
            self._first = self._first_picture()
            check_pixels(job.path, self._first.width, self._first.height, job.limits)
            first_s = self._pts_s(self._first)
            self._zero_s, self._guessed = first_s or 0.0, first_s is None
            self.header = make_header(self._container, self._stream, self._first, job.limits)
        except BaseException:
            self.close()
            raise
        self._step_s = 1.0 / (self.header.fps_mean or 30.0)

    def close(self) -> None:
        """Give everything back."""
        self._container.close()

    def pictures(self, room: Callable[[], Bytes]) -> Iterator[tuple[float, Bytes]]:
        """Yield ``(time_s, picture)`` of the job. Each picture is written into an array that ``room()`` gives, of shape
        (header.picture_height, header.picture_width, 3), only when it is wanted: conversion is the cost.

        Raises ``media-no-frames`` when not one could be converted.
        """
        header = self.header
        converter = Converter(Orientation.of(self._first), header.picture_width, header.picture_height)
        given = 0
        out: Bytes | None = None
        for time_s, frame in self._wanted():
            out = room() if out is None else out
            try:
                converter.convert(frame, out)
            except av.FFmpegError as error:
                self._note_damage(error)
                continue
            yield time_s, out
            out = None
            given += 1
        if not given:
            raise MediaError("media-no-frames", path=self._job.path)

    def warnings(self) -> list[MediaWarning]:
        """Return what was wrong with the video so far."""
        found = []
        if self._too_long:
            limit = self._job.limits.max_duration_s
            found.append(
                MediaWarning("media-too-long", f"Only the first {limit:g} s were read (media_max_duration_s).")
            )
        elif self._job.at_s is None and (self._job.cut_off or self._ends_early()):
            found.append(MediaWarning("media-truncated", self._truncated_message()))
        if self._damaged:
            found.append(MediaWarning("media-damaged", f"{self._damaged} damaged places of the video were skipped."))
        return found

    def _ends_early(self) -> bool:
        declared = self.header.duration_s or 0.0
        return declared - self._covered_s - self._step_s > max(_END_TOLERANCE_S, 0.02 * declared)

    def _truncated_message(self) -> str:
        declared = self.header.duration_s
        of = "" if declared is None or declared <= self._covered_s else f" of the {declared:.1f} s it declares"
        return f"The video is cut off: it ends after {self._covered_s:.1f} s{of}."

    def _wanted(self) -> Iterator[tuple[float, av.VideoFrame]]:
        if self._job.at_s is not None:
            return self._nearest(self._job.at_s)
        if self._job.rate_hz is not None:
            return on_ticks(self._timed(), self._job.rate_hz)
        return self._timed()

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Yield pictures with strictly increasing times, the first one at 0; late and repeated ones are dropped."""
        yield 0.0, self._first
        for frame in self._source:
            time_s = self._time_s(frame)
            if time_s > self._job.limits.max_duration_s:
                self._too_long = True
                return
            if time_s > self._covered_s:
                self._covered_s = time_s
                yield time_s, frame

    def _time_s(self, frame: av.VideoFrame) -> float:
        """Return a picture's time. One without PTS comes a step after the last; the clock then goes on from there."""
        pts_s, next_s = self._pts_s(frame), self._covered_s + self._step_s
        if pts_s is None:
            self._guessed = True
            return next_s
        if self._guessed:
            self._guessed = False
            self._zero_s = min(self._zero_s, pts_s - next_s)
        return pts_s - self._zero_s

    def _pts_s(self, frame: av.VideoFrame) -> float | None:
        pts, base = frame.pts if frame.pts is not None else frame.dts, self._stream.time_base
        return None if pts is None or base is None else float(pts * base)  # frame.time_base is not set on the last ones

    def _nearest(self, at_s: float) -> Iterator[tuple[float, av.VideoFrame]]:
        best = (0.0, self._first)
        self._seek(at_s)
        for frame in self._source:
            time_s = self._time_s(frame)
            if abs(time_s - at_s) < abs(best[0] - at_s):
                best = (time_s, frame)
            if time_s >= at_s:
                break
        yield best

    def _seek(self, at_s: float) -> None:
        base = self._stream.time_base
        if base is None:
            return
        try:
            self._container.seek(int((at_s + self._zero_s) / base), stream=self._stream)
        except (av.FFmpegError, OverflowError):
            return  # not seekable: the pictures are walked from where the reading stands
        self._source = self._decoded()

    def _first_picture(self) -> av.VideoFrame:
        frame = next(self._source, None)
        if frame is None:
            raise MediaError("media-no-frames", path=self._job.path)
        return frame

    def _decoded(self) -> Iterator[av.VideoFrame]:
        for packet in self._packets():
            self._progress(self._covered_s)
            yield from self._decode(packet)
        yield from self._decode(None)

    def _decode(self, packet: Packet[VideoStream] | None) -> list[av.VideoFrame]:
        try:
            frames = self._stream.decode(packet)
        except av.EOFError:
            return []
        except av.FFmpegError as error:
            self._note_damage(error)
            return []
        self._damaged += sum(frame.is_corrupt for frame in frames)
        return frames

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        """Yield every packet of the picture track, going on behind places that cannot be read."""
        failures = 0
        while failures < _MOST_FAILED_READS:
            try:
                for packet in self._container.demux(self._stream):
                    if packet.size:  # the empty one at the end asks to flush, which _decoded() does
                        failures = 0
                        yield packet
                return
            except av.EOFError:
                return
            except av.FFmpegError as error:
                self._note_damage(error)
                failures += 1

    def _note_damage(self, error: av.FFmpegError) -> None:
        if isinstance(error, MemoryError):
            raise MediaError("media-decoder-died", path=self._job.path, reason="out of memory") from error
        self._damaged += 1


def on_ticks(frames: Iterator[tuple[float, av.VideoFrame]], rate_hz: float) -> Iterator[tuple[float, av.VideoFrame]]:
    """Yield, for each tick k / rate_hz, the first picture at or after it; one picture serves one tick at most."""
    tick = 0
    for time_s, frame in frames:
        if time_s + TICK_TOLERANCE_S >= tick / rate_hz:
            yield time_s, frame
            tick = math.floor((time_s + TICK_TOLERANCE_S) * rate_hz) + 1
