"""Print-outs of a G3, built from its manual's description, and what can happen to them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from protocols.framing import Garbled, Transmission
from protocols.readings import BiomechanicsEye, TonometryEye, kind
from protocols.reichert import Decoder, decode, recognise
from tests.protocols.labelled.noise import broken, fed, wires

TOP = b"\r\r15.02.2024 14:07\r\r"
COLUMNS = b"       IOPcc    CH   IOPg    WS\r"
RIGHT = b"R      15.2  10.1   14.8   7.6\r"
LEFT = b"L       9.0  11  8.75 10\r"
END = b"\r\x04"
PRINT_OUT = TOP + COLUMNS + RIGHT + LEFT + END


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def test_the_goldmann_correlated_value_is_the_pressure_and_the_rest_is_how_the_cornea_answered():
    pressure, answer = read(PRINT_OUT)

    assert pressure.right == TonometryEye(iop_mmhg=Decimal("14.8"))
    assert pressure.left == TonometryEye(iop_mmhg=Decimal("8.75"))
    assert answer.right == BiomechanicsEye(
        iopcc_mmhg=Decimal("15.2"), ch_mmhg=Decimal("10.1"), waveform_score=Decimal("7.6")
    )
    assert answer.left == BiomechanicsEye(iopcc_mmhg=Decimal("9.0"), ch_mmhg=Decimal(11), waveform_score=Decimal(10))
    for reading in (pressure, answer):
        assert (reading.instrument.maker, reading.measured_at) == ("Reichert", "2024-02-15T14:07:00")


@pytest.mark.parametrize(("line", "side"), [(RIGHT, "right"), (LEFT, "left")])
def test_the_line_of_an_eye_that_was_not_measured_is_absent(line, side):
    pressure, answer = read(TOP + COLUMNS + line + END)

    assert getattr(pressure, side) is not None
    assert {"right", "left"} - {side} == {one for one in ("right", "left") if getattr(answer, one) is None}


@pytest.mark.parametrize("tag", [b"R", b"OD", b"Right", b"R:", b"Rechts", b"RE"])
def test_the_tag_of_an_eye_may_be_written_in_several_ways(tag):
    assert read(PRINT_OUT.replace(b"R   ", tag + b"   "))[0].right.iop_mmhg == Decimal("14.8")


def test_the_headings_own_order_of_columns_is_followed():
    pressure, answer = read(TOP + b"  WS IOPg (mmHg) CRF IOPcc\r" + b"R 7.6 10.1 14.8 15.2\r" + END)

    assert (pressure.right.iop_mmhg, answer.right.crf_mmhg) == (Decimal("10.1"), Decimal("14.8"))


@pytest.mark.parametrize(
    ("date", "told"),
    [
        (b"05/02/2024 14:07", None),
        (b"25/02/2024 2:07 PM", "2024-02-25T14:07:00"),
        (b"02/25/2024 14:07:30", "2024-02-25T14:07:30"),
        (b"2024-02-05 14:07", "2024-02-05T14:07:00"),
        (b"Feb 5 2024, 14:07", "2024-02-05T14:07:00"),
        (b"31.02.2024 14:07", None),
    ],
)
def test_a_date_that_could_be_two_days_is_kept_and_not_guessed(date, told):
    pressure, _ = read(PRINT_OUT.replace(b"15.02.2024 14:07", date))

    assert pressure.measured_at == told
    assert pressure.extra == ({} if told else {"date": date.decode()})
    assert any(note.code == "date_unread" for note in pressure.notes) == (told is None)


@pytest.mark.parametrize(
    "bad",
    [
        PRINT_OUT.replace(b"  10.1", b""),
        PRINT_OUT.replace(b"IOPg", b"IOPx"),
        PRINT_OUT.replace(b"14.8", b"148"),
        PRINT_OUT.replace(b"7.6", b"17.6"),
        PRINT_OUT.replace(b"L  ", b"R  "),
        TOP + COLUMNS + END,
        TOP + b"   IOPg\r" + RIGHT + END,
    ],
    ids=["three figures", "unknown column", "no pressure", "no score", "an eye twice", "no eye", "one column"],
)
def test_figures_that_cannot_be_assigned_are_refused(bad):
    assert [type(event) for event in decode(bad)] == [Garbled]


def test_a_line_of_no_eye_is_kept_and_told():
    pressure, _ = read(PRINT_OUT.replace(LEFT, b"L ----\r"))

    assert pressure.extra == {"line": "L ----"}
    assert pressure.left is None


@pytest.mark.parametrize("cut", range(len(TOP + COLUMNS), len(PRINT_OUT) - 1))
def test_a_print_out_without_its_eot_broke_off(cut):
    assert [type(event) for event in decode(PRINT_OUT[:cut])] == [Garbled]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + PRINT_OUT, size)

    assert (noise.raw, event.raw) == (b"zap\x07", PRINT_OUT)


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT))
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + PRINT_OUT)[-1].readings == decode(PRINT_OUT)[-1].readings


def test_kinds_come_as_they_were_measured():
    assert [kind(one) for one in read(PRINT_OUT)] == ["tonometry", "biomechanics"]


@pytest.mark.parametrize(
    ("data", "score"), [(PRINT_OUT, 90), (b"zap" + PRINT_OUT, 55), (PRINT_OUT[:-4], 15), (b"", 0), (b"\r\rIOP\r", 0)]
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score
