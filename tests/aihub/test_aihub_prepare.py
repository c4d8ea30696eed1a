"""Tables and splits: what is taken and what is not, sizes, nobody twice, the same draw every time."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.aihub.support_aihub import files, label, naming, write, write_zip
from typer.testing import CliRunner

from deukgeun.aihub.apart import assign
from deukgeun.aihub.card import as_markdown, card
from deukgeun.aihub.choose import Candidate, Choice, Dropped, candidates
from deukgeun.aihub.collection import open_collection
from deukgeun.aihub.commands import app
from deukgeun.aihub.corrections import DROP, Corrections, read_corrections
from deukgeun.aihub.numbers import exercise_number
from deukgeun.aihub.prepare import Plan, Prepared, prepare
from deukgeun.aihub.rows import Row, columns, read_rows, write_rows
from deukgeun.aihub.sampling import SPLITS, Draw, Sizes, quotas, shared_quotas
from deukgeun.errors import AihubError

ROWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "aihub_keypoints" / "train_df.csv"
PUSH_UP, KNEE_PUSH_UP = 561, 593
SIZES = Sizes(60, 24, 20, 4)
ROW = Row("001-1-1-01-Z1_A-0000001.jpg", np.zeros((24, 2)), "A", "burpee")


def choose(root: Path, **choice: Any) -> tuple[list[Any], Dropped]:
    dropped = Dropped()
    with open_collection(root) as collection:
        return list(candidates(collection, Choice(**choice), dropped)), dropped


def made(root: Path, out: Path, plan: Plan) -> Prepared:
    with open_collection(root) as collection:
        return prepare(collection, plan, out)


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six performers on three days, two to a day, four exercises, right and wrong: labels alone."""
    root = tmp_path_factory.mktemp("gym")
    sets = [
        files(naming(first + wrong, day=4 + performer // 2, session=performer % 2 + 1, performer=performer + 1))
        for performer in range(6)
        for first in (1, 185, PUSH_UP, KNEE_PUSH_UP)
        for wrong in (0, 1)
    ]
    write_zip(root / "labels.zip", *sets)
    return root


def test_only_correct_posture_is_taken_unless_asked(gym: Path) -> None:
    right, dropped = choose(gym)
    assert len(right) == 6 * 4 * 80 and dropped.clips == {"posture not correct": 24}
    assert dropped.images["posture not correct"] == 24 * 80
    everything, dropped = choose(gym, correct=False)
    assert len(everything) == 2 * len(right) and not dropped.clips and not dropped.images


def test_a_row_is_what_the_label_says(tmp_path: Path) -> None:
    name = naming(185, day=7, session=3, performer=41)
    rows, _ = choose(write(tmp_path, files(name)))
    wanted = label(name)["frames"][4]["view3"]
    found = next(each.row for each in rows if each.row.image == wanted["img_key"].rpartition("/")[2])
    assert (found.angle, found.exercise, found.day, found.session) == ("C", "good_morning", 7, 3)
    assert found.performer == 41
    assert found.xy[17].tolist() == [wanted["pts"]["Neck"]["x"], wanted["pts"]["Neck"]["y"]]


def test_exercises_are_chosen_by_any_name(gym: Path) -> None:
    numbers = {exercise_number(text) for text in ("푸시업", "push_up", "Push-up", "27")}
    assert numbers == {27}
    rows, dropped = choose(gym, exercises=frozenset(numbers))
    assert {row.row.exercise for row in rows} == {"push_up"} and dropped.clips["exercise not asked for"] == 36
    for text in ("no such thing", "42", "0", "goblet_squat"):
        with pytest.raises(AihubError, match="aihub-exercise"):
            exercise_number(text)


@pytest.mark.parametrize(("whole", "taken"), [(True, 1), (False, 3)])
def test_clips_without_32_pictures_are_left_out(tmp_path: Path, whole: bool, taken: int) -> None:
    write(tmp_path, files(naming(1), 16, 32), files(naming(33), 15, 30), files(naming(185), 17, 34))
    rows, dropped = choose(tmp_path, whole=whole)
    assert len({each.row.exercise for each in rows}) == taken
    assert dropped.clips == ({"not 32 pictures in every view": 2} if whole else {})


def test_without_any_pictures_16_labelled_frames_stand_for_32(tmp_path: Path) -> None:
    write(tmp_path, files(naming(1)), files(naming(33), 15))
    rows, dropped = choose(tmp_path)
    assert len(rows) == 80 and dropped.clips == {"not 32 pictures in every view": 1}


def test_what_cannot_be_used_is_counted(tmp_path: Path) -> None:
    broken = files(naming(33), 16, 32)
    broken[naming(33).label().as_posix()] = b"{"
    holes = files(naming(185), 16, 32, lambda made: made["frames"][0]["view1"]["pts"].pop("Nose"))
    del holes[naming(185).picture(2, 3).as_posix()]
    write(tmp_path, broken, files(naming(49), 0, 32), files(naming(81)), holes)
    rows, dropped = choose(tmp_path, whole=False)
    assert dropped.clips == {"label cannot be read": 1, "no labelled frames": 1, "no pictures": 1}
    assert dropped.images["joint unknown"] == dropped.images["picture not there"] == 1 and len(rows) == 78


def test_lookalikes_are_left_out_only_where_both_are_asked_for(gym: Path) -> None:
    for exercises, left in (({27, 28}, "BCDE"), (set(), "BCDE"), ({27}, "ABCDE"), ({27, 1}, "ABCDE")):
        rows, dropped = choose(gym, exercises=frozenset(exercises), lookalikes=False)
        assert "".join(sorted({each.row.angle for each in rows if each.row.exercise == "push_up"})) == left
        hidden = dropped.images["looks like another exercise from there"]
        assert hidden == (2 * 6 * 16 if left == "BCDE" else 0)


def corrected(path: Path, *lines: str) -> Corrections:
    path.write_text("\n".join(("what,exercise,note", *lines)), "utf-8")
    return read_corrections(path)


def test_labels_are_corrected_by_the_most_exact_row(tmp_path: Path) -> None:
    write(tmp_path / "data", files(naming(1)), files(naming(33, session=2)))
    table = corrected(
        tmp_path / "a.csv", "D05-1-001,굿모닝,mixed up", "001-1-1-01-Z17_B,-,", "001-1-1-01-Z17_B-0000003.jpg,2,",
        "033-1-1-02-Z17,burpee,", "D09-1-001,drop,nobody",
    )  # fmt: skip
    rows, dropped = choose(tmp_path / "data", corrections=table)
    assert Counter(each.row.exercise for each in rows) == {"good_morning": 64, "standing_knee_up": 1, "burpee": 80}
    assert dropped.images == {"left out by the table of corrections": 15} and table.unused == ("D09-1-001",)
    again, dropped = choose(tmp_path / "data", corrections=table, exercises=frozenset({3}))
    assert {each.row.exercise for each in again} == {"burpee"} and dropped.images["exercise not asked for"] == 65


@pytest.mark.parametrize("line", ["D05-1-1,burpee", "picture.jpg,burpee", ",burpee", "D05-1-001,whatever"])
def test_a_bad_table_of_corrections_is_told(tmp_path: Path, line: str) -> None:
    with pytest.raises(AihubError):
        corrected(tmp_path / "a.csv", line)
    for content in ("", "a,b\n", "\xff"):
        (tmp_path / "a.csv").write_text(content, "latin-1")
        with pytest.raises(AihubError, match="aihub-table"):
            read_corrections(tmp_path / "a.csv")
    assert read_corrections(None).rows == {} and corrected(tmp_path / "b.csv", "D05-1-001,").rows == {"D05-1-001": DROP}


@pytest.mark.skipif(not ROWS.exists(), reason="the published rows are not beside the project")
def test_columns_are_those_of_the_published_table_and_it_can_be_read() -> None:
    with ROWS.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == columns()[:49]
    rows = list(read_rows(ROWS))
    assert len(rows) == 4195 and rows[0].xy[0].tolist() == [1046.3896308290402, 344.75788121308176]
    assert (rows[0].exercise, rows[0].angle) == ("standing_side_crunch", "A")


def test_tables_are_read_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        Row(f"001-1-1-01-Z1_{view}-0000001.jpg", np.round(rng.uniform(-9, 1920, (24, 2)), 3), view, "burpee", 5, 2)
        for view in "ABE"
    ]
    write_rows(tmp_path / "a.csv", rows)
    for row, found in zip(rows, read_rows(tmp_path / "a.csv"), strict=True):
        assert np.array_equal(row.xy, found.xy)
        assert replace(found, xy=row.xy).__repr__() == row.__repr__()
    assert rows[0].path == "Day05_/2/A/001-1-1-01-Z1_A-0000001.jpg"


@pytest.mark.parametrize("text", ["", "image\n", "{head}\na.jpg,{n}", "{head}\n001-1-1-01-Z1_A-0000001.jpg,,{n}"])
def test_a_table_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text.format(head=",".join(columns()), n=",".join(["1"] * 48)), "utf-8")
    with pytest.raises(AihubError, match="aihub-table"):
        list(read_rows(tmp_path / "a.csv"))
    with pytest.raises(AihubError, match="aihub-table"):
        list(read_rows(tmp_path / "gone.csv"))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.integers(1, 41), st.integers(0, 400), min_size=1), st.integers(1, 3000), st.integers(0, 90))
def test_quotas_are_even_and_add_up(available: dict[int, int], size: int, fewest: int) -> None:
    found = quotas(available, size, fewest)
    wanted = max(size, fewest * len(available))
    assert set(found) == set(available) and all(found[n] <= available[n] for n in found)
    assert sum(found.values()) == min(wanted, sum(available.values()))
    short = max(found.values()) - 1
    assert all(found[n] in {available[n]} or found[n] >= short for n in found)
    assert all(found[n] >= min(fewest, available[n]) for n in found)


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.integers(1, 41), st.integers(0, 2000), min_size=1))
def test_splits_of_the_same_pictures_do_not_take_too_many(available: dict[int, int]) -> None:
    shares = shared_quotas(available, Sizes())
    assert all(sum(shares[split][n] for split in SPLITS) <= available[n] for n in available)


def test_the_sizes_of_the_original_study() -> None:
    """Fourteen exercises and plenty of pictures: 4,096, 1,600 and 1,250, at least 80 of each."""
    shares = shared_quotas(dict.fromkeys(range(1, 15), 900), Sizes())
    assert [sum(shares[split].values()) for split in SPLITS] == [4096, 1600, 1250]
    assert all(count >= 80 for share in shares.values() for count in share.values())


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10**6), unique=True, max_size=60), st.integers(0, 20), st.randoms())
def test_a_draw_does_not_depend_on_the_order(places: list[int], quota: int, random: Any) -> None:
    def drawn(order: list[int]) -> list[Any]:
        draw = Draw(quota)
        for place in order:
            draw.offer(place, Candidate(place, 1, ROW))
        return [candidate.bits for candidate in draw.drawn()]

    shuffled = random.sample(places, len(places))
    assert drawn(places) == drawn(shuffled) == sorted(places)[:quota]


def test_a_picture_that_two_labels_name_is_drawn_once() -> None:
    draw = Draw(3)
    for place in (5, 5, 7):
        draw.offer(place, Candidate(place, 1, ROW))
    assert [candidate.bits for candidate in draw.drawn()] == [5, 7]


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 12), st.integers(1, 6), st.integers(1, 5)), st.integers(1, 200), min_size=1
    ),
    st.sampled_from(["performer", "performer-day"]),
)
def test_nobody_is_in_two_splits(counts: dict[tuple[int, int, int], int], apart: Any) -> None:
    performers = {performer for performer, _, _ in counts}
    try:
        found = assign(counts, Sizes(), 0, apart)
    except AihubError as error:
        assert error.code == "aihub-split" and (len(performers) < 3 or apart == "performer-day")
        return
    assert set(found) == performers and set(found.values()) == set(SPLITS)
    assert found == assign(dict(reversed(counts.items())), Sizes(), 0, apart)
    if apart == "performer-day":
        days = {(day, found[performer]) for performer, day, _ in counts}
        assert len(days) == len({day for day, _ in days})


def test_performers_are_shared_out_as_the_sizes_are() -> None:
    counts = {(performer, performer, number): 80 for performer in range(100) for number in range(1, 15)}
    shares = Counter(assign(counts, Sizes(), 0).values())
    assert shares["train"] == pytest.approx(59, abs=2) and shares["val"] == pytest.approx(23, abs=2)
    assert shares["test"] == pytest.approx(18, abs=2)


def read(out: Path, name: str) -> list[Row]:
    return list(read_rows(out / f"{name}.csv"))


def test_the_random_split_has_its_sizes_and_no_picture_twice(gym: Path, tmp_path: Path) -> None:
    made(gym, tmp_path, Plan(sizes=SIZES))
    tables = {split: read(tmp_path, split) for split in SPLITS}
    assert {split: len(rows) for split, rows in tables.items()} == {"train": 60, "val": 24, "test": 20}
    pictures = [row.path for rows in tables.values() for row in rows]
    assert len(set(pictures)) == len(pictures)
    for rows in tables.values():
        counts = Counter(row.exercise for row in rows)
        assert len(counts) == 4 and min(counts.values()) >= 4 and max(counts.values()) - min(counts.values()) <= 1
        assert len({row.angle for row in rows}) == 5


@pytest.mark.parametrize("apart", ["performer", "performer-day"])
def test_the_stricter_split_has_nobody_twice(gym: Path, tmp_path: Path, apart: Any) -> None:
    made(gym, tmp_path, Plan(sizes=SIZES, apart=apart))
    tables = [read(tmp_path / "strict", split) for split in SPLITS]
    assert [len(rows) for rows in tables] == [60, 24, 20]
    people = [{row.performer for row in rows} for rows in tables]
    assert all(people) and len(set.union(*people)) == sum(map(len, people)) == 6
    days = [{row.day for row in rows} for rows in tables]
    assert (len(set.union(*days)) == sum(map(len, days))) or apart == "performer"


def test_the_same_seed_makes_the_same_tables_wherever_the_files_lie(gym: Path, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(gym / "labels.zip") as archive:
        for number, name in enumerate(sorted(archive.namelist(), reverse=True)):
            path = tmp_path / "unpacked" / str(number % 7) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
    tables = {}
    for name, root, seed in (("a", gym, 1), ("b", tmp_path / "unpacked", 1), ("c", gym, 2)):
        done = made(root, tmp_path / name, Plan(sizes=SIZES, seed=seed))
        tables[name] = {table: done.tables[table].path.read_bytes() for table in done.tables}
    assert tables["a"] == tables["b"] and tables["a"] != tables["c"] and len(tables["a"]) == 6


def test_one_performer_makes_no_stricter_split_but_the_other_one(tmp_path: Path) -> None:
    write(tmp_path / "data", files(naming(1)), files(naming(185)))
    done = made(tmp_path / "data", tmp_path / "out", Plan(sizes=SIZES))
    assert set(done.tables) == set(SPLITS) and done.strict_error is not None
    page = as_markdown(card("data", Plan(sizes=SIZES), done))
    assert "There is no stricter split: " in page


def test_nothing_left_is_an_error(gym: Path, tmp_path: Path) -> None:
    with pytest.raises(AihubError, match="aihub-empty"):
        made(gym, tmp_path, Plan(Choice(frozenset({15}))))


def test_the_command_writes_tables_and_card(gym: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sizes = ["--train", "60", "--val", "24", "--test", "20", "--fewest", "4"]
    result = CliRunner().invoke(app, ["prepare", str(gym), str(out), "--no-lookalikes", *sizes])
    assert result.exit_code == 0, result.output
    assert "train.csv: 60 of 60 pictures" in result.output
    value = json.loads((out / "card.json").read_text("utf-8"))
    assert value["options"]["sizes"] == {"train": 60, "val": 24, "test": 20} and value["labels"] == 96
    assert value["available"]["push_up"] == 6 * 64 and value["available"]["good_morning"] == 6 * 80
    assert {row["why"]: row["images"] for row in value["dropped"]} == {
        "posture not correct": 24 * 80, "looks like another exercise from there": 192,
    }  # fmt: skip
    assert value["shared"]["strict"]["performers"] == value["shared"]["strict"]["clips"] == 0
    assert value["shared"]["random"]["performers"] == 6
    page = (out / "card.md").read_text("utf-8")
    assert "| posture not correct | 24 | 1920 |" in page and "| strict/test.csv | 20 |" in page
    assert all(len({line.count("|") for line in part.splitlines() if line}) <= 2 for part in page.split("\n\n"))


def test_the_command_does_not_write_into_the_data_set(gym: Path) -> None:
    result = CliRunner().invoke(app, ["prepare", str(gym), str(gym / "out")])
    assert result.exit_code == 2 and "lies within" in " ".join(result.output.split())
    assert not (gym / "out").exists()
