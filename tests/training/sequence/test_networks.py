"""Networks of sequences: shapes, and that they learn what they are for."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from deukgeun.training.sequence.networks import NETWORKS  # noqa: E402

F, C, T = 6, 3, 24


def waves(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Waves of three speeds, at any phase: no single step tells them apart."""
    rng = torch.Generator().manual_seed(seed)
    y = torch.randint(C, (count,), generator=rng)
    phase = torch.rand(count, 1, F, generator=rng) * 6.3
    speed = torch.tensor([0.3, 0.9, 1.8])[y][:, None, None]
    x = torch.sin(torch.arange(T)[None, :, None] * speed + phase)
    return x + 0.1 * torch.randn(x.shape, generator=rng), y


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_a_network_learns_speeds(name: str) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    network = NETWORKS[name](F, C, width=32, depth=2, dropout=0.0)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for step in range(150):
        x, y = waves(48, step)
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(x), y).backward()
        optimiser.step()
    network.eval()
    x, y = waves(200, 9999)
    with torch.no_grad():
        found = network(x)
    assert found.shape == (200, C)
    assert float((found.argmax(1) == y).float().mean()) > 0.85


@pytest.mark.parametrize("name", sorted(NETWORKS))
@pytest.mark.parametrize("steps", [9, 40])
def test_any_length_of_window(name: str, steps: int) -> None:
    network = NETWORKS[name](F, C, width=32, depth=2, dropout=0.1).eval()
    with torch.no_grad():
        one = network(torch.zeros(1, steps, F))
        many = network(torch.zeros(5, steps, F))
    assert one.shape == (1, C)
    assert torch.allclose(many, one.expand(5, C), atol=1e-5)
