"""Lines set otherwise: what a UART hears, and that a pty is heard the same way."""

import asyncio
import itertools

import pytest

from edge.links import LineSettings, open_link
from firmware_sim.wires import open_pty
from firmware_sim.wires.uart import Line, heard

TEXT = b"\x01DRM\x02OL+00.25-01.00 90\x17\x04"
ALL = [Line(9600, *each) for each in itertools.product((7, 8), "NEOMS", (1, 2))]


def read(data, said, read):
    return bytes(one.byte for one in heard(data, Line.parse(said), Line.parse(read)))


@pytest.mark.parametrize("line", ALL)
def test_the_same_setting_hears_every_byte_without_error(line):
    data = bytes(range(1 << line.bits)) * 2
    characters = heard(data, line, line)

    assert bytes(one.byte for one in characters) == data
    assert not any(one.wrong for one in characters)


@pytest.mark.parametrize(
    ("said", "seen", "first"),
    [("7E1", "8N1", 0x41), ("7O1", "8N1", 0xC1), ("7M1", "8N1", 0xC1), ("7S1", "8N1", 0x41), ("8N1", "7E1", 0x41)],
)
def test_seven_bits_and_parity_are_eight_bits_to_who_expects_none(said, seen, first):
    assert read(b"A", f"9600 {said}", f"9600 {seen}") == bytes([first])


def test_even_parity_read_as_odd_is_an_error_each_time_and_still_the_byte():
    characters = heard(TEXT, Line.parse("9600 8E1"), Line.parse("9600 8O1"))

    assert bytes(one.byte for one in characters) == TEXT
    assert all(one.wrong for one in characters)


def test_parity_where_a_stop_bit_is_expected_breaks_the_framing():
    characters = heard(TEXT, Line.parse("9600 8E1"), Line.parse("9600 8N1"))

    assert any(one.wrong for one in characters)
    assert bytes(one.byte for one in characters) != TEXT


def test_a_slower_line_is_long_runs_of_bits_and_a_faster_one_few_bytes():
    slow, fast = read(TEXT, "2400 8N1", "9600 8N1"), read(TEXT, "19200 8N1", "9600 8N1")

    assert len(slow) > len(TEXT) > len(fast)
    assert TEXT not in (slow, fast)


@pytest.mark.parametrize("text", ["9600", "9600 9N1", "fast 8N1", "9600 8X1"])
def test_what_is_no_setting_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write for example '9600 8E1'"):
        Line.parse(text)


LINES = ["2400 7E2", "9600 8E1", "9600 8O1", "38400 8N1"]


@pytest.mark.parametrize(("said", "seen"), list(itertools.product(LINES, LINES)))
async def test_a_pty_with_a_line_is_understood_at_that_line_alone_both_ways(said, seen):
    names = {"N": "none", "E": "even", "O": "odd"}
    theirs = Line.parse(seen)
    wire = await open_pty(None, Line.parse(said))
    link = await open_link(str(wire.path), LineSettings(theirs.baud, theirs.bits, names[theirs.parity], theirs.stop))
    await wire.write(TEXT)
    there = await asyncio.wait_for(anext(aiter(link)), 5)
    await link.write(TEXT)
    here = await asyncio.wait_for(anext(aiter(wire)), 5)
    await link.aclose()
    await wire.aclose()

    assert there == read(TEXT, said, seen)
    assert (here == TEXT) == (said == seen)


async def test_a_checking_port_reads_errors_as_nul_and_settings_change_while_it_is_open():
    wire = await open_pty(None, Line.parse("9600 8E1"))
    link = await open_link(str(wire.path), LineSettings(9600, 8, "odd"))
    link.set(LineSettings(9600, 8, "odd"), checking=True)
    await wire.write(TEXT)
    wrong = await asyncio.wait_for(anext(aiter(link)), 5)
    link.set(LineSettings(9600, 8, "even"), checking=True)
    await wire.write(TEXT)
    right = await asyncio.wait_for(anext(aiter(link)), 5)
    await link.aclose()
    await wire.aclose()

    assert (wrong, right) == (bytes(len(TEXT)), TEXT)


async def test_a_pty_has_no_wires_to_show_itself_on():
    wire = await open_pty()
    link = await open_link(str(wire.path))
    assert link.signals() is None
    await link.aclose()
    await wire.aclose()
