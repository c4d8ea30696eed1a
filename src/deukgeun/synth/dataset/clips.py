"""The layout ``clips``: DIR/clips/000123_push_up.mp4 with its truth beside it, and the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deukgeun.synth.dataset.run import Row
from deukgeun.synth.truth import ClipTruth, read_truth

CLIPS = "clips"


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """One clip of a data set in ``folder``; everything about it follows from its fields."""

    index: int
    seed: int
    name: str
    duration_s: float
    rate_hz: float | None
    folder: Path
    bodies: Path
    room: str | None
    lines: int | None = None

    @property
    def video(self) -> Path:
        """Where the video goes."""
        return self.folder / CLIPS / f"{self.index:06}_{self.name}.mp4"

    def finished(self) -> Row | None:
        """The row of the manifest when video and truth are there: the truth is written last."""
        path = self.video.with_suffix(".json")
        if not (path.exists() and path.with_suffix(".npz").exists() and self.video.exists()):
            return None
        try:
            truth = read_truth(path)
        except (ValueError, OSError):
            return None
        return _row(self, truth) if truth.generator.seed == self.seed else None


def clip_seed(seed: int, index: int) -> int:
    """The seed of clip ``index`` of the data set ``seed``: it does not depend on who makes it, or when."""
    return int(np.random.SeedSequence([seed, index]).generate_state(1)[0])


def clip_orders(
    names: tuple[str, ...], count: int, seed: int, folder: Path, bodies: Path, *,
    duration_s: float = 8.0, rate_hz: float | None = None, room: str | None = None,
    lines: int | None = None,
) -> tuple[ClipOrder, ...]:  # fmt: skip
    """``count`` clips of the exercises or motions ``names``, each as often as the others."""
    return tuple(
        ClipOrder(k, clip_seed(seed, k), names[k % len(names)], duration_s, rate_hz, folder, bodies, room, lines)
        for k in range(count)
    )


def make_clip(order: ClipOrder) -> Row:
    """Film the clip and return its row of the manifest."""
    from deukgeun.synth.extra import need_extra
    from deukgeun.synth.film import Staging, film
    from deukgeun.synth.scenario import draw_scenario

    need_extra()
    order.video.parent.mkdir(parents=True, exist_ok=True)
    scenario = draw_scenario(
        order.seed, order.name, duration_s=order.duration_s, rate_hz=order.rate_hz, lines=order.lines
    )
    return _row(order, film(scenario, order.video, Staging(order.bodies, room=order.room)))


def _row(order: ClipOrder, truth: ClipTruth) -> Row:
    return {
        "index": order.index,
        "seed": order.seed,
        "name": order.name,
        "video": order.video.relative_to(order.folder).as_posix(),
        "frames": len(truth.time_s),
        "fps": truth.fps,
        "width": truth.width,
        "height": truth.height,
        "view": truth.camera.view,
        "athlete": truth.people[0].figure,
        "exercise": truth.sets[0].exercise if truth.sets else None,
        "equipment": truth.sets[0].equipment if truth.sets else None,
        "repetitions": sum(len(each.repetitions) for each in truth.sets),
    }
