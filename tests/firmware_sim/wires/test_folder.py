"""Files as instruments write them."""

import asyncio

import pytest

from deploy.cli import main
from firmware_sim.wires import FolderWire

DATA = bytes(range(256)) * 3


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("firmware_sim.wires.folder.PAUSES_S", dict.fromkeys(("direct", "slow", "rename", "partial"), 0))


@pytest.mark.parametrize("manner", ["direct", "slow", "rename"])
async def test_every_byte_is_there_in_the_end_and_nothing_beside_it(tmp_path, manner):
    await FolderWire(tmp_path / "share", manner).put("a.xml", DATA)

    assert {path.name: path.read_bytes() for path in (tmp_path / "share").iterdir()} == {"a.xml": DATA}


async def test_an_instrument_switched_off_leaves_half_a_file(tmp_path):
    await FolderWire(tmp_path, "partial").put("a.xml", DATA)

    assert (tmp_path / "a.xml").read_bytes() == DATA[: len(DATA) // 2]


async def test_the_final_name_is_there_before_the_last_byte_unless_it_is_renamed(tmp_path, monkeypatch):
    monkeypatch.setattr("firmware_sim.wires.folder.PAUSES_S", {"direct": 0.05, "rename": 0.05})
    for manner, early in (("direct", True), ("rename", False)):
        wire = FolderWire(tmp_path / manner, manner)
        writing = asyncio.create_task(wire.put("a.xml", DATA))
        await asyncio.sleep(0.02)
        assert (wire.folder / "a.xml").exists() == early
        await writing


async def test_a_share_that_was_away_comes_back_with_its_files(tmp_path):
    wire = FolderWire(tmp_path / "share")
    await wire.put("a.xml", DATA)
    await wire.unplug()
    assert not wire.folder.exists()
    await wire.replug()

    assert (wire.folder / "a.xml").read_bytes() == DATA


@pytest.mark.parametrize(
    ("words", "says"),
    [(["run", "lm-600p"], "writes no files"), (["run", "ark-1a", "--weather", "drop=1"], "no weather")],
)
def test_what_a_folder_cannot_do_is_said(tmp_path, capsys, words, says):
    assert main(["sim", *words, "--folder", str(tmp_path)]) == 1
    assert says in capsys.readouterr().err
