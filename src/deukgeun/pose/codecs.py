"""Joints as networks speak of them: heat maps, or a class along each axis (SimCC), and back to pixels.

Pixels are those of the square picture that the network sees, the centre of the first at 0. Training makes its targets
here and the runtime reads its outputs here, so that both mean the same by a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.geometry import Floats, Image

Maps = tuple[NDArray[np.float32], ...]
Method = Literal["plain", "dark"]
# Means and deviations of ImageNet's red, green and blue in 0..1, with which official HRNet files were trained.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
_TINY = 1e-10
_REACH = 3.0  # deviations: a joint further than this outside the map leaves no trace in it


class Codec(Protocol):
    """What every way to write joints can do."""

    @property
    def size(self) -> int:
        """The side of the picture in pixels."""
        ...

    def encode(self, joints: Floats, weights: Floats) -> tuple[Maps, NDArray[np.float32]]:
        """Return the targets for joints (K, 2) and their weights (K,), 0 for joints that they cannot show."""
        ...

    def decode(self, outputs: Sequence[NDArray[np.float32]]) -> tuple[Floats, Floats]:
        """Return joints (N, K, 2) and scores (N, K) in 0..1 of what the network gave for N pictures."""
        ...

    def mirror(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """Return pictures (..., H, W, 3) whose outputs are exact mirror images of the pictures' own."""
        ...

    def unmirror(self, outputs: Sequence[NDArray[np.float32]], order: NDArray[np.intp]) -> Maps:
        """Return outputs for mirrored pictures as outputs for the pictures; ``order`` (K,) swaps left and right."""
        ...

    def metadata(self) -> dict[str, Any]:
        """Return what ``codec_of`` makes the codec from: plain values."""
        ...


@dataclass(frozen=True, slots=True)
class HeatmapCodec:
    """One map a joint, a Gaussian of deviation ``sigma`` cells around it.

    Cell j lies at pixel ``stride`` * j: where the strided convolutions of the network are centred, and what official
    HRNet files were trained with. Unlike the official targets, the Gaussian is not moved to the nearest cell.
    ``method``: ``plain`` is the official decoding (a quarter of a cell towards the larger neighbour); ``dark`` finds
    the top of the map's logarithm, as DARK does (Zhang et al., CVPR 2020, arXiv 1910.06278), by a fit instead of a blur
    and differences, which holds up to the border of the map.
    """

    size: int
    stride: int = 4
    sigma: float = 2.0
    method: Method = "dark"
    kind: ClassVar[str] = "heatmap"

    def __post_init__(self) -> None:
        if self.size < 3 * self.stride or self.size % self.stride or self.sigma <= 0:
            raise ValueError(f"heat maps need a size of several strides and a sigma over 0: {self}")
        if self.method not in ("plain", "dark"):
            raise ValueError(f"method is plain or dark, is {self.method!r}")

    @property
    def cells(self) -> int:
        """Cells along each side of a map."""
        return self.size // self.stride

    def encode(self, joints: Floats, weights: Floats) -> tuple[Maps, NDArray[np.float32]]:
        """Return maps (K, cells, cells), 1 at each joint, and the weights."""
        centre = joints / self.stride
        shown, centre = _shown(centre, self.cells, self.sigma)
        gap = np.arange(self.cells) - centre[..., None]
        kept = np.where(shown, weights, 0.0).astype(np.float32)
        rays = np.exp(-(gap**2) / (2 * self.sigma**2)).astype(np.float32) * (kept > 0)[:, None, None]
        return (rays[:, 1, :, None] * rays[:, 0, None, :],), kept

    def decode(self, outputs: Sequence[NDArray[np.float32]]) -> tuple[Floats, Floats]:
        """Return joints and scores of maps (N, K, cells, cells); a score is the height of the peak."""
        (maps,) = outputs
        flat = maps.reshape(-1, self.cells, self.cells)
        score = np.clip(flat.max(axis=(1, 2)), 0.0, 1.0).astype(np.float64)
        cells = _fitted(flat, self.sigma) if self.method == "dark" else _quarter(flat)
        return cells.reshape(*maps.shape[:2], 2) * self.stride, score.reshape(maps.shape[:2])

    def mirror(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """Mirror, then move by stride - 1 pixels: column 0 of the maps is pixel 0, the last is not the last pixel.

        The columns that enter repeat the picture's edge.
        """
        return _turned(pictures, self.stride - 1)

    def unmirror(self, outputs: Sequence[NDArray[np.float32]], order: NDArray[np.intp]) -> Maps:
        """Return the maps mirrored, left and right swapped."""
        return (outputs[0][:, order, :, ::-1],)

    def metadata(self) -> dict[str, Any]:
        """Return the fields and the kind."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True, slots=True)
class SimccCodec:
    """Two rows of classes a joint, x and y, ``split`` classes a pixel: SimCC (Li et al., ECCV 2022, arXiv 2107.03332).

    The target is a Gaussian of deviation ``sigma`` classes that sums to 1; class k lies at pixel k / ``split``.
    """

    size: int
    split: int = 2
    sigma: float = 6.0
    kind: ClassVar[str] = "simcc"

    def __post_init__(self) -> None:
        if self.classes < 3 or self.sigma <= 0:
            raise ValueError(f"SimCC needs three classes and a sigma over 0: {self}")

    @property
    def classes(self) -> int:
        """Classes along each axis."""
        return self.size * self.split

    def encode(self, joints: Floats, weights: Floats) -> tuple[Maps, NDArray[np.float32]]:
        """Return x (K, classes) and y (K, classes), each row a distribution, and the weights."""
        shown, centre = _shown(joints * self.split, self.classes, self.sigma)
        gap = np.arange(self.classes) - centre[..., None]
        rows = np.exp(-(gap**2) / (2 * self.sigma**2))
        rows /= np.maximum(rows.sum(axis=-1, keepdims=True), _TINY)
        kept = np.where(shown, weights, 0.0).astype(np.float32)
        return (rows[:, 0].astype(np.float32), rows[:, 1].astype(np.float32)), kept

    def decode(self, outputs: Sequence[NDArray[np.float32]]) -> tuple[Floats, Floats]:
        """Return joints and scores of logits x and y (N, K, classes).

        A score is the height of the lower of both peaks, as a share of the target's own peak.
        """
        places, peaks = zip(*(self._along(each) for each in outputs), strict=True)
        score = np.clip(np.minimum(*peaks) * self.sigma * np.sqrt(2 * np.pi), 0.0, 1.0)
        return np.stack(places, axis=-1) / self.split, score

    def _along(self, logits: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """Return the place of the peak (N, K) in classes, to a fraction by a parabola through three, and its height."""
        values = logits.astype(np.float64)
        values -= values.max(axis=-1, keepdims=True)
        peak = np.clip(values.argmax(axis=-1), 1, self.classes - 2)
        before, here, after = (
            np.take_along_axis(values, (peak + step)[..., None], axis=-1)[..., 0] for step in (-1, 0, 1)
        )
        curve = before - 2 * here + after
        step = np.where(curve < -_TINY, (before - after) / (2 * np.minimum(curve, -_TINY)), 0.0)
        return peak + np.clip(step, -1.0, 1.0), 1.0 / np.exp(values).sum(axis=-1)

    def mirror(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """Return the pictures mirrored."""
        return _turned(pictures, 0)

    def unmirror(self, outputs: Sequence[NDArray[np.float32]], order: NDArray[np.intp]) -> Maps:
        """Return the rows as of the pictures: class k of x is class (size - 1) * split - k of the mirrored."""
        last = (self.size - 1) * self.split
        source = np.clip(last - np.arange(self.classes), 0, None)
        return outputs[0][:, order][..., source], outputs[1][:, order]

    def metadata(self) -> dict[str, Any]:
        """Return the fields and the kind."""
        return {"kind": self.kind, **asdict(self)}


def codec_of(metadata: Mapping[str, Any]) -> Codec:
    """Return the codec that ``metadata`` tells of. Raises ``ValueError`` if it tells of none."""
    kinds: dict[str, type[HeatmapCodec] | type[SimccCodec]] = {"heatmap": HeatmapCodec, "simcc": SimccCodec}
    values = dict(metadata)
    kind = values.pop("kind", None)
    if kind not in kinds:
        raise ValueError(f"there is no codec {kind!r}")
    try:
        return cast(Codec, kinds[kind](**values))
    except TypeError as error:
        raise ValueError(f"these are not the values of a codec: {values}") from error


def normalised(
    pictures: Image, mean: Sequence[float] = IMAGENET_MEAN, deviation: Sequence[float] = IMAGENET_STD
) -> NDArray[np.float32]:
    """Return pictures (N, S, S, 3) as the network's input (N, 3, S, S), mean and deviation of the colours taken out."""
    spread = np.array(deviation, np.float32)[:, None, None]
    scaled = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32)
    scaled *= 1.0 / (255.0 * spread)
    scaled -= np.array(mean, np.float32)[:, None, None] / spread
    return scaled


def _shown(centre: Floats, cells: int, sigma: float) -> tuple[NDArray[np.bool_], Floats]:
    """Return which joints (K,) reach into ``cells``, and their centres with those of unknown joints made 0."""
    known = np.isfinite(centre).all(axis=1, keepdims=True)
    safe = np.where(known, centre, 0.0)
    reach = _REACH * sigma
    shown = known & (safe > -reach) & (safe < cells - 1 + reach)
    return np.asarray(shown.all(axis=1)), safe


def _turned(pictures: NDArray[Any], shift: int) -> NDArray[Any]:
    """Return the pictures mirrored and moved to the left; what enters at the right repeats the edge."""
    mirrored = pictures[..., ::-1, :]
    edge = np.repeat(mirrored[..., -1:, :], shift, axis=-2)
    return np.concatenate([mirrored[..., shift:, :], edge], axis=-2)


def _peaks(maps: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and column of the highest cell of each map (M, H, W)."""
    best = maps.reshape(len(maps), -1).argmax(axis=1)
    rows, columns = np.divmod(best, maps.shape[2])
    return rows, columns


def _quarter(maps: NDArray[np.float32]) -> Floats:
    """Return x and y (M, 2) in cells: the peak, a quarter of a cell towards its larger neighbour."""
    rows, columns = _peaks(maps)
    high, wide = maps.shape[1] - 1, maps.shape[2] - 1
    each = np.arange(len(maps))
    right = maps[each, rows, np.minimum(columns + 1, wide)] - maps[each, rows, np.maximum(columns - 1, 0)]
    down = maps[each, np.minimum(rows + 1, high), columns] - maps[each, np.maximum(rows - 1, 0), columns]
    inside = (rows > 0) & (rows < high) & (columns > 0) & (columns < wide)
    step = 0.25 * np.sign(np.stack([right, down], axis=1)) * inside[:, None]
    return np.asarray(np.stack([columns, rows], axis=1) + step, np.float64)


def _fitted(maps: NDArray[np.float32], sigma: float) -> Floats:
    """Return x and y (M, 2) in cells: the top of the parabola that fits the logarithm of the map around its peak.

    The logarithm of a Gaussian is a parabola in x and y. It is fitted to a window of one deviation each way by least
    squares, a cell counting with the square of its height: the error of a logarithm goes with the inverse of the height
    (Guo, IEEE Signal Processing Magazine 28(5), 2011). Where that has no top, the quarter of a cell serves.
    """
    reach = min(max(1, round(sigma)), (maps.shape[1] - 1) // 2)
    rows, columns = _peaks(maps)
    r, c = np.clip(rows, reach, maps.shape[1] - 1 - reach), np.clip(columns, reach, maps.shape[2] - 1 - reach)
    y, x = (each.ravel() for each in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    window = maps[np.arange(len(maps))[:, None], r[:, None] + y, c[:, None] + x].astype(np.float64)
    heights = np.maximum(window, _TINY)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(np.float64)
    share = heights**2 / (heights**2).max(axis=1, keepdims=True)
    normal = np.einsum("mw,wi,wj->mij", share, terms, terms) + 1e-9 * np.eye(6)
    moment = np.einsum("mw,wi->mi", share * np.log(heights), terms)
    _, a, b, aa, ab, bb = np.linalg.solve(normal, moment[..., None])[..., 0].T
    curve = 4 * aa * bb - ab**2
    sound = (aa < 0) & (curve > 1e-6)
    top = np.stack([ab * b - 2 * bb * a, ab * a - 2 * aa * b], axis=1) / np.where(sound, curve, 1.0)[:, None]
    peak = np.stack([columns, rows], axis=1).astype(np.float64)
    near = np.clip(np.stack([c, r], axis=1) + top, peak - 1.0, peak + 1.0)
    return np.where(sound[:, None], near, _quarter(maps))
