"""Taking over, and watching the program, without it."""

import asyncio
import json
import sys

import pytest

from edge.alarms import Alarms
from edge.clock import Clock
from edge.dicom import child as children
from edge.dicom.beside import Beside
from edge.dicom.child import Child
from edge.dicom.journal import Journal, Object
from edge.dicom.settings import DeviceSettings, DicomSettings
from edge.dicom.takeover import TakeOver
from edge.tasks import stop

SETTINGS = DicomSettings(("127.0.0.1", 0), devices=(DeviceSettings("d", "D", ("127.0.0.1",), lane="Room 1"),))


def put(journal, number):
    sha = f"{number:064x}"
    journal.file(sha).write_bytes(b"x")
    journal.add(Object(0, f"1.2.{number}", sha, 1, "1.2", "1.2.1", "1.3", "d", 0.0, None, 0))
    return sha


async def until(holds):
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path)
    yield journal
    journal.close()


async def test_what_waits_is_taken_in_order_and_marked(tmp_path, journal):
    taken = []

    async def take(arrival):
        taken.append((arrival.path.stem, arrival.dev, arrival.lane, arrival.dialect))

    shas = [put(journal, number) for number in range(45)]
    takeover = TakeOver(tmp_path, SETTINGS, take, Alarms())
    running = asyncio.ensure_future(takeover.run())
    await until(lambda: not journal.waiting())
    assert taken == [(sha, "d", "Room 1", "dicom") for sha in shas]
    shas.append(put(journal, 99))
    takeover.call()
    await until(lambda: not journal.waiting())
    assert [one[0] for one in taken] == shas
    await stop(running)


@pytest.mark.edge("EDGE-323", "A file that cannot be taken over holds up none behind it, and is tried again.")
async def test_one_that_stumbles_holds_up_nothing(tmp_path, journal, monkeypatch):
    monkeypatch.setattr("edge.dicom.takeover.LOOK_S", 0.05)
    taken, alarms, bad = [], Alarms(), [True]
    first, second = put(journal, 1), put(journal, 2)

    async def take(arrival):
        if arrival.path.stem == first and bad:
            raise ValueError("broken")
        taken.append(arrival.path.stem)

    running = asyncio.ensure_future(TakeOver(tmp_path, SETTINGS, take, alarms).run())
    await until(lambda: taken == [second])
    await until(lambda: "dicom_stuck" in alarms.by_code())
    bad.clear()
    await until(lambda: taken == [second, first])
    await until(lambda: alarms.by_code() == {})
    await stop(running)
    assert taken == [second, first]


async def test_an_object_whose_file_is_gone_was_taken_before(tmp_path, journal):
    journal.file(put(journal, 1)).unlink()
    running = asyncio.ensure_future(TakeOver(tmp_path, SETTINGS, None, Alarms()).run())
    await until(lambda: not journal.waiting())
    await stop(running)
    assert journal.queue() == {"objects": 0, "reports": 0}


ABOUT = json.dumps({"uid": "1.2", "orders": [{"accession": "7"}]})


@pytest.mark.edge("EDGE-461", "A performed step is told once, in order, and waits where the disk is full.")
async def test_performed_steps_are_told_in_order_and_once(tmp_path, journal, monkeypatch):
    monkeypatch.setattr("edge.dicom.takeover.LOOK_S", 0.05)
    told, room, alarms = [], [], Alarms()

    async def tell(event):
        told.append((event.code, event.id, event.dev, event.data))
        return bool(room)

    journal.begin_step("1.2", "d", "", "7", ABOUT)
    journal.begin_step("1.3", "d", "", "")
    running = asyncio.ensure_future(TakeOver(tmp_path, SETTINGS, None, alarms, tell).run())
    await until(lambda: "dicom_stuck" in alarms.by_code())
    assert {code for code, *_ in told} == {"step_started"}
    told.clear()
    room.append(True)
    await until(lambda: not journal.news())
    assert [told[-1][0], told[-1][2:]] == ["step_started", ("d", {"uid": "1.2", "orders": [{"accession": "7"}]})]
    told.clear()
    journal.end_step("1.2", "DISCONTINUED", "moved")
    journal.end_step("1.3", "COMPLETED")
    await until(lambda: told and not journal.news())
    assert [(code, data["why"]) for code, _, _, data in told] == [("step_discontinued", "moved")]
    assert alarms.by_code() == {}
    assert journal._rows("SELECT * FROM news") == []
    await stop(running)


async def test_a_step_told_twice_by_a_crash_is_one_event(tmp_path, journal):
    ids = []

    async def tell(event):
        ids.append(event.id)
        return True

    journal.begin_step("1.2", "d", "", "7", ABOUT)
    takeover = TakeOver(tmp_path, SETTINGS, None, Alarms(), tell)
    await takeover._steps()
    journal._change("UPDATE news SET told=0")
    await takeover._steps()
    takeover._journal.close()
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_after_a_crash_what_nobody_was_told_of_goes(journal):
    kept = put(journal, 1)
    journal.file("ab" * 32).write_bytes(b"half")
    (journal.landing / "x.part").write_bytes(b"half")
    journal.sweep()
    assert [path.stem for path in journal.spool.iterdir()] == [kept]
    assert list(journal.landing.iterdir()) == []


PROGRAMS = {
    "ends": "import sys; print('no', file=sys.stderr); sys.exit(1)",
    "listens": """import sys
print('{"listens": true, "devices": {"d": {"objects": 3}}}', flush=True)
sys.stdin.read()""",
    "chatters": "import os\nos.write(1, b'x' * 3000000)\nos.write(2, b'ERROR y')",
}


@pytest.fixture
def program(monkeypatch):
    """The program is another one."""
    real = asyncio.create_subprocess_exec

    def play(which):
        async def start(*_, **pipes):
            return await real(sys.executable, "-c", PROGRAMS[which], **pipes)

        monkeypatch.setattr(children.asyncio, "create_subprocess_exec", start)

    return play


@pytest.mark.edge("EDGE-324", "Where the DICOM program does not run the gateway says so, and starts it again.")
@pytest.mark.parametrize(("which", "why"), [("ends", "no"), ("chatters", "ERROR y")])
async def test_a_program_that_ends_is_told_and_started_again(tmp_path, program, which, why):
    program(which)
    alarms, changes = Alarms(), []
    child = Child(tmp_path / "x", SETTINGS, alarms, Clock())
    running = asyncio.ensure_future(child.run())
    await until(lambda: "dicom_down" in alarms.by_code())
    (state,) = child.states()
    assert (state.state, state.why, state.lane) == ("lost", why, "Room 1")
    program("listens")
    child.changed = lambda: changes.append(child.listens)
    await until(lambda: child.listens)
    assert (alarms.by_code(), changes, child.states()[0].state) == ({}, [True], "connected")
    assert child.status()["devices"] == [{"name": "d", "ae_title": "D", "objects": 3}]
    await stop(running)


async def test_a_program_that_cannot_be_started_does_not_end_the_gateway(tmp_path, monkeypatch):
    async def none_left(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(children.asyncio, "create_subprocess_exec", none_left)
    alarms = Alarms()
    running = asyncio.ensure_future(Child(tmp_path / "x", SETTINGS, alarms, Clock()).run())
    await until(lambda: "Resource temporarily" in alarms.by_code().get("dicom_down", ""))
    await stop(running)
    assert running.cancelled()


async def test_without_a_section_nothing_runs(tmp_path):
    beside = Beside(tmp_path / "x", tmp_path, None, None, Alarms(), Clock())
    running = asyncio.ensure_future(beside.run())
    await asyncio.sleep(0)
    assert (beside.states(), beside.status(), running.done()) == ([], None, False)
    await stop(running)
