"""The parameters of official HRNet files, written out name by name: what the official constructors would register."""

from __future__ import annotations

from collections.abc import Iterator

Shapes = dict[str, tuple[int, ...]]


def pose(width: int, stem: tuple[int, int], modules: tuple[int, int, int], blocks: int, joints: int) -> Shapes:
    """A file of the pose repository: ``stem`` is (planes, blocks) of layer1."""
    found = dict(_backbone(width, stem, modules, blocks, lower_outputs=False))
    return found | {"final_layer.weight": (joints, width, 1, 1), "final_layer.bias": (joints,)}


def imagenet(width: int, stem: tuple[int, int], modules: tuple[int, int, int], blocks: int) -> Shapes:
    """A file of the classification repository."""
    found = dict(_backbone(width, stem, modules, blocks, lower_outputs=True))
    planes = (32, 64, 128, 256)
    for branch, plane in enumerate(planes):
        found.update(_bottleneck(f"incre_modules.{branch}.0", width << branch, plane))
    for branch in range(3):
        conv = (planes[branch + 1] * 4, planes[branch] * 4, 3, 3)
        found[f"downsamp_modules.{branch}.0.weight"] = conv
        found[f"downsamp_modules.{branch}.0.bias"] = conv[:1]
        found.update(_norm(f"downsamp_modules.{branch}.1", conv[0]))
    found |= {"final_layer.0.weight": (2048, 1024, 1, 1), "final_layer.0.bias": (2048,)}
    found.update(_norm("final_layer.1", 2048))
    return found | {"classifier.weight": (1000, 2048), "classifier.bias": (1000,)}


Pairs = Iterator[tuple[str, tuple[int, ...]]]


def _norm(name: str, channels: int) -> Pairs:
    for each in ("weight", "bias", "running_mean", "running_var"):
        yield f"{name}.{each}", (channels,)
    yield f"{name}.num_batches_tracked", ()


def _conv_norm(conv: str, norm: str, out: int, into: int, kernel: int) -> Pairs:
    yield f"{conv}.weight", (out, into, kernel, kernel)
    yield from _norm(norm, out)


def _bottleneck(name: str, into: int, planes: int) -> Pairs:
    yield from _conv_norm(f"{name}.conv1", f"{name}.bn1", planes, into, 1)
    yield from _conv_norm(f"{name}.conv2", f"{name}.bn2", planes, planes, 3)
    yield from _conv_norm(f"{name}.conv3", f"{name}.bn3", planes * 4, planes, 1)
    if into != planes * 4:
        yield from _conv_norm(f"{name}.downsample.0", f"{name}.downsample.1", planes * 4, into, 1)


def _backbone(
    width: int, stem: tuple[int, int], modules: tuple[int, int, int], blocks: int, lower_outputs: bool
) -> Pairs:
    yield from _conv_norm("conv1", "bn1", 64, 3, 3)
    yield from _conv_norm("conv2", "bn2", 64, 64, 3)
    planes, count = stem
    for block in range(count):
        yield from _bottleneck(f"layer1.{block}", 64 if block == 0 else planes * 4, planes)
    yield from _conv_norm("transition1.0.0", "transition1.0.1", width, planes * 4, 3)
    yield from _conv_norm("transition1.1.0.0", "transition1.1.0.1", width * 2, planes * 4, 3)
    yield from _conv_norm("transition2.2.0.0", "transition2.2.0.1", width * 4, width * 2, 3)
    yield from _conv_norm("transition3.3.0.0", "transition3.3.0.1", width * 8, width * 4, 3)
    for stage, count in zip((2, 3, 4), modules, strict=True):
        for module in range(count):
            last = stage == 4 and module == count - 1 and not lower_outputs
            yield from _module(f"stage{stage}.{module}", width, stage, blocks, 1 if last else stage)


def _module(name: str, width: int, branches: int, blocks: int, outputs: int) -> Pairs:
    for branch in range(branches):
        for block in range(blocks):
            inner = f"{name}.branches.{branch}.{block}"
            yield from _conv_norm(f"{inner}.conv1", f"{inner}.bn1", width << branch, width << branch, 3)
            yield from _conv_norm(f"{inner}.conv2", f"{inner}.bn2", width << branch, width << branch, 3)
    for i in range(outputs):
        for j in range(branches):
            fuse = f"{name}.fuse_layers.{i}.{j}"
            if j > i:
                yield from _conv_norm(f"{fuse}.0", f"{fuse}.1", width << i, width << j, 1)
            for k in range(i - j):
                out = width << (i if k == i - j - 1 else j)
                yield from _conv_norm(f"{fuse}.{k}.0", f"{fuse}.{k}.1", out, width << j, 3)
