"""`emmetra gateway scan` before simulated instruments on ptys that garble what is read at another line."""

import asyncio
import io
import tomllib

import pytest

from edge.command import main
from edge.links import LineSettings, open_link
from edge.scan.ear import Ear
from edge.scan.lines import after, to_try
from edge.scan.scanning import ports_here, scan
from firmware_sim.wires import open_pty, open_tcp
from tests.edge.links.test_usb import ONE, PLAIN, TWO
from tests.edge.scan.desk import desk
from tests.protocols.nidek_frame.frames import MANUAL_LM1000P

EVEN, SEVEN = LineSettings(9600, 8, "even"), LineSettings(2400, 7, "even")


@pytest.fixture
def hurried(monkeypatch):
    for name, seconds in (("SLOT_S", 0.2), ("HOLD_S", 3), ("QUIET_S", 0.1), ("REPLY_S", 0.5)):
        monkeypatch.setattr(f"edge.scan.ear.{name}", seconds)


@pytest.mark.edge(
    "EDGE-088",
    "Five instruments at five line settings are recognised within a minute; nobody chooses a setting.",
)
async def test_five_instruments_at_five_lines_are_named_within_a_minute(tmp_path, hurried):
    places = [
        ("ark-1a", "9600 8E1", {"patience": 0.5}),
        ("lm-600p", "9600 8O1", {"patience": 0.5}),
        ("rt-5100", "2400 7E2", {}),
        ("tonoref-iii", "19200 8N1", {"mode": "NCP10"}),
        ("tl-6100", "38400 8N1", {}),
    ]
    async with desk(tmp_path, *places) as ports:
        scanned = await scan(list(ports.values()), 60, lambda _: None)

    told = [(one.found.name if one.found else one.why.what, str(one.found and one.found.line)) for one in scanned]
    assert told[:4] == [
        ("NIDEK ARK-1a", "9600 8E1"),
        ("NIDEK LM-600P", "9600 8O1"),
        ("NIDEK RT-5100", "2400 7E2"),
        ("NIDEK TONOREF3", "19200 8N1"),
    ]
    assert scanned[4].found.manifest.family == "tomey_tagged"
    assert "TL-6100" in [model.model for model in scanned[4].found.possible]
    assert told[4][1] == "38400 8N1"


async def test_a_socket_is_listened_to_without_a_line():
    wire = await open_tcp()
    listening = asyncio.create_task(Ear(f"socket://127.0.0.1:{wire.port}", [EVEN]).listen(5))
    await wire.connected()
    await wire.write(MANUAL_LM1000P)
    found = await listening
    await wire.aclose()

    assert (found.name, found.line) == ("NIDEK LM-1000P", None)


async def test_seven_bits_read_as_eight_are_named_at_once_and_at_their_own_line(tmp_path, hurried):
    eight = LineSettings(9600, 8)
    async with desk(tmp_path, ("lm-600p", "9600 7O1", {"mode": "NCP10"})) as ports:
        found = await Ear(ports["lm-600p"], [eight]).listen(5)

    assert (found.name, str(found.line)) == ("NIDEK LM-600P", "9600 7O1")


async def test_a_port_in_use_is_left_alone_and_says_so(tmp_path):
    wire = await open_pty(tmp_path / "a")
    link = await open_link(str(wire.path))
    ear = Ear(str(wire.path), [EVEN])
    assert await ear.listen(1) is None
    await link.aclose()
    await wire.aclose()
    assert "in use by another program" in ear.why.what


async def test_a_silent_port_says_what_to_do(tmp_path, hurried):
    wire = await open_pty(tmp_path / "a")
    ear = Ear(str(wire.path), [EVEN, SEVEN])
    assert await ear.listen(0.6) is None
    await wire.aclose()
    assert "Nothing was heard at any setting" in ear.why.what
    assert "transmit and receive wires are probably swapped" in ear.why.do


async def test_a_port_that_goes_away_says_so(tmp_path, hurried):
    wire = await open_pty(tmp_path / "a")
    ear = Ear(str(wire.path), [EVEN])
    listening = asyncio.create_task(ear.listen(5))
    await asyncio.sleep(0.1)
    await wire.aclose()
    assert await listening is None
    assert "went away" in ear.why.what


@pytest.fixture
def press(tmp_path, monkeypatch, capsys, hurried):
    """The command, with a person's answers, before one instrument."""

    def run(place, answers, *options):
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))

        async def both():
            async with desk(tmp_path, place) as ports:
                words = ["scan", "--config", str(tmp_path / "none.toml"), "--seconds", "15", "--port", ports[place[0]]]
                return await asyncio.to_thread(main, [*words, *options])

        code = asyncio.run(both())
        return code, capsys.readouterr().out

    return run


def test_what_the_engineer_confirms_is_written_and_nothing_else(press, tmp_path):
    file = tmp_path / "gateway.toml"
    place = ("lm-600p", "4800 8N1", {"mode": "NCP10"})
    _, refused = press(place, "n\n", "--write", str(file))
    assert not file.exists()
    code, out = press(place, "y\n", "--write", str(file))

    assert (code, "is this the NIDEK LM-600P? [y/n]" in refused) == (0, True)
    assert "NIDEK LM-600P, read at 4800 8N1" in out
    (block,) = tomllib.loads(file.read_text())["instrument"]
    assert block == {
        "name": "lm-600p",
        "family": "nidek_frame",
        "model": "LM-600P",
        "url": str(tmp_path / "lm-600p"),
        "baud": 4800,
        "bits": 8,
        "parity": "none",
        "stop": 1,
    }


def test_an_instrument_that_does_not_say_which_it_is_is_named_by_the_engineer(press):
    _, out = press(("tl-6100", "38400 8N1", {}), "tl-6100\n")

    assert 'name = "tl-6100"\nfamily = "tomey_tagged"\nmodel = "TL-6100"' in out


def test_nothing_found_is_told_and_ends_with_one(press, tmp_path):
    code, out = press(("ark-1a", "9600 8E1", {"patience": 30}), "", "--seconds", "1")

    assert code == 1
    assert "->" in out


def test_without_a_port_the_command_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("edge.scan.scanning.comports", list)
    assert main(["scan", "--config", str(tmp_path / "none.toml")]) == 1
    assert "no serial port here" in capsys.readouterr().err


def test_ports_are_listed_by_the_name_that_stays_and_without_those_in_the_configuration(monkeypatch):
    monkeypatch.setattr("edge.links.usb.comports", lambda: [ONE, TWO, PLAIN])
    monkeypatch.setattr("edge.scan.scanning.comports", lambda: [ONE, TWO, PLAIN])

    assert ports_here(["usb:0403:6001:B2"]) == ["usb:0403:6001:A1", "/dev/ttyS0"]


def test_what_most_models_leave_the_factory_with_is_tried_first_and_each_setting_once():
    from edge.discovery import known

    lines = to_try(known().values())
    assert lines[0].baud == 9600
    assert len(lines) == len(set(lines))
    assert {SEVEN, EVEN} <= set(lines)


def test_the_next_setting_follows_from_what_was_heard():
    lines = [LineSettings(baud) for baud in (9600, 1200, 19200, 4800, 38400)] + [EVEN]

    assert [line.baud for line in after(lines, [lines[0]], True, False)][:2] == [4800, 1200]
    assert [line.baud for line in after(lines, [lines[0]], False, False)][:2] == [19200, 38400]
    assert after(lines, [lines[0]], None, True)[0] == EVEN
    assert after(lines, [lines[1], lines[0]], None, False)[-2:] == [lines[1], lines[0]]
