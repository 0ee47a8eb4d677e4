"""Readings for a phoropter: into its folder, taken or not, and what is refused."""

import asyncio
import json
import os

import pytest

from edge.drivers.joia import driver, inbox
from edge.drivers.joia.driver import Driver
from edge.refusals import OrderRefused
from firmware_sim.joia import CV5000
from firmware_sim.wires import null_modem
from protocols import nidek_xml
from protocols.joia import decode
from protocols.readings import from_json

COMMON = {
    "instrument": {"maker": "NIDEK", "model": "ARK-1", "dialect": "x"},
    "integrity": {"checksum": "ok", "raw_sha256": "0" * 64},
}


def reading(kind, **keys):
    return from_json(json.dumps({"kind": kind} | COMMON | keys).encode())


def power(sphere, cylinder, axis, **more):
    return {"sphere": sphere, "cylinder": cylinder, "axis": axis} | more


OBJECTIVE = reading("autorefraction", right=power("-2.75", "-1.75", 105), left=power("-1.25", "-1.50", 140))
LENSES = reading("lensmetry", right=power("-2.50", "-1.50", 100, add="1.50"), left=power("-1.25", "-1.25", 140))
EARLIER = reading("subjective_refraction", stage="final", distance="far", right=power("-2.25", "-1.00", 99))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(inbox, "ANSWER_S", 1.0)
    monkeypatch.setattr(inbox, "POLL_S", 0.02)
    monkeypatch.setattr(driver, "BETWEEN_S", 0.05)
    return tmp_path


async def taking(folder, take, count=1):
    """The phoropter's PC, which looks into its folder now and then."""
    taken = 0
    while taken < count:
        await asyncio.sleep(0.05)
        taken += take()


async def test_a_cv_5000_shows_what_was_sent(folder):
    phoropter = CV5000(null_modem()[0], inbox=folder)
    sender = Driver({"model": "CV-5000", "import_folder": str(folder)})
    pc = asyncio.create_task(taking(folder, phoropter.take_over))

    sent = await sender.send([LENSES, OBJECTIVE, EARLIER], "H-1001")
    await pc

    assert sent == ("lensmeter", "autorefraction", "previous")
    assert phoropter.screen == {
        "Objective Data": {"R": ("-2.75", "-1.75", "105"), "L": ("-1.25", "-1.50", "140")},
        "Current Spectacles": {"R": ("-2.50", "-1.50", "100"), "L": ("-1.25", "-1.25", "140")},
        "Last Prescription": {"R": ("-2.25", "-1.00", "99"), "L": ("", "", "")},
    }
    assert list(folder.iterdir()) == []


async def test_an_rt_6100_gets_one_file_after_the_other(folder):
    seen = []

    def take():
        found = sorted(folder.glob("*.xml"))
        assert len(found) <= 1
        for path in found:
            seen.append((path.name.partition("_")[0], path.read_bytes()))
            path.rename(folder / f"{path.name}.done")
        return len(found)

    sender = Driver({"model": "RT-6100", "import_folder": str(folder)})
    pc = asyncio.create_task(taking(folder, take, count=2))

    assert await sender.send([OBJECTIVE, LENSES], "H-1001") == ("lensmeter", "autorefraction")
    await pc
    (lenses, ark) = seen
    assert (lenses[0], ark[0]) == ("LM", "ARK")
    assert decode(lenses[1])[0].readings[0].right.axis == 100
    assert nidek_xml.decode(ark[1])[0].readings[0].right.axis == 105


async def test_what_nobody_takes_is_withdrawn_and_told(folder):
    sender = Driver({"import_folder": str(folder)})

    with pytest.raises(OrderRefused, match="no answer from the phoropter in 1 s"):
        await sender.send([LENSES], "H-1001")

    assert list(folder.iterdir()) == []


async def test_older_files_of_ours_go_first_and_others_stay(folder):
    (folder / "H-1_20240101_000000_EMMETRA_1.xml").write_text("ours")
    (folder / "H-1_20240101_000000_EMMETRA_1.xml.part").write_text("ours, half")
    (folder / "H-1_20240101_000000_RUFUS_V1_Rufus.xml").write_text("theirs")
    seen = []

    def take():
        found = list(folder.glob("*EMMETRA*"))
        seen.extend(path.name for path in found)
        for path in found:
            path.unlink()
        return "H-1001" in "".join(seen)

    pc = asyncio.create_task(taking(folder, take))
    (folder / "H-1_20240101_000000_EMMETRA_1.xml").write_text("ours")
    await Driver({"import_folder": str(folder)}).send([LENSES], "H-1001")
    await pc

    assert [path.name for path in folder.iterdir()] == ["H-1_20240101_000000_RUFUS_V1_Rufus.xml"]
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("readings", "settings", "why"),
    [
        ([LENSES], {}, "no import folder is set for this instrument"),
        ([LENSES], {"import_folder": "/nowhere/at/all"}, "cannot be used: No such file or directory"),
        ([], {"import_folder": "/nowhere"}, "nothing in it that the phoropter takes"),
        ([LENSES, LENSES], {"import_folder": "/nowhere"}, "choose one"),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_a_sentence(readings, settings, why):
    with pytest.raises(OrderRefused, match=why):
        await Driver(settings).send(readings, "H-1001")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written_is_told(folder):
    folder.chmod(0o500)
    with pytest.raises(OrderRefused, match="Permission denied"):
        await Driver({"import_folder": str(folder)}).send([LENSES], "H-1001")


def test_a_form_nobody_knows_is_refused_before_a_folder_is_opened():
    with pytest.raises(ValueError, match="expected cv5000 or rt6100"):
        Driver({"import_form": "rt9999"})
