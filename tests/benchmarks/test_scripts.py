"""The benchmarks' scripts start, name their options, and read what they are given."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import pytest
from tests.benchmarks.scripts import script

OPTIONS = {
    "aihub_reader": ("--clips", "--report"),
    "bench": ("--peer-python", "--report", "--turns", "--source", "--folder"),
    "fuzz": ("--report", "--seed"),
    "gym_realism": ("--manifest", "--tracks", "--recordings", "--members", "--save", "--before", "--report"),
    "pose_reference": ("--peer-python", "--report"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_help_names_every_option(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit) as ended:
        script(name).main()
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [option for option in OPTIONS[name] if option not in said] == []


def test_the_reader_is_measured_on_whole_copies(tmp_path: Path) -> None:
    reader = script("aihub_reader")
    alone, found = reader.read(tmp_path, 2, False), [reader.read(tmp_path, 2, True)]
    assert (alone.pictures, found[0].pictures) == (0, 320)
    text = reader.page(alone, found)
    assert "| 2 | 4 | 320 |" in text
    assert "MISSED" in text  # so few labels are read no faster than the program starts


@pytest.mark.parametrize(
    ("code", "codes", "said", "fault"),
    [
        (0, (), "", False),
        (3, ("media-no-frames",), "error[media-no-frames]: ...", False),
        (3, (), "", True),
        (1, ("internal",), "error[internal]: ...", True),
        (-11, (), "", True),
        (-1, (), "deadline", True),
        (3, ("media-no-frames",), "Traceback (most recent call last):", True),
    ],
)
def test_what_counts_as_a_fault(code: int, codes: tuple[str, ...], said: str, fault: bool) -> None:
    assert bool(script("fuzz")._fault(code, codes, said)) is fault


def test_every_hostile_file_has_a_kind(tmp_path: Path) -> None:
    fuzz = script("fuzz")
    files = fuzz.collect(tmp_path, fuzz.SEED)
    assert len(files) >= 300
    kinds = {fuzz.kind_of(file.name) for file in files}
    assert {"cut off", "lying header fields", "playlists and scripts", "a person's video, cut"} <= kinds
    assert not any(file.data == b"" and "person" in file.name for file in files)


def test_the_video_of_the_speed_benchmark(tmp_path: Path) -> None:
    video, sample = script("support_video"), script("support").SAMPLE
    short = tmp_path / "short.mp4"
    with av.open(str(sample)) as source, av.open(str(short), "w") as target:
        template = source.streams.video[0]
        stream = target.add_stream_from_template(template)
        for packet in list(source.demux(template))[:8]:
            packet.stream = stream
            target.mux(packet)
    seed = video.write_seed(short, tmp_path / "seed.mp4")
    looped = video.write_looped(seed, tmp_path / "looped.mp4", 1.0)
    with av.open(str(looped)) as container:
        frames = list(container.decode(video=0))
    assert [round(frame.time * 30) for frame in frames] == list(range(30))
    assert (frames[0].width, frames[0].height) == (1920, 1080)
    assert not any(frame.is_corrupt for frame in frames)


def test_measure_adds_up_a_command_and_its_children() -> None:
    support = script("support")
    inner = "x = bytearray(80_000_000); import time; time.sleep(0.6)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    cost = support.measure([sys.executable, "-c", outer])
    assert cost.wall_s > 0.6 and cost.cpu_s > 0
    assert cost.rss_mb > cost.largest_mb > 80
    with pytest.raises(RuntimeError, match="ended with 3"):
        support.measure([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_goal_that_is_missed_is_marked() -> None:
    bench = script("bench")
    assert "yes" in bench.Goal("speed", 4.2, "x", least=4.0).row()
    assert "**no**" in bench.Goal("memory", 512.0, " MB", most=500.0).row()
