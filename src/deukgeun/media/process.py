"""The parent's side of a decoding process: start it, read its pictures, end it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deukgeun.errors import MediaError
from deukgeun.media.header import Header
from deukgeun.media.limits import Job
from deukgeun.media.ring import Ring, anonymous_file, set_size, slots_for
from deukgeun.media.types import MediaWarning

Bytes = NDArray[np.uint8]
_LONGEST_MESSAGE = 1 << 16


class DecoderProcess:
    """A child that decodes one job. Its interface is that of ``decode.Decoder``; ``close`` ends it at any moment.

    What the child says is not trusted: it is JSON, its numbers are checked, and the shared memory cannot shrink.
    """

    def __init__(self, video_fd: int, job: Job) -> None:
        self._job = job
        self._ring: Ring | None = None
        self._found: list[MediaWarning] = []
        self._rest = b""
        self._ring_fd = anonymous_file()
        try:
            self._child = _start(job, video_fd, self._ring_fd)
        except OSError as error:
            os.close(self._ring_fd)
            raise self._died(f"it cannot be started: {error.strerror}") from error
        self._poll = select.poll()
        self._poll.register(self._out, select.POLLIN)

    def read_header(self) -> Header:
        """Wait for the header. Raises ``MediaError``."""
        with self._distrust():
            kind, what = self._next_message()
            if kind != "header":
                raise ValueError(f"{kind} instead of the header")
            self.header = Header.from_json(what, self._job.limits.max_side_px)
        return self.header

    def pictures(self) -> Iterator[tuple[float, Bytes]]:
        """Yield ``(time_s, picture)``; each picture is the caller's own. Raises ``MediaError`` if there is none.

        After the first picture a stall or the death of the child ends the iteration with a warning.
        """
        ring, slots = self._open_ring()
        given = 0
        try:
            while (said := self._next_picture(slots)) is not None:
                slot, time_s = said
                picture = ring[slot].copy()
                self._free(slot)
                yield time_s, picture
                given += 1
            if not given:
                raise MediaError("media-no-frames", path=self._job.path)
        except MediaError as error:
            if not given:
                raise
            self._found.append(MediaWarning(error.code, error.message))

    def warnings(self) -> list[MediaWarning]:
        """Return what was wrong with the video, complete after the last picture."""
        return list(self._found)

    def close(self) -> None:
        """End the child, wait for it, and give everything back."""
        if self._ring_fd < 0:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        if self._ring is not None:
            self._ring.close()
        os.close(self._ring_fd)
        self._ring_fd = -1

    @property
    def _out(self) -> int:
        if self._child.stdout is None:
            raise RuntimeError("the child was started without a pipe")
        return self._child.stdout.fileno()

    def _open_ring(self) -> tuple[Ring, int]:
        width, height = self.header.picture_width, self.header.picture_height
        slots = slots_for(width * height * 3)
        set_size(self._ring_fd, slots * width * height * 3)
        self._ring = Ring(self._ring_fd, width, height, slots)
        for slot in range(slots):
            self._free(slot)
        return self._ring, slots

    def _free(self, slot: int) -> None:
        if self._child.stdin is None:
            raise RuntimeError("the child was started without a pipe")
        try:
            os.write(self._child.stdin.fileno(), bytes([slot]))
        except BrokenPipeError:
            return  # it ended: whether well or not is in what it said before

    def _next_picture(self, slots: int) -> tuple[int, float] | None:
        """Return the slot and time of the next picture, or None at the end."""
        with self._distrust():
            kind, what = self._next_message()
            if kind == "end":
                return None
            slot, time_s = what
            if kind != "frame" or slot not in range(slots):
                raise ValueError(f"{kind} {what}")
            return int(slot), float(time_s)

    @contextmanager
    def _distrust(self) -> Iterator[None]:
        """What the child says wrongly is the child's death."""
        try:
            yield
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._died("it spoke nonsense") from error

    def _next_message(self) -> tuple[str, Any]:
        """Return the next message that is a header, a picture or the end; warnings are kept, errors raised."""
        while True:
            kind, what = self._read_message()
            if kind == "warning":
                code, message = what
                self._found.append(MediaWarning(str(code), str(message)))
            elif kind == "error":
                raise self._error(*what)
            elif kind != "alive":
                return kind, what

    def _read_message(self) -> tuple[str, Any]:
        deadline = time.monotonic() + self._job.limits.stall_s
        while b"\n" not in self._rest:
            left_ms = max(0.0, deadline - time.monotonic()) * 1000
            if not self._poll.poll(left_ms):
                raise MediaError("media-stalled", path=self._job.path, seconds=self._job.limits.stall_s)
            more = os.read(self._out, _LONGEST_MESSAGE)
            if not more or len(self._rest) > _LONGEST_MESSAGE:
                raise self._died(self._last_words())
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        kind, what = json.loads(line)
        return str(kind), what

    def _error(self, code: str, values: dict[str, object]) -> MediaError:
        return MediaError(code, **{**values, "path": self._job.path})

    def _last_words(self) -> str:
        self._child.kill()  # its pipe is closed: it is ending, or it is not itself any more
        status = self._child.wait()
        if status == -signal.SIGXCPU:
            return "it took too much processor time"
        return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"

    def _died(self, reason: str) -> MediaError:
        return MediaError("media-decoder-died", path=self._job.path, reason=reason)


def _start(job: Job, video_fd: int, ring_fd: int) -> subprocess.Popen[bytes]:
    """Start the child: nothing of the working folder is imported, no signal of the terminal reaches it."""
    spec = {"job": job.to_json(), "video_fd": video_fd, "ring_fd": ring_fd}
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module, no shell)
        [sys.executable, "-P", "-m", "deukgeun.media.worker", json.dumps(spec)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=(video_fd, ring_fd),
        start_new_session=True,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Return the child's environment: this very package, and no thread pools, whose stacks would count as memory."""
    here = str(Path(__file__).resolve().parents[2])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **single, "PYTHONPATH": os.pathsep.join(paths)}
