"""What a Measurement document says, and when half of one is refused."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.readings import CorrectedIop, IopReading, PachymetryEye, PatientRef, TonometryEye
from protocols.tomey_top_xml import Decoder, decode, recognise

D = Decimal


def eye(code, *puffs, average="15.6", cct="--.-", corrected="--.-"):
    told = "".join(f'<IOP quality="{quality}">{value}</IOP>' for value, quality in puffs)
    return f'<Eye type="{code}">{told}<IOPAvg>{average}</IOPAvg><CCT>{cct}</CCT><CIOP>{corrected}</CIOP></Eye>\n'


def document(*eyes, patient="H-1001", units='iop_unit="mmHg" cct_unit="um"', end="</Measurement>\n"):
    top = "<Company>Tomey</Company><Model>TOP-1000</Model><DateTime>2024-02-05_14-07-09</DateTime>"
    return f"<Measurement {units}>{top}<PatientID>{patient}</PatientID>\n{''.join(eyes)}{end}".encode()


RIGHT = eye("OD", ("16", "Normal"), ("24", "Low"), average="15.6", cct="523", corrected="16.7")
LEFT = eye("OS", ("18", "Normal"), average="18.3", cct="511")
BOTH = document(RIGHT, LEFT)


def readings(raw):
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event.why
    return event.readings


def codes(reading):
    return [note.code for note in reading.notes]


def test_both_eyes_with_everything_that_belongs_to_them():
    pressure, thickness = readings(BOTH)
    assert pressure.right == TonometryEye(
        iop_mmhg=D("15.6"),
        readings=(IopReading(iop_mmhg=D(16)), IopReading(iop_mmhg=D(24), doubtful=True)),
        corrected=CorrectedIop(iop_mmhg=D("16.7"), cct_um=D(523)),
    )
    assert pressure.left == TonometryEye(iop_mmhg=D("18.3"), readings=(IopReading(iop_mmhg=D(18)),))
    assert (thickness.right, thickness.left) == (PachymetryEye(cct_um=D(523)), PachymetryEye(cct_um=D(511)))
    for reading in (pressure, thickness):
        assert (reading.instrument.maker, reading.instrument.model) == ("Tomey", "TOP-1000")
        assert (reading.measured_at, reading.patient_ref) == ("2024-02-05T14:07:09", PatientRef(id="H-1001"))
        assert reading.notes == ()


def test_one_eye_missing_costs_the_other_nothing():
    (pressure,) = readings(document(eye("OS", ("18", "Normal"))))
    assert (pressure.right, pressure.left.iop_mmhg) == (None, D("15.6"))


def test_dashes_are_no_measurement():
    (pressure,) = readings(document(eye("OD", ("--.-", "Normal"), ("16", "Normal"), average="--.-")))
    assert pressure.right == TonometryEye(readings=(IopReading(iop_mmhg=D(16)),))
    assert pressure.notes == ()


def test_a_number_filled_up_with_zeros_was_counted():
    pressure, _ = readings(document(RIGHT, patient="00000033"))
    assert (pressure.patient_ref, pressure.print_number) == (None, "00000033")
    assert codes(pressure) == ["patient_id_is_print_number"]


def test_a_root_without_its_end_is_read_when_both_eyes_are_whole():
    pressure, _ = readings(document(RIGHT, LEFT, end=""))
    assert (pressure.left.iop_mmhg, codes(pressure)) == (D("18.3"), ["end_missing"])


@pytest.mark.parametrize("raw", [document(RIGHT, end=""), document(RIGHT, LEFT[:-8], end=""), BOTH[:300]])
def test_half_a_document_is_refused(raw):
    (event,) = decode(raw)
    assert isinstance(event, Garbled)
    assert "broke off" in event.why


def test_what_is_broken_is_told_where_it_is_and_not_behind_the_end():
    raw = document(RIGHT.replace("</IOP>", "<![CDATA[</IOP>", 1), LEFT, end="")
    (event,) = decode(raw)
    assert isinstance(event, Garbled)
    assert 0 < event.offset <= len(event.raw)


def test_units_are_not_guessed():
    (event,) = decode(document(RIGHT, units='iop_unit="hPa" cct_unit="um"'))
    assert event.why == "The pressures are not said to be in mmHg."
    _, thickness = readings(document(eye("OD", ("1", "Normal"), cct="0.523"), units='iop_unit="mmHg" cct_unit="mm"'))
    assert thickness.right.cct_um == D(523)
    (pressure,) = readings(document(eye("OD", ("1", "Normal"), cct="20"), units='iop_unit="mmHg" cct_unit="mil"'))
    assert pressure.left is None


@pytest.mark.parametrize("size", [1, 7, 500])
def test_it_does_not_matter_in_what_pieces_they_arrive(size):
    data = BOTH + document(LEFT)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]
    assert [*events, *decoder.silence()] == decode(data)
    assert len(events) == 2


@settings(deadline=None)
@given(st.integers(0, len(BOTH) - 20))
def test_nothing_before_a_good_document_can_cost_it(cut):
    last = decode(BOTH[:cut] + document(LEFT))[-1]
    assert isinstance(last, Transmission)
    assert last.raw == document(LEFT).rstrip()


@settings(deadline=None)
@given(st.integers(0, len(BOTH) - 1), st.binary(max_size=5), st.integers(0, 9))
def test_no_damage_does_more_than_refuse(at, put, taken):
    events = decode(BOTH[:at] + put + BOTH[at + taken :])
    assert all(isinstance(event, Transmission | Garbled) for event in events)


@pytest.mark.parametrize(
    ("raw", "score"), [(BOTH, 95), (BOTH[:200], 30), (document(), 30), (b"", 0), (b"<Ophthalmology/>", 0)]
)
def test_how_sure_the_dialect_is(raw, score):
    assert recognise(raw).score == score
