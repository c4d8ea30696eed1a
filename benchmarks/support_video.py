"""The video of the speed benchmark: 1080p at 30 pictures a second, as a phone would have recorded it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.packet import Packet

WIDTH, HEIGHT, FPS = 1920, 1080, 30
_LONGEST_S = 30.0
_NOISE_LEVELS = 3.0  # standard deviation: what a phone's sensor leaves indoors
_NOISE_FIELDS = 7
# A hardware encoder of a phone: constant bit rate, a key picture each second, no pictures that wait for later ones.
_OPTIONS = {
    "preset": "veryfast", "profile": "high", "b": "10M", "maxrate": "12M", "bufsize": "10M", "bf": "0", "g": "30",
    "sc_threshold": "0",
}  # fmt: skip


def write_seed(source: Path, out: Path) -> Path:
    """Write the source once, enlarged and with noise; at most 30 s of it."""
    rng = np.random.default_rng(1)
    size = HEIGHT * 3 // 2, WIDTH
    fields = cycle([rng.normal(0.0, _NOISE_LEVELS, size).round().astype(np.int16) for _ in range(_NOISE_FIELDS)])
    with av.open(str(out), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=_OPTIONS)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.thread_count = 2
        for index, planes in enumerate(_at_full_rate(source)):
            noisy = np.clip(planes + next(fields), 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(noisy, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out


def _at_full_rate(source: Path) -> Iterator[NDArray[np.int16]]:
    """Yield the source's pictures at 30 a second: repeated or left out, fitted into 1080p, as planes of 4:2:0."""
    index = 0
    with av.open(str(source)) as container:
        for frame in container.decode(video=0):
            if frame.time is None or frame.time >= _LONGEST_S:
                continue
            while index / FPS <= frame.time + 0.5 / FPS:
                yield _fitted(frame)
                index += 1


def _fitted(frame: av.VideoFrame) -> NDArray[np.int16]:
    scale = min(WIDTH / frame.width, HEIGHT / frame.height)
    width, height = round(frame.width * scale / 4) * 4, round(frame.height * scale / 4) * 4
    small = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    picture = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    top, left = (HEIGHT - height) // 2, (WIDTH - width) // 2
    picture[top : top + height, left : left + width] = small
    whole = av.VideoFrame.from_ndarray(picture, format="rgb24")
    return whole.reformat(format="yuv420p").to_ndarray().astype(np.int16)


def write_looped(seed: Path, out: Path, duration_s: float) -> Path:
    """Write the seed's packets again and again until the video is so long; nothing is encoded anew."""
    last = round(duration_s * FPS)
    with av.open(str(seed)) as container, av.open(str(out), "w") as target:
        template = container.streams.video[0]
        stream = target.add_stream_from_template(template)
        packets = [packet for packet in container.demux(template) if packet.size]
        assert template.time_base is not None
        step = round(Fraction(1, FPS) / template.time_base)
        for index in range(last):
            packet = _moved(packets[index % len(packets)], index * step)
            packet.stream = stream
            target.mux(packet)
    return out


def _moved(packet: Packet[av.VideoStream], pts: int) -> Packet[av.VideoStream]:
    """Return a copy of a packet at another time."""
    copy = av.Packet(bytes(packet))
    copy.is_keyframe, copy.time_base, copy.duration = packet.is_keyframe, packet.time_base, packet.duration or 0
    copy.pts = copy.dts = pts
    return copy  # type: ignore[return-value]
