"""Writes frames as an H.264 video that every browser plays."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]


def write(path: Path, frames: Iterable[Image], fps: int, quality: int) -> None:
    """Encode (H, W, 3) RGB `frames` at `fps` with constant rate factor `quality` (lower is better and larger)."""
    options = {"crf": str(quality), "preset": "slow", "movflags": "+faststart", "threads": "1"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        stream = None
        for number, image in enumerate(frames):
            if stream is None:
                stream = out.add_stream("libx264", rate=fps, options=options)
                stream.height, stream.width = image.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.time_base = Fraction(1, fps)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode())
