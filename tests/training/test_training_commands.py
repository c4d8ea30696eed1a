"""``deukgeun train`` and ``deukgeun evaluate``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from deukgeun.training.commands import evaluate, train
from deukgeun.training.commands.options import changes, names
from deukgeun.training.student.sequences import Sequences, load, save

RUN = CliRunner()


def test_values_are_read_as_they_are_meant() -> None:
    given = ["loop.rate=0.01", "network=lstm", "loop.batch=8", 'frame="body"', "with_view=false"]
    assert changes(given) == {
        "loop": {"rate": 0.01, "batch": 8}, "network": "lstm", "frame": "body", "with_view": False
    }  # fmt: skip
    assert changes(None) == {}
    assert names(" Z1, ,Z2 ") == ["Z1", "Z2"]


@pytest.mark.parametrize("text", ["loop.rate", "=3"])
def test_a_change_without_a_name_or_value(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        changes([text])


@pytest.mark.parametrize("app", [train, evaluate])
def test_help_names_every_command(app: typer.Typer) -> None:
    told = RUN.invoke(app, ["--help"])
    assert told.exit_code == 0
    assert all(command.name in told.stdout for command in app.registered_commands)


@pytest.fixture
def sequences(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    kind, count = rng.integers(2, size=80), 80
    xy = np.broadcast_to(rng.uniform(400, 800, (1, 1, 24, 2)), (count, 16, 24, 2)).copy()
    xy[:, :, 5:11, 1] += kind[:, None, None] * 150 * np.sin(np.arange(16))[:, None]
    made = Sequences(
        xy + rng.normal(0, 3, xy.shape), np.array(["still", "moving"])[kind], np.full(count, "C"),
        np.array([f"Z{k % 8}" for k in range(count)]),
    )  # fmt: skip
    save(made, tmp_path / "s.npz")
    return tmp_path / "s.npz"


SETS = ["--set", "length=16", "--set", "width=16", "--set", "loop.iterations=60", "--set", "loop.look_every=30",
        "--set", "loop.batch=16", "--set", "network=tcn", "--set", "frame=body", "--set", "loop.rate=0.01"]  # fmt: skip


def test_a_classifier_from_sequences_to_figures(sequences: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    pytest.importorskip("matplotlib", reason="the extra `train` is not installed")
    run, page = tmp_path / "run", tmp_path / "page.html"
    told = RUN.invoke(train, ["exercise", str(sequences), str(run), "--held", "Z1,Z2", "--leave-out", "Z3", *SETS])
    assert told.exit_code == 0, told.output
    assert "accuracy 1.000 on 20 sequences" in told.stdout
    told = RUN.invoke(
        evaluate, ["exercise", str(sequences), "--run", str(run), "--performers", "Z3", "--report", str(page)]
    )
    assert told.exit_code == 0, told.output
    assert "accuracy 1.000 [0.722, 1.000] (n = 10)" in told.stdout
    assert "<svg" in page.read_text("utf-8")


def test_more_to_learn_from_leaves_out_who_is_held(
    sequences: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    from deukgeun.training.student import fit

    seen: dict[str, Sequences] = {}

    def learn(config: object, known: Sequences, unseen: Sequences, *_: object) -> tuple[None, dict[str, float]]:
        seen.update(known=known, unseen=unseen)
        return None, {"score": 1.0}

    monkeypatch.setattr(fit, "train", learn)
    more = load(sequences)
    save(Sequences(more.xy, more.exercise, more.view, np.where(more.performer == "Z4", "Z99", more.performer)),
         tmp_path / "more.npz")  # fmt: skip
    told = RUN.invoke(train, ["exercise", str(sequences), str(tmp_path / "run"), "--also", str(tmp_path / "more.npz"),
                              "--held", "Z1,Z2", "--leave-out", "Z3"])  # fmt: skip
    assert told.exit_code == 0, told.output
    counts = dict(zip(*np.unique(seen["known"].performer, return_counts=True), strict=True))
    assert counts == {"Z0": 20, "Z4": 10, "Z99": 10, "Z5": 20, "Z6": 20, "Z7": 20}
    assert set(seen["unseen"].performer) == {"Z1", "Z2"}


def test_a_sweep_from_sequences_to_a_table(sequences: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    pytest.importorskip("matplotlib", reason="the extra `train` is not installed")
    study = tmp_path / "study.toml"
    study.write_text('[base]\nlength = 16\nwidth = 8\n[[group]]\n"loop.batch" = [8, 16]\n', "utf-8")
    folder = tmp_path / "runs"
    told = RUN.invoke(
        train,
        ["sweep", str(sequences), str(folder), "--study", str(study), "--set", "loop.iterations=10", "--held", "2",
         "--report", str(tmp_path / "sweep.html")],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert (folder / "results.csv").read_text("utf-8").count("batch=") == 2
    assert "<svg" in (tmp_path / "sweep.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "loop.pace=1"], "training-config"),
        (["--held", "Z9"], "training-no-data"),
        (["--leave-out", "Z0,Z1,Z2,Z3,Z4,Z5,Z6,Z7"], "training-no-data"),
    ],
)
def test_what_cannot_be_done_is_told(sequences: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    told = RUN.invoke(train, ["exercise", str(sequences), str(tmp_path / "run"), *arguments])
    assert told.exit_code in (2, 3)
    assert said in told.output
