"""What a TonoCare may print: the layout is not known, so the average is the witness."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.keeler import Decoder, decode, recognise
from protocols.readings import IopReading, TonometryEye
from tests.protocols.labelled.noise import broken, fed, wires

PRINT_OUT = (
    b"KEELER TonoCare\r\n15 Feb 2024 14:07\r\n"
    b"Right\r\n15 16 15 15\r\nAverage 15.3\r\nLeft\r\n12 12 13 13\r\nAverage 12.5\r\n"
)
ONE_LINE = b"TonoCare\rR: 15 16 15 15 Avg: 15.2 mmHg\rL: 12 Avg: 12.0 mmHg\r"
UNTOLD = b"TonoCare\n15\n16\n15\n15\nAVG 15.3\n"


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    (reading,) = event.readings
    return reading


def eye(average, *readings):
    return TonometryEye(
        iop_mmhg=Decimal(average), readings=tuple(IopReading(iop_mmhg=Decimal(reading)) for reading in readings)
    )


def test_readings_and_their_average_are_read_with_the_time():
    reading = read(PRINT_OUT)

    assert (reading.right, reading.left) == (eye("15.3", 15, 16, 15, 15), eye("12.5", 12, 12, 13, 13))
    assert reading.measured_at == "2024-02-15T14:07:00"
    assert (reading.instrument.maker, reading.instrument.model) == ("Keeler", "TonoCare")


def test_an_average_may_be_cut_off_instead_of_rounded():
    reading = read(ONE_LINE)

    assert (reading.right, reading.left) == (eye("15.2", 15, 16, 15, 15), eye("12.0", 12))
    assert reading.measured_at is None


@pytest.mark.parametrize("label", [b"R", b"OD", b"RE", b"Right Eye:", b"  r -"])
def test_an_eye_may_be_named_in_several_ways(label):
    assert read(PRINT_OUT.replace(b"Right", label)).right == eye("15.3", 15, 16, 15, 15)


def test_without_an_eyes_name_none_is_made_up():
    reading = read(UNTOLD)

    assert (reading.right, reading.left) == (None, None)
    assert reading.extra == {"readings_mmhg": ["15", "16", "15", "15"], "average_mmhg": "15.3"}
    assert [note.code for note in reading.notes] == ["eye_unknown"]


@pytest.mark.parametrize(
    "bad",
    [
        PRINT_OUT.replace(b"15.3", b"15.5"),
        PRINT_OUT.replace(b"15 16 15 15", b"15 16 15 15 15"),
        PRINT_OUT.replace(b"15 16 15 15", b"1) 15 2) 16 3) 15 4) 15"),
        PRINT_OUT.replace(b"Average 15.3", b""),
        PRINT_OUT.replace(b"Left", b"Right"),
        PRINT_OUT.replace(b"15 16", b"15.0 16"),
        PRINT_OUT.replace(b"Right", b"12 12 12.0\r\nRight"),
        b"TonoCare\r\nRight\r\nLeft\r\n",
    ],
    ids=["average", "five", "counted", "no average", "twice", "decimal", "before the eye", "empty"],
)
def test_figures_that_do_not_agree_are_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + PRINT_OUT, size)

    assert (noise.raw, event.raw) == (b"zap\x07", PRINT_OUT)


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT, ONE_LINE, UNTOLD))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT, ONE_LINE))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + PRINT_OUT)[-1].readings[0].right == read(PRINT_OUT).right


@pytest.mark.parametrize(
    ("data", "score"), [(PRINT_OUT, 75), (b"zap" + PRINT_OUT, 55), (PRINT_OUT[:-4], 15), (b"", 0), (b"R 15 15.0", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score
