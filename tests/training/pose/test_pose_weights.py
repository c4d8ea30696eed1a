"""Official files are loaded as they are, every key accounted for; what does not fit is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from tests.training.pose import official  # noqa: E402
from tests.training.pose.test_pose_networks import layout, network  # noqa: E402

from deukgeun.errors import TrainingError  # noqa: E402
from deukgeun.pose.codecs import SimccCodec  # noqa: E402
from deukgeun.skeleton import skeleton  # noqa: E402
from deukgeun.training.pose.heads import SimccHead  # noqa: E402
from deukgeun.training.pose.hrnet import Hrnet, shape  # noqa: E402
from deukgeun.training.pose.weights import Account, load_checkpoint  # noqa: E402

JOINTS, COCO = skeleton("aihub_24"), skeleton("coco_17")
State = dict[str, "torch.Tensor"]


def numbered(shapes: dict[str, tuple[int, ...]]) -> State:
    """A state whose every parameter holds its own number, so that a mistaken place shows; files stay small."""
    counts = {key: torch.tensor(5) for key in shapes if key.endswith("num_batches_tracked")}
    return {key: torch.tensor(float(n)).expand(size) for n, (key, size) in enumerate(shapes.items())} | counts


def coco_state(name: str) -> State:
    """An official pose file; row k of its head holds k."""
    state = numbered(official.pose(*layout(name), 17))
    rows = torch.arange(17.0)
    head = {
        "final_layer.weight": rows[:, None, None, None].expand(17, shape(name).width, 1, 1),
        "final_layer.bias": rows,
    }
    return state | head


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def accounted(account: Account, state: State, model: Hrnet) -> None:
    """Each key of the file is in one list, and each of the model's is filled or missing."""
    theirs = [*account.taken, *account.remade, *account.left_out]
    assert sorted(theirs) == sorted(state)
    assert {*account.taken, *account.remade, *account.missing} == set(model.state_dict())


@pytest.mark.parametrize("name", ["w18-small", "w32"])
def test_a_pose_file_of_coco_gives_everything_and_its_head_by_name(name: str, tmp_path: Path) -> None:
    model, state = network(name), coco_state(name)
    untouched = model.state_dict()["final_layer.weight"].clone()
    account = load_checkpoint(model, saved(tmp_path / "pose.pth", state), JOINTS)
    accounted(account, state, model)
    assert account.remade == ("final_layer.weight", "final_layer.bias")
    assert not account.left_out
    assert not account.missing
    own = model.state_dict()
    assert all(torch.equal(own[key], state[key]) for key in account.taken)
    for joint in JOINTS.joints:
        row, bias = own["final_layer.weight"][JOINTS.index(joint)], own["final_layer.bias"][JOINTS.index(joint)]
        source = {"palm": "wrist", "foot": "ankle"}.get(joint.split("_")[-1], "")
        copied = joint if joint in COCO.joints else f"{joint.split('_')[0]}_{source}"
        if copied in COCO.joints:
            assert (row == COCO.index(copied)).all()
            assert bias == COCO.index(copied)
            assert f"{joint}: as {copied}" in account.notes
        else:
            assert torch.equal(row, untouched[JOINTS.index(joint)])
            assert f"{joint}: random" in account.notes
    assert sum(note.endswith("random") for note in account.notes) == 3  # neck, back and waist


def test_an_imagenet_file_gives_the_backbone_and_names_the_rest(tmp_path: Path) -> None:
    model, state = network("w18-small"), numbered(official.imagenet(*layout("w18-small")))
    account = load_checkpoint(model, saved(tmp_path / "hrnet.pth", state), JOINTS)
    accounted(account, state, model)
    assert account.missing == ("final_layer.weight", "final_layer.bias")
    parts = {".".join(key.split(".")[:1]) for key in account.left_out}
    assert parts == {"incre_modules", "downsamp_modules", "final_layer", "classifier", "stage4"}
    assert all(".fuse_layers." in key for key in account.left_out if key.startswith("stage4"))
    assert all(torch.equal(model.state_dict()[key], state[key]) for key in account.taken)


@pytest.mark.parametrize("wrapper", ["model", "state_dict"])
def test_a_file_of_24_joints_gives_everything(wrapper: str, tmp_path: Path) -> None:
    source, model = network("w8-tiny"), network("w8-tiny")
    state = {f"module.{key}": value for key, value in source.state_dict().items()}
    account = load_checkpoint(model, saved(tmp_path / "own.pt", {wrapper: state, "epoch": 3}), JOINTS)
    assert sorted(account.taken) == sorted(model.state_dict())
    assert (account.remade, account.left_out, account.missing) == ((), (), ())
    assert account.summary() == f"{len(account.taken)} taken, 0 re-made, 0 left out, 0 missing"
    assert all(
        torch.equal(a, b) for a, b in zip(source.state_dict().values(), model.state_dict().values(), strict=True)
    )


def test_another_head_keeps_its_own_start(tmp_path: Path) -> None:
    size = shape("w8-tiny")
    model, state = Hrnet(size, SimccHead(size.width, 24, SimccCodec(64))), network("w8-tiny", 17).state_dict()
    account = load_checkpoint(model, saved(tmp_path / "pose.pth", state), JOINTS)
    accounted(account, state, model)
    assert account.left_out == ("final_layer.weight", "final_layer.bias")
    assert all(key.startswith("final_layer.") for key in account.missing)


def test_a_head_for_unknown_joints_is_left_out(tmp_path: Path) -> None:
    model, state = network("w8-tiny"), network("w8-tiny", 16).state_dict()
    account = load_checkpoint(model, saved(tmp_path / "mpii.pth", state), JOINTS)
    assert account.left_out == account.missing == ("final_layer.weight", "final_layer.bias")


def test_files_from_before_the_counters_are_taken(tmp_path: Path) -> None:
    model = network("w8-tiny")
    state = {key: value for key, value in network("w8-tiny").state_dict().items() if "num_batches" not in key}
    account = load_checkpoint(model, saved(tmp_path / "old.pth", state), JOINTS)
    assert account.missing
    assert all(key.endswith("num_batches_tracked") for key in account.missing)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda state: state | {"stage5.0.weight": torch.zeros(1)}, "1 of its parameters are unknown"),
        (lambda state: {k: v for k, v in state.items() if not k.startswith("stage3")}, "are missing"),
        (lambda state: state | {"conv1.weight": torch.zeros(64, 4, 3, 3)}, "another shape"),
        (lambda state: {}, "does not hold"),
        (lambda state: state | {"epoch": 3}, "does not hold"),
        (lambda state: [1, 2], "does not hold"),
        (lambda state: Path("x"), "checkpoint"),
    ],
    ids=["unknown", "lacking", "shape", "empty", "not a tensor", "a list", "an object"],
)
def test_a_file_that_does_not_account_is_refused_and_changes_nothing(change, reason: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    model = network("w8-tiny")
    before = {key: value.clone() for key, value in model.state_dict().items()}
    path = saved(tmp_path / "bad.pth", change(dict(network("w8-tiny").state_dict())))
    with pytest.raises(TrainingError, match=reason) as caught:
        load_checkpoint(model, path, JOINTS)
    assert caught.value.code == "training-checkpoint"
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_a_file_of_another_size_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "small.pth", network("w18-small").state_dict())
    with pytest.raises(TrainingError, match="parameters are"):
        load_checkpoint(network("w8-tiny"), path, JOINTS)


@pytest.mark.parametrize("content", [None, b"", b"not a file of torch"])
def test_what_is_no_file_of_torch_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TrainingError) as caught:
        load_checkpoint(network("w8-tiny"), path, JOINTS)
    assert caught.value.code == "training-checkpoint"
