"""The power fails before and after every change to the disk of an update; the old or the new release always runs."""

import shutil

import pytest

from edge.updates import fetching, launcher, slots, steps, upkeep
from edge.updates.launcher import RELEASE, choose
from tests.edge.updates.cutting import Disk, PowerCut, count
from tests.edge.updates.releases_here import Box, Maker, digest

MODULES = (launcher, slots, steps, fetching, upkeep)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A box with 1.0 in slot A, and the release 2.0."""
    folder = tmp_path_factory.mktemp("made")
    maker = Maker(folder)
    maker.box(folder / "home")
    return folder / "home", maker.release("2.0")


def to_trial(box, two):
    """Everything the old release does, up to its last act."""
    box.want(two)
    work = box.steps()
    while work.at() in ("wanted", "fetched", "proved"):
        work.advance()
    if work.at() == "unpacked":
        work.begin_trial({"connected": True, "opened": []})


def runs(box):
    """The version that the launcher starts, which must be whole."""
    slot, on_trial = choose(box.slots.root)
    about = box.slots.release(slot)
    box.slots.prove(slot, about["files_sha256"])
    return about["version"], on_trial


@pytest.fixture
def box(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "home")
    return Box(tmp_path / "home")


def cut(monkeypatch, point, work):
    """Do a piece of work with the power failing at this point; whether it failed."""
    disk = Disk(point)
    with monkeypatch.context() as patched:
        for module in MODULES:
            patched.setattr(module, "os", disk)
        try:
            work()
        except PowerCut:
            return True
    return False


@pytest.mark.edge(
    "EDGE-180",
    "A power cut before or after any change to the disk of an update leaves the old or the new release, whole.",
)
def test_a_cut_anywhere_up_to_the_trial_leaves_one_that_runs_and_the_update_goes_on(made, tmp_path, monkeypatch):
    _, two = made
    shutil.copytree(made[0], tmp_path / "counted")
    points = count(lambda: to_trial(Box(tmp_path / "counted"), two), monkeypatch, MODULES)
    started = set()
    for point in range(1, points + 1):
        home = tmp_path / str(point)
        shutil.copytree(made[0], home)
        box = Box(home)
        assert cut(monkeypatch, point, lambda box=box: to_trial(box, two))
        version, on_trial = runs(box)
        started.add((version, on_trial))
        to_trial(box, two)
        assert runs(box) == ("2.0", True), point
        shutil.rmtree(home)
    assert points > 60
    assert started == {("1.0", False), ("2.0", True)}


ENDS = {
    "start": (lambda box: choose(box.slots.root), {("2.0", True)}),
    "commit": (lambda box: box.steps("2.0").commit(), {("2.0", True), ("2.0", False)}),
    "return": (lambda box: box.steps("2.0").go_back("cold feet"), {("2.0", True), ("1.0", False)}),
}


@pytest.mark.edge("EDGE-181", "A power cut while a trial starts, commits or goes back leaves a release that runs.")
@pytest.mark.parametrize("end", ENDS)
def test_a_cut_at_the_end_of_a_trial(made, tmp_path, monkeypatch, end):
    do, may_run = ENDS[end]
    home = tmp_path / "home"
    found = set()
    for point in range(1, 100):
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(made[0], home)
        box = Box(home)
        to_trial(box, made[1])
        was_cut = cut(monkeypatch, point, lambda box=box: do(box))
        if not was_cut:
            break
        found.add(runs(box))
    assert point > 10
    assert found == may_run


def test_cuts_in_every_start_return_in_the_end(box, made, monkeypatch):
    """However often the power fails in a trial, it ends: here in the old release, with the reason kept."""
    to_trial(box, made[1])
    seen = [runs(box) for _ in range(5)]
    assert seen == [("2.0", True)] * 3 + [("1.0", False)] * 2
    state = box.slots.state()
    assert state["refused"] == {digest(made[1]): {"version": "2.0", "why": "it did not hold in 3 starts"}}
    assert [(one["code"], one["version"]) for one in state["untold"]] == [("update_returned", "2.0")]


def test_a_state_file_that_rotted_starts_a_whole_slot(box):
    for rot in (b"", b"{", b"[]", b'{"active": "C"}'):
        (box.slots.root / "state.json").write_bytes(rot)
        assert choose(box.slots.root) == ("A", False)
    (box.slots.root / "A" / RELEASE).rename(box.slots.root / "gone")
    box.slots.keep(active="A")
    (box.slots.root / "state.json").unlink()
    assert choose(box.slots.root) == ("A", False)
