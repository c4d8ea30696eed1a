"""The child process in which videos are decoded: ``python -m deukgeun.media.worker JOB``.

It gets the video and the ring of pictures as open descriptors, says what it found in lines of JSON on what was its
standard output, and may fill a slot of the ring for every byte (the slot's number) on its standard input. It ends when
that input ends, so that it never outlives the parent.

    header {...}            once, when the first picture is decoded
    frame [slot, time_s]    a picture is in the ring
    alive []                work goes on, nothing to show for it yet
    warning [code, message] after the last picture
    error [code, values]    instead of what was to come
    end []
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict

from deukgeun.errors import MediaError
from deukgeun.media.decode import Bytes, Decoder
from deukgeun.media.limits import Job
from deukgeun.media.ring import Ring

_ALIVE_EVERY_S = 0.5
_CPU_SLACK_S = 60.0
_CPU_PER_VIDEO_S = 20.0  # seconds of processor a second of video may take: 4K at 240 fps needs about half


class ParentGoneError(Exception):
    """Nobody waits for pictures any more."""


class Link:
    """The two pipes to the parent."""

    def __init__(self) -> None:
        self._out = os.dup(1)
        self._silence()
        self._spoke_at = time.monotonic()

    @staticmethod
    def _silence() -> None:
        nothing = os.open(os.devnull, os.O_WRONLY)
        for noisy in (1, 2):
            os.dup2(nothing, noisy)
        os.close(nothing)

    def say(self, kind: str, what: object) -> None:
        """Send one message."""
        rest = memoryview(json.dumps([kind, what]).encode() + b"\n")
        self._spoke_at = time.monotonic()
        try:
            while rest:
                rest = rest[os.write(self._out, rest) :]
        except BrokenPipeError as error:
            raise ParentGoneError from error

    def say_alive(self) -> None:
        """Send a sign of life, if the last message is a while ago."""
        if time.monotonic() - self._spoke_at > _ALIVE_EVERY_S:
            self.say("alive", [])

    def slot(self) -> int:
        """Wait for a free slot of the ring."""
        given = os.read(0, 1)
        if not given:
            raise ParentGoneError
        return given[0]


class CpuBudget:
    """Processor time that grows with the video: 60 s, and 20 s for every second declared or decoded."""

    def __init__(self) -> None:
        self._granted_s = 0.0

    def cover(self, video_s: float) -> None:
        """Allow what ``video_s`` seconds of video may take."""
        if video_s <= self._granted_s and self._granted_s:
            return
        self._granted_s = video_s + 10.0
        limit(resource.RLIMIT_CPU, int(_CPU_SLACK_S + _CPU_PER_VIDEO_S * self._granted_s))


def limit(what: int, soft: int) -> None:
    """Lower a soft limit of this process, where the system has it and an outer limit is not lower yet."""
    _, hard = resource.getrlimit(what)
    allowed = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    try:
        resource.setrlimit(what, (allowed, hard))
    except (ValueError, OSError):  # systems that know no such limit
        return


def serve(link: Link, job: Job, video_fd: int, ring_fd: int) -> None:
    """Decode the job and say so. Raises ``MediaError`` and ``ParentGoneError``."""
    budget = CpuBudget()
    budget.cover(0.0)

    def progress(covered_s: float) -> None:
        budget.cover(covered_s)
        link.say_alive()

    with os.fdopen(video_fd, "rb", buffering=0) as file:
        decoder = Decoder(file, job, progress)
        header = decoder.header
        link.say("header", header.to_json())
        free = [link.slot()]
        size = header.picture_width, header.picture_height
        ring = Ring(ring_fd, *size, os.fstat(ring_fd).st_size // (3 * size[0] * size[1]))
        budget.cover(header.duration_s or 0.0)
        slot = 0

        def room() -> Bytes:
            nonlocal slot
            slot = free.pop() if free else link.slot()
            return ring[slot]

        for time_s, _ in decoder.pictures(room):
            link.say("frame", [slot, time_s])
        for warning in decoder.warnings():
            link.say("warning", list(asdict(warning).values()))
        link.say("end", [])


def main(argument: str) -> int:
    """Run one job under its limits. Returns the exit code: 0 also for a video that was refused, which was said."""
    link = Link()
    spec = json.loads(argument)
    job = Job.from_json(spec["job"])
    limit(resource.RLIMIT_AS, job.limits.memory_mb << 20)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    try:
        serve(link, job, spec["video_fd"], spec["ring_fd"])
    except ParentGoneError:
        return 0
    except MediaError as error:
        link.say("error", [error.code, {k: v for k, v in error.values.items() if k != "path"}])
    except MemoryError:
        link.say("error", ["media-decoder-died", {"reason": "out of memory"}])
    except Exception as error:  # the boundary of the process: the parent must be told, whatever a hostile file does
        link.say("error", ["media-decoder-died", {"reason": type(error).__name__}])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
