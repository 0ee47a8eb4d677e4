"""What is wrong with a line, told from what a UART makes of it."""

import pytest

from edge.links import LineSettings
from edge.scan.hearing import judged, silence
from edge.scan.naming import asks, escaped, named, openings
from firmware_sim.wires.uart import Line, heard
from tests.protocols.nidek_frame.frames import CORNEA, DAY, MANUAL_LM1000P, NIGHT, REQUEST, summed

PRINTED = summed([NIGHT, DAY, CORNEA])
NAMES = {"N": "none", "E": "even", "O": "odd"}


def at(setting):
    line = Line.parse(setting)
    return LineSettings(line.baud, line.bits, NAMES[line.parity], line.stop)


def checked(data, said, read):
    """As a port that checks parity gives it."""
    return bytes(0 if one.wrong else one.byte for one in heard(data, Line.parse(said), Line.parse(read)))


@pytest.mark.parametrize(
    ("said", "read", "state", "says"),
    [
        ("9600 7E1", "9600 8N1", "seven_bits", "7 bits and even parity"),
        ("9600 7O1", "9600 8N1", "seven_bits", "7 bits and odd parity"),
        ("2400 7M1", "2400 8N1", "seven_bits", "7 bits and mark parity"),
        ("9600 8E1", "9600 8O1", "wrong_parity", "probably with another parity: at 9600 8O1"),
        ("9600 8O1", "9600 8E1", "wrong_parity", "parity errors"),
        ("9600 8E1", "9600 8N1", "wrong_parity", "parity errors"),
        ("9600 8N1", "9600 7E1", "wrong_parity", "parity errors"),
        ("4800 8N1", "9600 8N1", "wrong_speed", "more slowly than 9600 baud"),
        ("2400 8E1", "9600 8N1", "wrong_speed", "more slowly than 9600 baud"),
        ("2400 7E2", "19200 8N1", "wrong_speed", "more slowly than 19200 baud"),
        ("19200 8N1", "9600 8N1", "wrong_speed", "faster than 9600 baud"),
        ("38400 8E1", "9600 8N1", "wrong_speed", "cannot be text"),
        ("115200 8N1", "9600 8N1", "wrong_speed", "cannot be text"),
    ],
)
def test_wrong_parity_wrong_size_and_wrong_speed_are_told_apart(said, read, state, says):
    judgement = judged(checked(PRINTED, said, read), at(read))

    assert judgement.state == state
    assert says in judgement.what


def test_seven_bits_say_which_line_is_right():
    assert judged(checked(PRINTED, "9600 7E1", "9600 8N1"), at("9600 8N1")).line == at("9600 7E1")


def test_a_stranger_is_no_wrong_line():
    judgement = judged(b"HELLO, I AM A NEW KIND OF INSTRUMENT\r\n", at("9600 8N1"))

    assert judgement.state == "stranger"
    assert "emmetra gateway capture" in judgement.do


@pytest.mark.parametrize(
    ("shown", "what", "do"),
    [
        (True, "the plug shows an instrument that is switched on", "transmit and receive wires are probably swapped"),
        (False, "no instrument shows itself on the plug", "Check that it is switched on"),
        (None, "Nothing was heard at any setting", "probably swapped, or it is set to another port"),
    ],
)
def test_silence_is_told_by_what_the_plug_shows(shown, what, do):
    judgement = silence(shown)
    assert (what in judgement.what, do in judgement.do) == (True, True)


@pytest.mark.parametrize("data", [b"\0", b"\xff", b"\x80" * 100, bytes(100), bytes(range(256)), b"A"])
def test_any_bytes_are_judged(data):
    for line in (None, at("9600 8N1"), at("9600 7E1")):
        judgement = judged(data, line)
        assert judgement.what.endswith(".")
        assert judgement.do.endswith(".")


def test_the_evidence_shows_maker_and_model_and_no_patient():
    assert (
        escaped(b"\x01DRM\x02IDNIDEK/ARK-1a\x17IPMUELLER \xc4\x17", "NIDEK", "ARK-1a")
        == (
            "\\x01XXX\\x02XXNIDEK/ARK-1a\\x17XXXXXXXXX X\\x17"[
                : len("\\x01XXX\\x02XXNIDEK/ARK-1a\\x17XXXXXXXXX X\\x17")
            ]
        )
    )


def test_an_instrument_is_named_from_its_first_transmission():
    found = named(MANUAL_LM1000P)

    assert (found.name, found.score, found.model.model) == ("NIDEK LM-1000P", 100, "LM-1000P")
    assert found.at(LineSettings(2400)).line == LineSettings(2400)
    assert "checksum verifies" in found.why


def test_the_factorys_line_need_not_be_written():
    found = named(PRINTED)

    assert "baud" not in found.at(at("9600 8E1")).block("ark", "/dev/x")
    assert 'baud = 9600\nbits = 8\nparity = "odd"\nstop = 1' in found.at(at("9600 8O1")).block("ark", "/dev/x")


@pytest.mark.parametrize("data", [b"", b"HELLO", MANUAL_LM1000P[:40], REQUEST])
def test_what_carries_no_measurement_names_nobody(data):
    assert named(data) is None


def test_a_request_is_answered_as_every_model_in_turn():
    manifest = asks(REQUEST)

    assert manifest.family == "nidek_frame"
    assert {one["device_code"] for one in openings(manifest)} >= {"RK", "RM", "LM"}
    assert asks(b"HELLO") is None
