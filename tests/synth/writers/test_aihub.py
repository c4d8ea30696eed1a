"""Recordings in the layout of AI Hub: names, labels key by key, coordinates there and back, resuming, oddities."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from deukgeun.errors import OutputError
from deukgeun.skeleton import skeleton
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.cameras import aihub_cameras
from deukgeun.synth.writers import (
    Odd,
    OddRates,
    Recording,
    aihub,
    aihub_exercises,
    draw_odd,
    finished,
    naming_of,
    room_to_cm,
    write_listing,
    write_recording,
)

IMAGE_NAME = re.compile(r"^(\d{3})-(\d)-(\d)-(\d{2})-Z(\d+)_([A-E])-(\d{7})\.jpg$")
LABEL_NAME = re.compile(r"^D(\d{2})-(\d)-(\d{3})(-3d)?\.json$")
ROWS = Path(__file__).resolve().parents[4] / "shared" / "data" / "aihub_keypoints" / "train_df.csv"
JOINTS = [
    *("Nose", "Left Eye", "Right Eye", "Left Ear", "Right Ear", "Left Shoulder", "Right Shoulder", "Left Elbow"),
    *("Right Elbow", "Left Wrist", "Right Wrist", "Left Hip", "Right Hip", "Left Knee", "Right Knee", "Left Ankle"),
    *("Right Ankle", "Neck", "Left Palm", "Right Palm", "Back", "Waist", "Left Foot", "Right Foot"),
]
TRAINING = "013.피트니스자세/1.Training"
LABELS = f"{TRAINING}/라벨링데이터/맨몸운동_Labeling_new_220128/Day05_200925_F"


def recording(type_no: int = 1, frames: int = 32, **more: Any) -> Recording:
    """A recording of random joints, without pictures unless they are given."""
    rng = np.random.default_rng(type_no)
    xy, cm = rng.uniform(0, [1920, 1080], (5, frames, 24, 2)), rng.normal(90, 50, (frames, 24, 3))
    return Recording(type_no, **{"day": 5, "session": 1, "performer": 17, "xy": xy, "cm": cm, **more})


def flat_pictures(frames: int = 32, drawn: list[tuple[int, int]] | None = None) -> list[list[Callable[[], Any]]]:
    """Pictures of the size the writer wants, redder by frame and bluer by view, that note in ``drawn`` being drawn."""

    def one(view: int, frame: int) -> npt.NDArray[np.uint8]:
        if drawn is not None:
            drawn.append((view, frame))
        return np.full((aihub.HEIGHT, aihub.WIDTH, 3), (frame * 7, 0, view * 50), dtype=np.uint8)

    return [[lambda v=view, f=frame: one(v, f) for frame in range(frames)] for view in range(5)]


def files_under(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root).as_posix()) for path in root.rglob("*") if path.is_file())


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of 64 x 36, where their content does not matter: full ones take long to write."""
    monkeypatch.setattr(aihub, "WIDTH", 64)
    monkeypatch.setattr(aihub, "HEIGHT", 36)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of one recording with its pictures."""
    root = tmp_path_factory.mktemp("whole")
    write_recording(root, recording(pictures=flat_pictures()))
    return root


def test_folders_and_names_are_those_of_the_release(whole: Path) -> None:
    found = files_under(whole)
    labels, pictures = [f for f in found if f.endswith(".json")], [f for f in found if f.endswith(".jpg")]
    assert labels == [f"{LABELS}/D05-1-001-3d.json", f"{LABELS}/D05-1-001.json"]
    assert len(pictures) == 5 * 32 and len(found) == len(labels) + len(pictures)
    first = f"{TRAINING}/원시데이터/body_01/Day05_200925_F/1/A/001-1-1-01-Z17_A/001-1-1-01-Z17_A-0000001.jpg"
    assert pictures[0] == first
    matches = [IMAGE_NAME.match(Path(picture).name) for picture in pictures]
    assert all(matches) and {m[6] for m in matches if m} == set("ABCDE")
    assert sorted({int(m[7]) for m in matches if m}) == list(range(1, 33))


def test_the_pictures_are_those_given(whole: Path) -> None:
    path = next(whole.rglob("001-1-1-01-Z17_D-0000011.jpg"))
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert image.shape == (1080, 1920, 3)
    blue, green, red = image[500, 900].tolist()
    assert (red, green, blue) == pytest.approx((70, 0, 150), abs=4)


def test_the_2d_label_key_by_key(whole: Path) -> None:
    label = load(whole / LABELS / "D05-1-001.json")
    assert list(label) == ["frames", "type", "type_info"]
    assert label["type"] == label["type_info"]["key"] == "001"
    assert len(label["frames"]) == 16
    for i, frame in enumerate(label["frames"]):
        assert list(frame) == ["view1", "view2", "view3", "view4", "view5"]
        for letter, view in zip("ABCDE", frame.values(), strict=True):
            assert list(view) == ["pts", "active", "img_key"]
            assert list(view["pts"]) == JOINTS
            assert all(list(p) == ["x", "y"] and {type(v) for v in p.values()} == {int} for p in view["pts"].values())
            assert view["active"] == "Yes"
            name = f"001-1-1-01-Z17_{letter}"
            assert view["img_key"] == f"Day05_200925_F/1/{letter}/{name}/{name}-{2 * i + 1:07}.jpg"


def test_every_labelled_picture_is_there(whole: Path) -> None:
    label = load(whole / LABELS / "D05-1-001.json")
    archive = whole / TRAINING / "원시데이터" / "body_01"
    assert all((archive / view["img_key"]).exists() for frame in label["frames"] for view in frame.values())


def test_the_type_info_key_by_key(whole: Path) -> None:
    info = load(whole / LABELS / "D05-1-001.json")["type_info"]
    assert list(info) == ["key", "type", "pose", "exercise", "conditions", "description"]
    assert (info["type"], info["pose"], info["exercise"]) == ("맨몸 운동", "선 자세", "스탠딩 사이드 크런치")
    assert [list(row) for row in info["conditions"]] == [["condition", "value"]] * 5
    assert [row["condition"] for row in info["conditions"]] == list(aihub_exercises()[0].conditions)
    assert [row["value"] for row in info["conditions"]] == [True] * 5
    assert info["description"].startswith("1 척추의 중립, 2 시선 정면 유지")


def test_the_3d_label_key_by_key(whole: Path) -> None:
    label = load(whole / LABELS / "D05-1-001-3d.json")
    assert list(label) == ["frames"]
    assert len(label["frames"]) == 16
    for frame in label["frames"]:
        assert list(frame) == ["pts"]
        assert list(frame["pts"]) == JOINTS
        assert all(
            list(p) == ["x", "y", "z"] and {type(v) for v in p.values()} == {float} for p in frame["pts"].values()
        )


def test_labels_are_one_line_of_utf_8(whole: Path) -> None:
    for path in whole.rglob("*.json"):
        text = path.read_bytes()
        assert b"\n" not in text and b"\\u" not in text


def test_coordinates_come_back(whole: Path) -> None:
    made = recording()
    flat, space = load(whole / LABELS / "D05-1-001.json"), load(whole / LABELS / "D05-1-001-3d.json")
    xy = np.array([[[[*p.values()] for p in v["pts"].values()] for v in f.values()] for f in flat["frames"]])
    np.testing.assert_array_equal(xy.transpose(1, 0, 2, 3), np.rint(made.xy[:, ::2]))
    cm = np.array([[[*p.values()] for p in f["pts"].values()] for f in space["frames"]])
    np.testing.assert_allclose(cm, made.cm[::2], atol=5.1e-5)


def test_joints_are_in_the_order_of_the_joint_set() -> None:
    assert list(skeleton("aihub_24").labels["aihub"]) == JOINTS


def test_the_room_in_centimetres_has_y_up_and_z_ahead() -> None:
    room = np.array([[[0.1, 0.0, 0.0], [0.0, -0.2, 0.0], [0.0, 0.0, 1.7]]])  # left, ahead, up
    np.testing.assert_allclose(room_to_cm(room), [[[10, 0, 0], [0, 0, 20], [0, 170, 0]]], atol=1e-12)


def test_an_athlete_of_the_bank_is_written_the_right_way_round(tmp_path: Path) -> None:
    figure, cameras = athletes()[0], aihub_cameras("standing").values()
    joints = np.stack([figure.landmark(f"aihub_24/{joint}") for joint in skeleton("aihub_24").joints])
    room = np.repeat(joints[None], 32, axis=0)
    xy = np.stack([camera.project(room)[0] for camera in cameras])
    write_recording(tmp_path, recording(xy=xy, cm=room_to_cm(room)))
    cm = load(tmp_path / LABELS / "D05-1-001-3d.json")["frames"][0]["pts"]
    assert cm["Left Shoulder"]["x"] > 10 > -10 > cm["Right Shoulder"]["x"]
    assert cm["Nose"]["z"] > cm["Left Ear"]["z"] + 5
    assert 0 < cm["Left Foot"]["y"] < 15 and 120 < cm["Nose"]["y"] < 190
    views = load(tmp_path / LABELS / "D05-1-001.json")["frames"][0]
    front, rear = views["view3"]["pts"], views["view1"]["pts"]
    assert front["Left Hip"]["x"] > front["Right Hip"]["x"] and rear["Left Hip"]["x"] < rear["Right Hip"]["x"]
    assert front["Neck"]["y"] < front["Left Shoulder"]["y"] < front["Waist"]["y"] < front["Left Hip"]["y"]


def test_wrong_conditions_are_false_and_said(tmp_path: Path) -> None:
    write_recording(tmp_path, recording(type_no=410))
    info = load(next(tmp_path.rglob("D05-1-410.json")))["type_info"]
    assert [row["value"] for row in info["conditions"]] == [True] * 4 + [False]
    assert info["exercise"] == "바벨 컬 "  # the blank is the data set's
    assert info["description"].count("안 됨") == 1


def test_pictures_without_exercise_are_not_active(tmp_path: Path) -> None:
    active = [4 <= i < 28 for i in range(32)]
    write_recording(tmp_path, recording(active=active))
    label = load(tmp_path / LABELS / "D05-1-001.json")
    said = [{view["active"] for view in frame.values()} for frame in label["frames"]]
    assert said == [{"Yes" if on else "No"} for on in active[::2]]


@pytest.mark.parametrize(
    ("type_no", "split", "label", "archive"),
    [
        (313, "training", "1.Training/라벨링데이터/바벨_덤벨_Labeling_new_220128", "1.Training/원시데이터/babel_01"),
        (737, "training", "1.Training/라벨링데이터/기구_Labeling", "1.Training/원시데이터/furniture_01"),
        (737, "validation", "2.Validation/라벨링데이터/furniture_01", "2.Validation/원시데이터/furniture_01"),
    ],
)
def test_kinds_and_splits_have_their_folders(type_no: int, split: Any, label: str, archive: str) -> None:
    naming = naming_of(recording(type_no), split)
    assert str(naming.label()).startswith(f"013.피트니스자세/{label}/Day05_200925_F/D05-1-")
    assert str(naming.picture(0, 1)).startswith(f"013.피트니스자세/{archive}/Day05_200925_F/1/A/")


@pytest.mark.skipif(not ROWS.exists(), reason="the label rows are not beside the project")
def test_real_picture_names_are_made_again() -> None:
    with ROWS.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert len(table[0]) == 1 + 2 * len(JOINTS)
    for row in table[1:]:
        found = IMAGE_NAME.match(row[0])
        assert found
        made = recording(int(found[1]), performer=int(found[5]))
        assert naming_of(made).img_key("ABCDE".index(found[6]), int(found[7])).endswith(f"/{row[0]}")


@pytest.mark.usefixtures("small")
def test_a_finished_recording_is_not_written_again(tmp_path: Path) -> None:
    drawn: list[tuple[int, int]] = []
    made = recording(pictures=flat_pictures(drawn=drawn))
    assert not finished(tmp_path, naming_of(made))
    assert not write_recording(tmp_path, made).skipped
    assert len(drawn) == 160 and finished(tmp_path, naming_of(made))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    again = write_recording(tmp_path, made)
    assert again.skipped and len(drawn) == 160
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


@pytest.mark.usefixtures("small")
def test_a_recording_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    drawn: list[tuple[int, int]] = []
    pictures = flat_pictures(drawn=drawn)

    def fails() -> npt.NDArray[np.uint8]:
        raise KeyboardInterrupt

    broken = [list(view) for view in pictures]
    broken[2][3] = fails
    with pytest.raises(KeyboardInterrupt):
        write_recording(tmp_path, recording(pictures=broken))
    assert len(drawn) == 2 * 32 + 3 and not list(tmp_path.rglob("*.json"))
    assert not write_recording(tmp_path, recording(pictures=pictures)).skipped
    assert len(drawn) == len(set(drawn)) == 160
    assert len(files_under(tmp_path)) == 162


def test_a_label_that_is_gone_is_written_again(tmp_path: Path) -> None:
    first = write_recording(tmp_path, recording())
    content = first.labels[0].read_bytes()
    first.labels[0].unlink()
    assert not write_recording(tmp_path, recording()).skipped
    assert first.labels[0].read_bytes() == content


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "013.피트니스자세").write_text("in the way")
    with pytest.raises(OutputError, match="output-not-writable"):
        write_recording(tmp_path, recording())


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("odd", "entries", "pictures"),
    [(Odd(entries=15), 15, 30), (Odd(entries=13), 13, 26), (Odd(entries=0), 0, 32), (Odd(), 16, 32)],
)
def test_frames_are_missing(tmp_path: Path, odd: Odd, entries: int, pictures: int) -> None:
    write_recording(tmp_path, recording(pictures=flat_pictures()), odd=odd)
    for path in tmp_path.rglob("*.json"):
        assert len(load(path)["frames"]) == entries
    assert len(list(tmp_path.rglob("*_E-*.jpg"))) == pictures


@pytest.mark.parametrize(("frames", "entries"), [(34, 17), (29, 15), (25, 13)])
def test_a_recording_may_be_a_little_longer_or_shorter(tmp_path: Path, frames: int, entries: int) -> None:
    write_recording(tmp_path, recording(frames=frames))
    assert len(load(tmp_path / LABELS / "D05-1-001.json")["frames"]) == entries


def test_the_name_ends_in_a_blank(tmp_path: Path) -> None:
    write_recording(tmp_path, recording(), odd=Odd(trailing_blank=True))
    assert load(tmp_path / LABELS / "D05-1-001.json")["type_info"]["exercise"] == "스탠딩 사이드 크런치 "


def test_the_folder_is_wrong_and_the_type_right(tmp_path: Path) -> None:
    write_recording(tmp_path, recording(), odd=Odd(wrong_folder=3))
    (path,) = tmp_path.rglob("D05-1-001.json")
    assert "기구_Labeling" in path.parts
    assert load(path)["type_info"]["type"] == "맨몸 운동"


def test_type_033_has_two_numbers() -> None:
    assert naming_of(recording(33)).clip == "033-1-1-02-Z17"
    assert naming_of(recording(33), odd=Odd(other_number=True)).clip == "033-1-1-21-Z17"


@pytest.mark.parametrize(("only", "name"), [("2d", "D05-1-001.json"), ("3d", "D05-1-001-3d.json")])
def test_one_label_is_missing_and_the_recording_finished(tmp_path: Path, only: str, name: str) -> None:
    odd = Odd(only=only)
    written = write_recording(tmp_path, recording(), odd=odd)
    assert [path.name for path in written.labels] == [name] == [Path(f).name for f in files_under(tmp_path)]
    assert write_recording(tmp_path, recording(), odd=odd).skipped


def test_oddities_come_at_their_rates_and_from_the_seed() -> None:
    rates = OddRates(0.2, 0.1, 0.05, 0.5, 0.04, 0.06)
    draws = [draw_odd(np.random.default_rng([1, i]), rates, 33, 1) for i in range(4000)]
    assert draws[:50] == [draw_odd(np.random.default_rng([1, i]), rates, 33, 1) for i in range(50)]
    shares = {name: count / 4000 for name, count in Counter(n for odd in draws for n in odd.names()).items()}
    expected = {name: getattr(rates, name) for name in OddRates.__slots__}
    assert shares == pytest.approx(expected, abs=0.025)
    assert {odd.wrong_folder for odd in draws} == {None, 2, 3}
    assert {odd.entries for odd in draws} == {None, 15, 13, 0}


def test_nothing_is_odd_unless_asked() -> None:
    odds = {draw_odd(np.random.default_rng(i), OddRates(), 33, 1) for i in range(50)}
    assert odds == {Odd()}
    always = OddRates(other_number=1.0)
    assert draw_odd(np.random.default_rng(0), always, 34, 1) == Odd()


@pytest.mark.parametrize("rates", [{"only_2d": 1.2}, {"missing_frames": -0.1}, {"only_2d": 0.6, "only_3d": 0.6}])
def test_rates_are_shares(rates: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        OddRates(**rates)


def test_the_listing_names_what_is_odd_also_of_what_was_skipped(tmp_path: Path) -> None:
    odd = {1: Odd(trailing_blank=True, entries=13), 2: Odd(), 3: Odd(only="3d")}
    for turn in range(2):
        rows = [write_recording(tmp_path, recording(type_no), odd=what) for type_no, what in odd.items()]
        assert [row.skipped for row in rows] == [turn == 1] * 3
        write_listing(tmp_path / "odd.jsonl", reversed(rows))
        listed = [json.loads(line) for line in (tmp_path / "odd.jsonl").read_text("utf-8").splitlines()]
        assert listed == [
            {"label": "D05-1-001-3d.json", "odd": ["missing_frames", "trailing_blank"]},
            {"label": "D05-1-003-3d.json", "odd": ["only_3d"]},
        ]


@pytest.mark.parametrize(
    "change",
    [
        {"xy": np.zeros((4, 32, 24, 2))},
        {"cm": np.zeros((31, 24, 3))},
        {"cm": np.zeros((20, 24, 3)), "xy": np.zeros((5, 20, 24, 2))},
        {"pictures": flat_pictures(31)},
        {"active": [True] * 16},
    ],
    ids=["four views", "lengths differ", "too short", "a picture missing", "too few flags"],
)
def test_a_recording_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        replace(recording(), **change)


@pytest.mark.parametrize("change", [{"day": 100}, {"session": 0}, {"performer": 1000}])
def test_what_has_no_name_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected 1 to"):
        naming_of(recording(**change))


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    small = [[np.zeros((540, 960, 3), np.uint8)] * 32] * 5
    with pytest.raises(ValueError, match="expected a picture"):
        write_recording(tmp_path, recording(pictures=small))


def test_label_names_match_their_pattern(tmp_path: Path) -> None:
    for type_no in (1, 45, 816):
        write_recording(tmp_path, recording(type_no, session=3, day=36))
    names = [path.name for path in tmp_path.rglob("*.json")]
    found = [LABEL_NAME.match(name) for name in names]
    assert len(names) == 6 and all(found)
    assert {(m[1], m[2], m[3]) for m in found if m} == {("36", "3", "001"), ("36", "3", "045"), ("36", "3", "816")}
