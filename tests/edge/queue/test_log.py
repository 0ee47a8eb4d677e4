"""The file of a holding: whole, private, and never a half."""

import stat

import pytest

from edge.queue import deeds
from edge.queue.day import Day
from edge.queue.log import FILE, Held, Log
from tests.edge.queue.books import HOLD, at, book, guest, took


@pytest.fixture
def told():
    return book(guest(1, who="Okafor"))


@pytest.fixture
def log(tmp_path, told):
    log = Log(tmp_path)
    log.begin(Held(address="a/b/c", hold=HOLD, told=told), took(told))
    return log


@pytest.fixture
def day(told):
    day = Day(told)
    day.apply(took(told))
    return day


def full(*_):
    raise OSError(28, "No space left on device")


def test_it_is_the_gateways_own(tmp_path, log):
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_without_a_holding_there_is_nothing(tmp_path):
    assert Log(tmp_path).read() is None


@pytest.mark.parametrize("where", ["os.fsync", "os.pwrite"])
def test_a_full_disk_leaves_what_was_confirmed_and_nothing_else(tmp_path, log, day, monkeypatch, where):
    before = (tmp_path / FILE).read_bytes()
    with monkeypatch.context() as short, pytest.raises(OSError, match="No space"):
        short.setattr(f"edge.queue.log.{where}", full)
        log.append(deeds.gave(day, at()))
    assert (tmp_path / FILE).read_bytes() == before
    log.append(entry := deeds.gave(day, at(1)))
    assert Log(tmp_path).read()[1][-1] == entry


def test_half_a_line_that_a_full_disk_took_is_taken_back(tmp_path, log, day, monkeypatch):
    before = (tmp_path / FILE).read_bytes()
    with monkeypatch.context() as short, pytest.raises(OSError, match="half"):
        short.setattr("edge.queue.log.os.pwrite", lambda handle, line, at: len(line) // 2)
        log.append(deeds.gave(day, at()))
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("tail", [b'{"hold":"', b"\0\0\0\n", b"no\n", b"{}\n"])
def test_a_torn_end_is_dropped_and_named_without_a_name(tmp_path, log, caplog, tail):
    with (tmp_path / FILE).open("ab") as file:
        file.write(tail)
    assert [one.what for one in Log(tmp_path).read()[1]] == ["took"]
    assert f"{len(tail)} bytes" in caplog.text and "Okafor" not in caplog.text


def test_what_was_torn_is_gone_with_the_next_entry_however_long_it_was(tmp_path, log, day):
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"x" * 5000)
    again = Log(tmp_path)
    again.read()
    again.append(deeds.gave(day, at()))
    assert (tmp_path / FILE).read_bytes().endswith(log.lines[0] + b"\n" + again.lines[1] + b"\n")


def test_an_entry_of_another_holding_or_beyond_a_hole_is_none(tmp_path, log, day):
    line = log.lines[0].replace(b'"n":1', b'"n":3')
    with (tmp_path / FILE).open("ab") as file:
        file.write(line + b"\n")
    assert [one.n for one in Log(tmp_path).read()[1]] == [1]


def test_damage_at_the_beginning_is_put_aside_and_names_nobody(tmp_path, log, caplog):
    (tmp_path / FILE).write_bytes(b'{"address":"Okafor"}\n')
    assert Log(tmp_path).read() is None
    assert (tmp_path / "queue.damaged").exists() and "Okafor" not in caplog.text
