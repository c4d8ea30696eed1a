"""A training run of a pose network, from top to bottom.

``train(config, folder)`` begins a run or goes on with the one in the folder. Under ``torchrun`` all processes call it
with the same arguments, share each batch, and the first one writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from deukgeun.errors import TrainingError
from deukgeun.skeleton import Skeleton, skeleton
from deukgeun.training.config import as_mapping
from deukgeun.training.pose import records
from deukgeun.training.pose.crops import CropSample, read_crops
from deukgeun.training.pose.data import TrainingSet, loader, moved, plan
from deukgeun.training.pose.group import Group, joined
from deukgeun.training.pose.hrnet import Hrnet, set_training, train_only_head
from deukgeun.training.pose.metrics import joint_rmse, keypoint_rmse
from deukgeun.training.pose.predict import FASTER, Predictions, predict
from deukgeun.training.pose.settings import PoseConfig
from deukgeun.training.pose.weights import load_checkpoint

Tell = Callable[[str, int, int], None]
_LEAST_PERCENTILE = 5  # of the images' middle scores: people who are there score higher, but for these few


@dataclass(slots=True)
class _Run:
    """What changes while a run goes on, and what it works with."""

    config: PoseConfig
    folder: Path
    group: Group
    joints: Skeleton
    samples: tuple[CropSample, ...]
    held_out: tuple[CropSample, ...]
    model: Hrnet
    wrapped: nn.Module
    optimiser: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    tell: Tell
    history: list[records.Row]

    def autocast(self) -> torch.autocast:
        """Where the network computes with fewer bits: half precision on a GPU, bfloat16 on a processor."""
        kind = self.group.device.type
        few, wanted = (torch.float16, self.config.half) if kind == "cuda" else (torch.bfloat16, self.config.bfloat16)
        return torch.autocast(kind, few, enabled=wanted)


def train(config: PoseConfig, folder: Path, tell: Tell | None = None) -> Path:
    """Train until the last epoch and return the checkpoint with the lowest RMSE on the held-out crops.

    A run that was killed goes on after its last whole epoch, to the same weights as if it had not been.
    ``tell(stage, done, total)`` is called with the stages ``epoch`` and ``step``. Raises ``TrainingError`` and
    ``output-not-writable``.
    """
    with joined() as group:
        run = _prepared(config, folder, group, tell or _silent)
        for epoch in range(len(run.history) + 1, config.epochs + 1):
            started = perf_counter()
            run.tell("epoch", epoch, config.epochs)
            loss = _train_epoch(run, epoch)
            found = predict(run.model, run.held_out, run.joints, group, _share(run), config.flip_test, config.workers)
            run.history.append(_row(epoch, config.rate(epoch), loss, found, run.joints, perf_counter() - started))
            if group.main:
                _save(run, epoch)
            group.wait()
    return folder / records.BEST


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def _prepared(config: PoseConfig, folder: Path, group: Group, tell: Tell) -> _Run:
    """Return the run, new or as it was after its last epoch."""
    joints = skeleton(records.SKELETON)
    samples, held_out = read_crops(Path(config.train), joints), read_crops(Path(config.val), joints)
    if config.batch % group.world or len(samples) < group.world:
        reason = f"{config.batch} pictures cannot be shared among {group.world} processes"
        raise TrainingError("training-config", name="batch", reason=reason)
    state = records.resumed(folder, config)
    group.wait()
    torch.manual_seed(config.seed)
    model = records.build(config, joints)
    account = load_checkpoint(model, Path(config.start), joints) if state is None and config.start else None
    train_only_head(model, config.learn == "head")
    model.to(group.device, memory_format=FASTER)
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(learning, lr=config.learning_rate)
    scaler = torch.amp.GradScaler(group.device.type, enabled=config.half and group.device.type == "cuda")
    wrapped = DistributedDataParallel(model) if group.world > 1 else model
    run = _Run(config, folder, group, joints, samples, held_out, model, wrapped, optimiser, scaler, tell, [])
    if state is not None:
        _restore(run, state)
    elif group.main:
        records.begin(folder, config, account)
    return run


def _restore(run: _Run, state: dict[str, Any]) -> None:
    """Put everything back as it was when the state was saved.

    The order of the crops and what is done to them come from (seed, epoch, number): there is no other generator to
    restore than torch's.
    """
    run.model.load_state_dict(state["model"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.scaler.load_state_dict(state["scaler"])
    torch.set_rng_state(state["rng"])
    run.history = list(state["history"])


def _share(run: _Run) -> int:
    return max(1, run.config.batch // run.group.world)


def _train_epoch(run: _Run, epoch: int) -> float:
    """Take one step for each batch and return the mean loss over all processes."""
    config, group = run.config, run.group
    crops = TrainingSet(run.samples, config.codec, run.joints, config.augmentation, config.seed, epoch)
    batches = plan(len(crops), config.batch, config.seed, epoch, group.rank, group.world)
    for settings in run.optimiser.param_groups:
        settings["lr"] = config.rate(epoch)
    set_training(run.model, config.learn == "head")
    losses = []
    for step, (pictures, targets, weights, _) in enumerate(loader(crops, batches, config.workers), start=1):
        here, shares = moved((pictures.contiguous(memory_format=FASTER), weights), group.device)
        losses.append(_step(run, here, shares, moved(targets, group.device)))
        run.tell("step", step, len(batches))
    return float(np.mean(group.gathered(float(np.mean(losses)))))


def _step(run: _Run, pictures: torch.Tensor, weights: torch.Tensor, targets: tuple[torch.Tensor, ...]) -> float:
    """Take one step downhill and return the loss before it."""
    with run.autocast():
        outputs = run.wrapped(pictures)
    loss = run.model.final_layer.loss(outputs, targets, weights)
    run.optimiser.zero_grad(set_to_none=True)
    run.scaler.scale(loss).backward()
    run.scaler.step(run.optimiser)
    run.scaler.update()
    return float(loss.detach())


def _row(epoch: int, rate: float, loss: float, found: Predictions, joints: Skeleton, seconds: float) -> records.Row:
    """Return one line of the history: losses, and RMSE in pixels of the whole picture."""
    rmse = keypoint_rmse(found.squared)
    row = {
        "epoch": float(epoch),
        "learning_rate": rate,
        "train_loss": loss,
        "val_loss": found.loss,
        "rmse_mean": float(np.nanmean(rmse)),
        "rmse_median": float(np.nanmedian(rmse)),
        "least_score": float(np.percentile(np.median(found.score, axis=1), _LEAST_PERCENTILE)),
        "seconds": seconds,
    }
    each = joint_rmse(found.squared)
    return row | {f"rmse_{joint}": float(value) for joint, value in zip(joints.joints, each, strict=True)}


def _save(run: _Run, epoch: int) -> None:
    """Write the checkpoints of an epoch; the one to go on from comes last, when the others are there."""
    row = run.history[-1]
    trained = {"config": as_mapping(run.config), "model": run.model.state_dict(), "epoch": epoch, "row": row}
    if records.is_snapshot(epoch, run.config.epochs):
        records.save(run.folder, f"epoch_{epoch:03d}.pt", trained)
    if best_epoch(run.history) == epoch:
        records.save(run.folder, records.BEST, trained)
    records.write_history(run.folder, run.history)
    going_on = {
        "optimiser": run.optimiser.state_dict(),
        "scaler": run.scaler.state_dict(),
        "rng": torch.get_rng_state(),
        "history": run.history,
    }
    records.save(run.folder, records.LAST, trained | going_on)


def best_epoch(history: Sequence[records.Row]) -> int:
    """Return the epoch with the lowest mean RMSE, the first of equals."""
    return int(min(history, key=lambda row: row["rmse_mean"])["epoch"])
