"""Tiny videos for tests, made on the spot: each picture shows which way is up and which picture it is.

The upright picture has a red, a green, a blue and a white corner (clockwise from the top left is red, green, white,
blue) and, across its middle, the picture's number as eight black or white cells, the lowest bit at the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

CORNERS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
BASE = Fraction(1, 30_000)
_CODEC_OF = {".mp4": "libx264", ".mov": "libx264", ".mkv": "libx264", ".webm": "libvpx", ".avi": "mpeg4", ".gif": "gif"}
_FORMAT_OF = {"libx264": "yuv420p", "libvpx": "yuv420p", "mpeg4": "yuv420p", "gif": "rgb8", "libx265": "yuv420p10le"}


def picture(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """Return the upright picture of this number, (height, width, 3) uint8 RGB."""
    image = np.full((height, width, 3), 96, np.uint8)
    third_y, third_x = height // 3, width // 3
    image[:third_y, :third_x] = CORNERS["red"]
    image[:third_y, -third_x:] = CORNERS["green"]
    image[-third_y:, :third_x] = CORNERS["blue"]
    image[-third_y:, -third_x:] = CORNERS["white"]
    edges = np.linspace(0, width, 9).astype(int)
    for bit in range(8):
        image[third_y : height - third_y, edges[bit] : edges[bit + 1]] = 255 * (number >> bit & 1)
    return image


def corners(image: NDArray[np.uint8]) -> list[str]:
    """Return the names of the corner colours, clockwise from the top left."""
    y, x = image.shape[0] // 6, image.shape[1] // 6
    spots = [image[y, x], image[y, -x - 1], image[-y - 1, -x - 1], image[-y - 1, x]]
    return [min(CORNERS, key=lambda name: _distance(spot, CORNERS[name])) for spot in spots]


UPRIGHT = ["red", "green", "white", "blue"]


def number_of(image: NDArray[np.uint8]) -> int:
    """Return the picture's number, read from its cells."""
    edges = np.linspace(0, image.shape[1], 9)
    middles = ((edges[1:] + edges[:-1]) / 2).astype(int)
    row = image[image.shape[0] // 2].mean(axis=1)
    return sum(1 << bit for bit, x in enumerate(middles) if row[x] > 127)


def write_video(
    path: Path,
    times_s: Sequence[float],
    size: tuple[int, int] = (96, 64),
    *,
    rotation: int = 0,
    mirrored: bool = False,
    codec: str | None = None,
    pix_fmt: str | None = None,
    audio: bool = False,
    rate: float = 30.0,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
    aspect: Fraction | None = None,
) -> Path:
    """Write pictures 0, 1, 2... at ``times_s`` and return the path.

    ``size`` is the upright (width, height). With ``rotation`` (clockwise degrees) the coded pictures lie on their side
    and the container says how they are turned upright, as a phone does it.
    """
    codec = codec or _CODEC_OF[path.suffix]
    with av.open(str(path), "w", options=muxer or {}) as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(codec, rate=Fraction(rate).limit_denominator(1001), options=options or {})
        assert isinstance(stream, av.VideoStream)
        coded = _coded(picture(0, *size), rotation, mirrored)
        stream.height, stream.width = coded.shape[:2]
        stream.pix_fmt = pix_fmt or _FORMAT_OF[codec]
        stream.thread_count = 1
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if path.suffix not in (".avi", ".gif"):
            stream.codec_context.time_base = BASE
        if rotation or mirrored:
            stream.set_display_rotation(-rotation, vflip=mirrored)
        sound = out.add_stream("aac" if path.suffix in (".mp4", ".mov") else "libopus", rate=48_000) if audio else None
        base = BASE if path.suffix not in (".avi", ".gif") else Fraction(rate).limit_denominator() ** -1
        for number, time_s in enumerate(times_s):
            coded = _coded(picture(number, *size), rotation, mirrored)
            frame = av.VideoFrame.from_ndarray(coded, format="rgb24").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = round(time_s / base), base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            write_silence(out, sound, max(times_s))
    return path


def write_silence(out: av.container.OutputContainer, sound: av.stream.Stream, seconds: float) -> None:
    """Fill a sound track with silence."""
    assert isinstance(sound, av.AudioStream)
    for index in range(max(2, int(seconds * 48_000 / 960))):
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 960), np.float32), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, index * 960, Fraction(1, 48_000)
        out.mux(sound.encode(frame))
    out.mux(sound.encode(None))


def write_sound(path: Path, seconds: float = 0.5) -> Path:
    """Write a file that holds silence and no picture."""
    with av.open(str(path), "w") as out:
        write_silence(out, out.add_stream("aac", rate=48_000), seconds)
    return path


def damage(path: Path) -> Path:
    """Overwrite a sixth of the coded pictures of an mp4 with noise and return the path."""
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    middle = slice(start + (end - start) // 3, start + (end - start) // 2)
    data[middle] = np.random.default_rng(0).bytes(middle.stop - middle.start)
    path.write_bytes(data)
    return path


def steady(count: int, rate: float = 30.0, start_s: float = 0.0) -> list[float]:
    """Return ``count`` times at a constant rate."""
    return [start_s + index / rate for index in range(count)]


def _coded(image: NDArray[np.uint8], rotation: int, mirrored: bool) -> NDArray[np.uint8]:
    """Return the picture as a camera held this way codes it: undone by turning clockwise, then mirroring."""
    return np.ascontiguousarray(np.rot90(image[::-1] if mirrored else image, rotation // 90))


def _distance(spot: NDArray[np.uint8], colour: tuple[int, int, int]) -> float:
    return float(np.abs(spot.astype(float) - colour).sum())
