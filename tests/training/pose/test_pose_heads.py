"""The losses are what they are said to be."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from deukgeun.pose.codecs import HeatmapCodec, SimccCodec  # noqa: E402
from deukgeun.training.pose.heads import HeatmapHead, SimccHead, joints_mse, make_head, simcc_kl  # noqa: E402


def official_joints_mse(output, target, weight):  # type: ignore[no-untyped-def]
    """The official definition, joint by joint: half of MSELoss of the weighted maps, averaged over the joints."""
    batch, joints = output.shape[:2]
    criterion = torch.nn.MSELoss(reduction="mean")
    total = 0.0
    for k in range(joints):
        given, wanted = output[:, k].reshape(batch, -1), target[:, k].reshape(batch, -1)
        total += 0.5 * criterion(given * weight[:, k, None], wanted * weight[:, k, None])
    return total / joints


def test_the_loss_of_maps_is_the_official_one() -> None:
    torch.manual_seed(0)
    output, target = torch.randn(3, 24, 16, 16), torch.rand(3, 24, 16, 16)
    weight = (torch.rand(3, 24) > 0.4).float() * torch.rand(3, 24)
    assert joints_mse(output, target, weight) == pytest.approx(float(official_joints_mse(output, target, weight)))


def test_joints_without_weight_teach_nothing() -> None:
    for codec in (HeatmapCodec(64), SimccCodec(64)):
        head = make_head(8, 24, codec)
        targets, weights = codec.encode(np.full((24, 2), np.nan), np.ones(24))
        outputs = head(torch.randn(1, 8, 16, 16))
        loss = head.loss(outputs, tuple(torch.from_numpy(t)[None] for t in targets), torch.from_numpy(weights)[None])
        assert float(loss.detach()) == 0.0


def test_the_loss_of_classes_is_the_divergence_from_the_target() -> None:
    codec = SimccCodec(64)
    targets, weights = codec.encode(np.random.default_rng(0).uniform(5, 58, (24, 2)), np.ones(24))
    wanted = tuple(torch.from_numpy(t)[None] for t in targets)
    weight = torch.from_numpy(weights)[None]
    perfect = tuple(torch.log(each + 1e-30) for each in wanted)
    assert float(simcc_kl(perfect, wanted, weight)) == pytest.approx(0.0, abs=1e-5)
    flat = tuple(torch.zeros_like(each) for each in wanted)
    entropy = [float(-(t * torch.log(t.clamp_min(1e-30))).sum(-1).mean()) for t in wanted]
    assert float(simcc_kl(flat, wanted, weight)) == pytest.approx(np.log(128) - np.mean(entropy), rel=1e-4)
    assert float(simcc_kl(flat, wanted, weight / 2)) == pytest.approx(0.5 * float(simcc_kl(flat, wanted, weight)))


def test_a_head_is_made_for_its_codec() -> None:
    assert isinstance(make_head(8, 24, HeatmapCodec(64)), HeatmapHead)
    assert isinstance(make_head(8, 24, SimccCodec(64)), SimccHead)
    with pytest.raises(TypeError, match="no head"):
        make_head(8, 24, object())  # type: ignore[arg-type]
