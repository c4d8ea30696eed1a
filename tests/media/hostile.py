"""A seeded corpus of damaged and hostile files, made from small videos of our own."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.media.videos import steady, write_video

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One file of the corpus. ``readable`` is whether an undamaged video lies in it under a wrong name."""

    name: str
    data: bytes
    readable: bool = False


def corpus(folder: Path, target: Path, seed: int = 20260504) -> list[HostileFile]:
    """Return the whole corpus; ``target`` is the file that playlists in it point at."""
    rng = np.random.default_rng(seed)
    seeds = {path.name: path.read_bytes() for path in _seeds(folder)}
    found: list[HostileFile] = []
    for name, data in seeds.items():
        found += _truncated(name, data, rng)
        found += _flipped(name, data, rng)
        found += _blanked(name, data, rng)
        found += _swapped(name, data, seeds, rng)
        found += _appended(name, data, rng)
        found += [HostileFile(f"wrong-name-{name}.txt", data, readable=True)]
    found += _lies(seeds)
    found += playlists(target)
    found += _others(rng)
    return found


def _seeds(folder: Path) -> Iterator[Path]:
    x265 = {"x265-params": "log-level=none:pools=none:frame-threads=1"}
    yield write_video(folder / "a.mp4", steady(24), options={"g": "8"})
    yield write_video(folder / "fast.mp4", steady(24), muxer={"movflags": "faststart"})
    yield write_video(folder / "fragments.mp4", steady(24), options={"g": "6"}, muxer={"movflags": "frag_keyframe"})
    yield write_video(folder / "turned.mov", steady(24), rotation=90, audio=True)
    yield write_video(folder / "ten.mp4", steady(12), codec="libx265", options=x265)
    yield write_video(folder / "a.mkv", steady(24), options={"g": "8"}, audio=True)
    yield write_video(folder / "a.webm", steady(24))
    yield write_video(folder / "a.avi", steady(24))
    yield write_video(folder / "a.gif", steady(10, 10.0), rate=10.0)


def _truncated(name: str, data: bytes, rng: Rng) -> Iterator[HostileFile]:
    for at in sorted(rng.integers(1, len(data), 9)):
        yield HostileFile(f"cut-{at}-{name}", data[:at])


def _flipped(name: str, data: bytes, rng: Rng) -> Iterator[HostileFile]:
    for index in range(12):
        changed = bytearray(data)
        span = len(data) if index % 2 else min(len(data), 400)  # every other one in the headers
        for at in rng.integers(0, span, 1 + 3 * index):
            changed[at] = rng.integers(0, 256)
        yield HostileFile(f"flipped-{index}-{name}", bytes(changed))


def _blanked(name: str, data: bytes, rng: Rng) -> Iterator[HostileFile]:
    for index, fill in enumerate((b"\0", b"\xff", b"\x7f", b"\0")):
        start = int(rng.integers(12, len(data) * 3 // 4))
        length = min(len(data) - start, int(rng.integers(4, len(data) // 4)))
        yield HostileFile(f"blanked-{index}-{name}", data[:start] + fill * length + data[start + length :])


def _swapped(name: str, data: bytes, seeds: dict[str, bytes], rng: Rng) -> Iterator[HostileFile]:
    others = [other for other in seeds if other != name]
    for other in rng.choice(others, 3, replace=False):
        at = int(rng.integers(16, 200))
        yield HostileFile(f"head-of-{other}-on-{name}", seeds[other][:at] + data[at:])


def _appended(name: str, data: bytes, rng: Rng) -> Iterator[HostileFile]:
    yield HostileFile(f"noise-after-{name}", data + rng.bytes(3000), readable=True)
    yield HostileFile(f"noise-within-{name}", data[: len(data) // 2] + rng.bytes(500) + data[len(data) // 2 :])


def _lies(seeds: dict[str, bytes]) -> Iterator[HostileFile]:
    """Sizes, rates and durations that are not true. Offsets: ISO/IEC 14496-12 §8.2.2, 8.3.2, 8.4.2, 8.5.2, 8.6.1."""
    mp4 = seeds["a.mp4"]
    for value in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF):
        word = struct.pack(">I", value)
        for box, offset in (
            (b"mvhd", 16), (b"mvhd", 20), (b"mdhd", 16), (b"mdhd", 20), (b"tkhd", 80), (b"tkhd", 84),
            (b"stts", 8), (b"stts", 12), (b"stsz", 8), (b"stsz", 12), (b"stco", 8), (b"stsc", 12), (b"stsd", 8),
        ):  # fmt: skip
            at = mp4.index(box) + offset
            yield HostileFile(f"{box.decode()}-{offset}-is-{value}.mp4", mp4[:at] + word + mp4[at + 4 :])
    flood = struct.pack(">HH", 16384, 16384)
    at = mp4.index(b"avc1") + 28
    yield HostileFile("flood.mp4", mp4[:at] + flood + mp4[at + 4 :])
    gif = seeds["a.gif"]
    yield HostileFile("flood.gif", gif[:6] + struct.pack("<HH", 16384, 16384) + gif[10:])
    yield HostileFile("flood-65535.gif", gif[:6] + struct.pack("<HH", 65535, 65535) + gif[10:])
    avi = seeds["a.avi"]
    at = avi.index(b"strf") + 12
    yield HostileFile("flood.avi", avi[:at] + struct.pack("<ii", 16384, 16384) + avi[at + 8 :])
    at = avi.index(b"strh") + 28  # dwScale, dwRate
    yield HostileFile("fast.avi", avi[:at] + struct.pack("<II", 1, 10_000_000) + avi[at + 8 :])
    yield HostileFile("never.avi", avi[:at] + struct.pack("<II", 0, 0) + avi[at + 8 :])
    mkv = seeds["a.mkv"]
    at = mkv.index(b"\xb0\x81\x60\xba\x81\x40")  # PixelWidth 96, PixelHeight 64
    yield HostileFile("flood.mkv", mkv[:at] + b"\xb0\x81\xff\xba\x81\xff" + mkv[at + 6 :])


def playlists(target: Path) -> list[HostileFile]:
    """Return texts that name other files, each under the name of a video."""
    texts = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
        "hls-utf16": f"#EXTM3U\n#EXTINF:10,\n{target}\n",
        "hls-bom": f"\ufeff#EXTM3U\n#EXTINF:10,\n{target}\n",
        "concat": f"ffconcat version 1.0\nfile '{target}'\n",
        "concat-plain": f"file '{target}'\n",
        "dash": f"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{target}</BaseURL></MPD>",
        "smil": f"<smil><body><video src='{target}'/></body></smil>",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\na={target}\n",
        "pls": f"[playlist]\nFile1={target}\nNumberOfEntries=1\n",
        "asx": f"<asx version='3.0'><entry><ref href='{target}'/></entry></asx>",
        "xspf": f"<?xml version='1.0'?><playlist version='1'><trackList>{target}</trackList></playlist>",
        "smooth": f"<?xml version='1.0'?><SmoothStreamingMedia>{target}</SmoothStreamingMedia>",
        "rtsp": f"RTSPtext\nrtsp://127.0.0.1/{target}\n",
        "links": f"https://127.0.0.1/{target}\n",
        "metadata": f";FFMETADATA1\ntitle={target}\n",
        "protocol": f"#EXTM3U\n#EXTINF:10,\nconcat:{target}|{target}\n",
        "subfile": f"#EXTM3U\n#EXTINF:10,\nsubfile,,start,0,end,0,,:{target}\n",
    }
    return [
        HostileFile(f"{name}.mp4", text.encode("utf-16" if name.endswith("16") else "utf-8"))
        for name, text in texts.items()
    ]


def _others(rng: Rng) -> Iterator[HostileFile]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.mp4", b"x" * 500)
    yield HostileFile("zip.mp4", archive.getvalue())
    yield HostileFile("png.mp4", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 40000, 40000) + rng.bytes(300))
    yield HostileFile("nothing.mp4", b"")
    yield HostileFile("one-byte.mp4", b"\0")
    yield HostileFile("zeros.mp4", bytes(10_000))
    yield HostileFile("noise.mp4", rng.bytes(10_000))
    yield HostileFile("text.mp4", b"day one: squats, 3 sets of 10\n" * 50)
    yield HostileFile("box-of-boxes.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x08moov" * 2000)
    yield HostileFile("deep.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\xff\xff\xffmoov" * 2000)
    yield HostileFile("huge-box.mp4", b"\0\0\0\x01ftyp" + b"\xff" * 8 + bytes(100))
    yield HostileFile("ebml-only.mkv", b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 7)
    yield HostileFile("ebml-noise.mkv", b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01\x18\x53\x80\x67\xff" + rng.bytes(3000))
    yield HostileFile("riff-noise.avi", b"RIFF\xff\xff\xff\x7fAVI LIST" + rng.bytes(3000))
    yield HostileFile("gif-noise.gif", b"GIF89a" + rng.bytes(3000))
