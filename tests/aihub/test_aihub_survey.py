"""Whole copies of the data set: every layout, folders and archives, and a line for everything that is odd."""

from __future__ import annotations

import sqlite3
import tarfile
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from tests.aihub.support_aihub import (
    files,
    joints,
    merged,
    naming,
    odd,
    space,
    surveyed,
    tiny_jpeg,
    write,
    write_tar,
    write_zip,
)

from deukgeun.aihub import walk
from deukgeun.aihub.clip import Clip
from deukgeun.aihub.collection import Collection, open_collection
from deukgeun.aihub.index import make_index
from deukgeun.aihub.index_filler import Filler
from deukgeun.aihub.oddities import EXAMPLES, Tally, oddities
from deukgeun.aihub.survey import survey
from deukgeun.aihub.zips import ZipEntry, zip_entries
from deukgeun.errors import AihubError, OutputError
from deukgeun.synth.writers.aihub_names import Naming

A = naming(1)
B = naming(193, day=6, session=2, performer=23)
PICTURES = f"{A.picture(0, 1).parents[4]}"


def both(root: Path, pictures: int = 32) -> dict[str, bytes]:
    return merged([files(A, pictures=pictures), files(B, pictures=pictures)])


def pick(all_files: dict[str, bytes], ending: str) -> dict[str, bytes]:
    return {path: content for path, content in all_files.items() if path.endswith(ending)}


def extracted(root: Path) -> None:
    write(root, both(root))


def zipped_labels_and_tars_by_day(root: Path) -> None:
    write_zip(root / "라벨링데이터/맨몸운동_Labeling_new_220128.zip", pick(files(A), ".json"), strip=4)
    write_zip(root / "라벨링데이터/바벨_덤벨_Labeling_new_220128.zip", pick(files(B), ".json"), strip=4)
    for name in (A, B):
        write_tar(root / "원시데이터" / f"{name.day_folder}.tar", pick(files(name, pictures=32), ".jpg"), strip=5)


def sample(root: Path) -> None:
    """The published sample: labels in one folder, pictures without their day."""
    for path, content in both(root).items():
        parts = path.split("/")
        short = ["라벨링데이터", parts[-1]] if path.endswith(".json") else ["원천데이터", *parts[-4:]]
        write(root, {"/".join(["013.피트니스자세_sample", *short]): content})


def older(root: Path) -> None:
    """The older release: other folders, the days on top."""
    for path, content in both(root).items():
        parts = path.split("/")
        kind = "[라벨]맨몸운동_Labeling" if "/D05" in path else "[라벨링]바벨_Labeling"
        short = [kind, parts[-1]] if path.endswith(".json") else parts[-5:]
        write(root, {"/".join(["피트니스 자세 이미지", "Training", *short]): content})


def decomposed(root: Path) -> None:
    write(root, {unicodedata.normalize("NFD", path): content for path, content in both(root).items()})


def everything_in_one_tar(root: Path) -> None:
    write_tar(root / "all.tar", both(root))


def everything_in_one_zip(root: Path) -> None:
    write_zip(root / "deep/er/all.ZIP", both(root))


LAYOUTS = (
    extracted, zipped_labels_and_tars_by_day, sample, older, decomposed, everything_in_one_tar, everything_in_one_zip,
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_layout_is_read(tmp_path: Path, layout: object) -> None:
    layout(tmp_path)  # type: ignore[operator]
    with open_collection(tmp_path) as collection:
        clips = {clip.type_no: clip for clip in collection.clips() if isinstance(clip, Clip)}
        assert set(clips) == {1, 193}
        for name in (A, B):
            clip = clips[name.type_no]
            assert (clip.name.day, clip.name.session, clip.performer) == (name.day, name.session, name.performer)
            assert np.array_equal(clip.xy, joints(name))
            there = collection.pictures(clip)
            assert there is not None and there.frames == (tuple(range(1, 33)),) * 5
            flat = collection.space(clip)
            assert flat is not None and np.array_equal(flat.cm, space(name))
            place = collection.picture(clip.pictures[3][8])
            assert place is not None and collection.reader.read(place) == tiny_jpeg(3 * 40 + 17)
        found = survey(collection)
    assert (found.labels_2d, found.labels_3d, found.pairs, found.pictures) == (2, 2, 2, 2 * 5 * 32)
    assert found.clips[1] == found.clips[9] == found.correct[1] == found.correct[9] == 1
    assert (found.days, found.performers) == ({5: 1, 6: 1}, {17: 1, 23: 1})
    assert found.frames == {16: 2} and found.views == {32: 10} and found.kinds == {1: 1, 2: 1, 3: 0}
    forms = found.odd.counts.pop("not_nfc", 0)
    assert found.odd.counts == {"half_labelled": 2} and bool(forms) is (layout is decomposed)


def test_one_days_folder_may_be_given(tmp_path: Path) -> None:
    write(tmp_path, files(A, pictures=32))
    (folder,) = (path for path in tmp_path.rglob(A.day_folder) if path.parent.name == "body_01")
    with open_collection(folder) as collection:
        assert [clip >> 10 for clip in collection.index.picture_clips()] == [A.day << 8 | A.session]
        assert collection.picture(A.img_key(2, 5)) is not None
        assert collection.picture(A.img_key(2, 5).rpartition("/")[2]) is not None
        assert collection.picture(A.img_key(2, 5).replace("Z17", "Z18")) is None


def set_(**more: object) -> dict[str, bytes]:
    return files(naming(**more), pictures=32)  # type: ignore[arg-type]


def test_labels_in_a_zip_and_unpacked_count_once(tmp_path: Path) -> None:
    write(tmp_path, files(A))
    write_zip(tmp_path / "labels.zip", files(A))
    write_zip(tmp_path / "again.zip", files(A))
    found = surveyed(tmp_path)
    assert (found.labels_2d, found.labels_3d, found.clips[1]) == (1, 1, 1)
    assert found.odd.counts == {"twice": 4}


def test_another_content_under_the_same_name_is_told(tmp_path: Path) -> None:
    write(tmp_path, files(A, which="2"))
    write_zip(tmp_path / "labels.zip", files(A, frames=15, which="2"))
    found = surveyed(tmp_path)
    assert found.odd.counts == {"twice_differs": 1, "only_2d": 1, "frames_14_or_15": 1} and found.labels_2d == 1


def test_pictures_in_a_tar_and_unpacked_count_once(tmp_path: Path) -> None:
    write(tmp_path, set_())
    write_tar(tmp_path / "a.tar", set_())
    found = surveyed(tmp_path)
    assert found.pictures == 160 and found.odd.counts["picture_twice"] == 160


@pytest.mark.parametrize(("which", "code"), [("2", "only_2d"), ("3", "only_3d")])
def test_one_label_of_two(tmp_path: Path, which: str, code: str) -> None:
    write(tmp_path, files(A, which=which), files(B))
    found = surveyed(tmp_path)
    assert found.odd.counts == {code: 1} and found.pairs == 1


@pytest.mark.parametrize(
    ("entries", "pictures", "codes"),
    [
        (16, 32, {"half_labelled"}),
        (13, 26, {"half_labelled", "frames_13_or_fewer", "not_32_pictures"}),
        (15, 30, {"half_labelled", "frames_14_or_15", "not_32_pictures"}),
        (17, 34, {"half_labelled", "frames_17_or_more", "not_32_pictures"}),
        (16, 20, {"not_32_pictures", "picture_missing"}),
        (0, 32, {"no_frames"}),
    ],
)
def test_frames_and_pictures_are_compared(tmp_path: Path, entries: int, pictures: int, codes: set[str]) -> None:
    write(tmp_path, files(A, entries, pictures))
    found = surveyed(tmp_path)
    assert set(found.odd.counts) == codes and found.frames == {entries: 1} and found.views == {pictures: 5}


def test_clips_without_pictures_and_pictures_without_labels(tmp_path: Path) -> None:
    write(tmp_path, files(A), pick(set_(type_no=2), ".jpg"))
    found = surveyed(tmp_path).odd
    assert found.counts == {"labels_without_pictures": 1, "pictures_without_label": 1}
    assert found.examples["pictures_without_label"] == ["D05-1-002"]


def test_a_number_that_differs_is_no_obstacle(tmp_path: Path) -> None:
    write(tmp_path, set_(type_no=33, exercise_no=21))
    found = surveyed(tmp_path)
    assert found.odd.counts == {"other_number": 1, "half_labelled": 1} and found.clips[2] == 1


def test_the_folder_of_another_kind(tmp_path: Path) -> None:
    write(tmp_path, set_(folder_kind=3))
    found = surveyed(tmp_path)
    assert found.odd.counts == {"wrong_folder": 1, "half_labelled": 1} and found.kinds == {1: 1, 2: 0, 3: 0}


def test_bad_files_are_told_and_the_others_read(tmp_path: Path) -> None:
    good = files(A)
    bad = files(naming(2)), files(naming(3)), files(naming(4)), files(naming(5)), files(naming(6))
    contents = [b"", good[A.label().as_posix()][:5000], b"<html>", b"[]", good[A.label().as_posix()]]
    for each, content in zip(bad, contents, strict=True):
        each[next(path for path in each if "-3d" not in path)] = content
    write(tmp_path, good, *bad)
    found = surveyed(tmp_path)
    assert found.clips[1] == 1 and found.labels_2d == 6
    assert found.odd.counts == {
        "empty_file": 1, "cut_short": 1, "not_json": 1, "not_a_label": 1, "type_differs": 1,
    }  # fmt: skip
    assert found.odd.examples["cut_short"][0].endswith("D05-1-003.json")


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    write(
        tmp_path,
        files(A),
        {"a/037-1-1-01-Z17_C.json": b"{}", "a/photo.jpg": b"x", "a/b.xlsx": b"x", ".git/x.json": b""},
    )
    assert odd(tmp_path) == {"other_json": 1, "other_picture": 1}


def test_archives_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    write(
        tmp_path, files(A), {"a.tar.gz": b"x", "b.zip.part0": b"x", "c.7z": b"x", "d.zip": b"PK", "e.tar": b"x" * 2000}
    )
    assert odd(tmp_path) == {"archive_packed": 3, "archive_damaged": 2}


def test_a_tar_that_is_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_tar(tmp_path / "whole.tar", pick(set_(), ".jpg")).read_bytes()
    (tmp_path / "whole.tar").unlink()
    for name, length in (("Day05_200925_F", 40 * 1024), ("Day06_200926_F", 100 * 1024 + 300)):
        (tmp_path / f"{name}.tar").write_bytes(whole[:length])
    found = surveyed(tmp_path)
    assert 0 < found.pictures < 160 and found.odd.counts["archive_damaged"] == 2


def test_a_link_to_a_folder_above_does_not_go_round(tmp_path: Path) -> None:
    write(tmp_path, files(A))
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    assert surveyed(tmp_path).odd.counts == {}


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AihubError, match="aihub-not-found"):
        surveyed(tmp_path / "gone")


def state(collection: Collection) -> tuple[int, int, dict[str, int]]:
    index = collection.index
    return index.count("labels"), index.count("pictures"), index.oddities().counts


def test_a_kept_index_is_used_again_and_sees_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, kept = tmp_path / "data", tmp_path / "kept.sqlite"
    write_tar(root / f"{A.day_folder}.tar", set_(), {"photo.jpg": b""}, strip=5)
    with open_collection(root, kept) as collection:
        first = state(collection)
    assert first == (0, 160, {"other_picture": 1}) or first[0] == 2
    opened: list[object] = []
    monkeypatch.setattr(tarfile, "open", lambda path, mode: opened.append(path))
    with open_collection(root, kept) as collection:
        assert state(collection) == first and not opened
    monkeypatch.undo()
    write_tar(root / "new.tar", files(B, pictures=32))
    with open_collection(root, kept) as collection:
        assert state(collection) == (first[0] + 2, 320, first[2])


def test_a_changed_or_vanished_archive_is_walked_over_anew(tmp_path: Path) -> None:
    root, kept = tmp_path / "data", tmp_path / "kept.sqlite"
    first = write_zip(root / "a.zip", files(A))
    write_zip(root / "b.zip", files(A), files(B))
    with open_collection(root, kept) as collection:
        assert state(collection) == (4, 0, {"twice": 2})
    first.unlink()
    with open_collection(root, kept) as collection:
        assert state(collection) == (4, 0, {})
    write_zip(root / "b.zip", files(B))
    with open_collection(root, kept) as collection:
        assert state(collection) == (2, 0, {})


def test_files_that_keep_changing_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_zip(tmp_path / "data/a.zip", files(A))
    monkeypatch.setattr(Filler, "run", lambda _: False)
    with (
        pytest.raises(AihubError, match="aihub-changing"),
        open_collection(tmp_path / "data", tmp_path / "kept.sqlite"),
    ):
        pass


def test_an_index_of_another_folder_is_made_anew(tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite"
    for name in (A, B):
        root = write(tmp_path / name.stem, files(name))
        with open_collection(root, kept) as collection:
            assert state(collection) == (2, 0, {})
            assert [clip.type_no for clip in collection.clips() if isinstance(clip, Clip)] == [name.type_no]


def test_a_file_that_is_no_index_is_not_overwritten(tmp_path: Path) -> None:
    root = write(tmp_path / "data", files(A))
    text, base = tmp_path / "notes.txt", tmp_path / "diary.sqlite"
    text.write_text("what I wrote " * 99, "utf-8")
    with closing(sqlite3.connect(base)) as connection:
        connection.execute("CREATE TABLE mine(a)")
    for path in (text, base, tmp_path):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(OutputError), open_collection(root, path):
            pass
        assert not path.is_file() or path.read_bytes() == before


def test_a_killed_walk_goes_on_behind_the_last_whole_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, kept = tmp_path / "data", tmp_path / "kept.sqlite"
    write_zip(root / "a.zip", files(A, pictures=32))
    write_zip(root / "b.zip", files(B, pictures=32))
    met: list[object] = []

    def killed(file: BinaryIO) -> Iterator[ZipEntry]:
        met.append(file)
        if len(met) == 2:
            raise KeyboardInterrupt
        return zip_entries(file)

    monkeypatch.setattr(walk, "zip_entries", killed)
    with pytest.raises(KeyboardInterrupt), open_collection(root, kept):
        pass
    with open_collection(root, kept) as collection:
        assert state(collection) == (4, 320, {}) and len(met) == 3


def peak_bytes(root: Path, kept: Path) -> int:
    tracemalloc.start()
    with make_index(root, kept) as index:
        assert sum(1 for clip in index.picture_clips() for _ in index.clip_frames(clip)) == index.count("pictures")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_memory_does_not_grow_with_the_number_of_pictures(tmp_path: Path, kind: str) -> None:
    peaks = []
    for count in (20, 120):
        root = tmp_path / f"{count}"
        root.mkdir()
        fill(root / f"Day05_200925_F.{kind}", count)
        peaks.append(peak_bytes(root, tmp_path / f"{count}.sqlite"))
    assert peaks[1] < peaks[0] + 1_500_000, peaks


def fill(path: Path, clips: int) -> None:
    """An archive of ``clips`` times 100 pictures of no content."""
    names = (Naming("training", t % 816 + 1, 5, t // 816 + 1, 7, 1, 1, 1, 1) for t in range(clips))
    members = (name.img_key(view, frame) for name in names for view in range(5) for frame in range(1, 21))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for member in members:
                archive.writestr(member, b"")
    else:
        with tarfile.open(path, "w") as tar:
            for member in members:
                tar.addfile(tarfile.TarInfo(member))
                tar.members.clear()  # type: ignore[attr-defined]


def test_every_oddity_is_said_in_words() -> None:
    assert all(each.text and each.fate and each.text != each.fate for each in oddities().values())
    tally = Tally()
    for number in range(99):
        tally.add("twice", f"place {number}")
    (row,) = tally.rows()
    assert row["count"] == 99 and len(row["examples"]) == EXAMPLES
    with pytest.raises(KeyError):
        tally.add("never heard of")
