"""HRNet has the official parameters, by name, shape and number, and looks where it should."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from tests.training.pose import official  # noqa: E402

from deukgeun.errors import TrainingError  # noqa: E402
from deukgeun.pose.codecs import HeatmapCodec, SimccCodec  # noqa: E402
from deukgeun.training.pose.heads import HeatmapHead, SimccHead  # noqa: E402
from deukgeun.training.pose.hrnet import Hrnet, parameters, set_training, shape, shapes, train_only_head  # noqa: E402

COUNTERS = "num_batches_tracked"


def network(name: str, joints: int = 24, size: int = 64) -> Hrnet:
    return Hrnet(shape(name), HeatmapHead(shape(name).width, joints, HeatmapCodec(size, sigma=1.0)))


def layout(name: str) -> tuple[int, tuple[int, int], tuple[int, int, int], int]:
    size = shape(name)
    return size.width, (size.stem_planes, size.stem_blocks), size.modules, size.blocks


def numbers(shapes_by_name: dict[str, tuple[int, ...]]) -> int:
    """How many numbers are learnt."""
    learnt = {k: v for k, v in shapes_by_name.items() if not k.endswith((COUNTERS, "running_mean", "running_var"))}
    return sum(int(torch.Size(v).numel()) for v in learnt.values())


@pytest.mark.parametrize("name", shapes())
def test_names_and_shapes_are_the_official_ones(name: str) -> None:
    with torch.device("meta"):
        model = network(name, joints=17)
    assert {key: tuple(value.shape) for key, value in model.state_dict().items()} == official.pose(*layout(name), 17)


@pytest.mark.parametrize(("name", "millions"), [("w32", 28.5), ("w48", 63.6)])
def test_the_number_of_parameters_is_the_published_one(name: str, millions: float) -> None:
    with torch.device("meta"):
        model = network(name, joints=17)
    assert round(parameters(model) / 1e6, 1) == millions


@pytest.mark.parametrize(
    ("name", "published"), [("w18-small", 13.2e6), ("w18-small-v2", 15.6e6), ("w32", 41.2e6), ("w48", 77.5e6)]
)
def test_the_layout_of_imagenet_files_has_the_published_number_of_parameters(name: str, published: float) -> None:
    assert numbers(official.imagenet(*layout(name))) == pytest.approx(published, abs=0.05e6)


def test_heads_are_interchangeable() -> None:
    pictures = torch.randn(2, 3, 64, 64)
    size = shape("w8-tiny")
    maps = Hrnet(size, HeatmapHead(size.width, 24, HeatmapCodec(64)))(pictures)
    classes = Hrnet(size, SimccHead(size.width, 24, SimccCodec(64)))(pictures)
    assert [tuple(each.shape) for each in maps] == [(2, 24, 16, 16)]
    assert [tuple(each.shape) for each in classes] == [(2, 24, 128), (2, 24, 128)]


def test_a_cell_of_the_map_looks_around_its_own_pixel() -> None:
    """What a cell of the strided stem sees lies, on average, at 4 times its place: the codec's assumption."""
    model = network("w8-tiny")
    for convolution in (model.conv1, model.conv2):
        torch.nn.init.ones_(convolution.weight)  # all weights alike, so that the centre of what is seen shows
    picture = torch.ones(1, 3, 128, 128, requires_grad=True)
    model.conv2(model.conv1(picture))[0, :, 16, 16].sum().backward()
    assert picture.grad is not None
    mass = picture.grad.abs().sum(dim=(0, 1))
    place = torch.arange(128, dtype=torch.float32)
    assert float((mass.sum(0) * place).sum() / mass.sum()) == pytest.approx(64.0)
    assert float((mass.sum(1) * place).sum() / mass.sum()) == pytest.approx(64.0)


def test_the_head_alone_learns_and_the_rest_keeps_its_means() -> None:
    model = network("w8-tiny")
    train_only_head(model, True)
    set_training(model, True)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.1)
    (maps,) = model(torch.randn(2, 3, 64, 64))
    maps.square().mean().backward()
    optimiser.step()
    changed = {key for key, value in model.state_dict().items() if not torch.equal(value, before[key])}
    assert changed == {"final_layer.weight", "final_layer.bias"}


def test_everything_learns() -> None:
    model = network("w8-tiny")
    train_only_head(model, True)
    train_only_head(model, False)
    set_training(model, False)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1)
    (maps,) = model(torch.randn(2, 3, 64, 64))
    (maps - 1).square().mean().backward()
    optimiser.step()
    same = {key for key, value in model.state_dict().items() if torch.equal(value, before[key])}
    assert not same


def test_an_unknown_size_is_refused_with_the_known_ones() -> None:
    with pytest.raises(TrainingError, match="w18-small"):
        shape("w64")


@pytest.mark.parametrize("change", [{"width": 0}, {"modules": (1, 0, 1)}])
def test_a_network_without_extent_is_refused(change: dict[str, Any]) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="at least 1"):
        replace(shape("w32"), **change)
