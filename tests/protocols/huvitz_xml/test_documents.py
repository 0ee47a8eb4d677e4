"""What a datalab document says."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.framing import Garbled, Transmission
from protocols.huvitz_xml import Decoder, decode, recognise
from protocols.readings import (
    AutorefractionEye,
    IopReading,
    KeratometryEye,
    Meridian,
    PachymetryReading,
    PatientRef,
    Pd,
)

D = Decimal
REF = (
    "<ref><rrs>-0.25</rrs><rrc>-0.5</rrc><rra>7</rra><rrp>68</rrp>"
    "<rls>0</rls><rlc>-0.5</rlc><rla>165</rla><rlp>68</rlp></ref>"
)
KER = "<ker><krr1>8.22</krr1><krr2>8.12</krr2><krax>176</krax><klr1>8.2</klr1><klr2>8.07</klr2><klax>179</klax></ker>"
TONO = "<tono><tr01>16</tr01><tr02>17</tr02><tr>16</tr><tl01>15</tl01><tl>15</tl></tono>"
PACHY = "<pachy><pr01>541</pr01><pr>541.8</pr><pl></pl></pachy>"


def document(*blocks, patient="H-1001", slash="/"):
    top = f"<patient>{patient}</patient><date>2022/04/26</date><version>1.00.00c</version>"
    text = f"<datalab>\r\n{top}{''.join(blocks)}<misc><C-R01></C-R01></misc>\r\n</datalab>\r\n"
    return text.replace("</", f"<{slash}").encode()


ALL = document(REF, KER, TONO, PACHY)


def readings(raw):
    (event,) = decode(raw)
    assert isinstance(event, Transmission), event.why
    return event.readings


def codes(reading):
    return [note.code for note in reading.notes]


@pytest.mark.parametrize(("slash", "noted"), [("/", []), ("\\", ["document_mended"])])
def test_every_block_of_a_document(slash, noted):
    day, cornea, pressure, thickness = readings(document(REF, KER, TONO, PACHY, slash=slash))
    assert day.pd == Pd(far=D(68))
    assert day.right == AutorefractionEye(sphere=D("-0.25"), cylinder=D("-0.5"), axis=7)
    assert day.left == AutorefractionEye(sphere=D(0), cylinder=D("-0.5"), axis=165)
    assert cornea.right == KeratometryEye(r1=Meridian(radius_mm=D("8.22"), axis=176), r2=Meridian(radius_mm=D("8.12")))
    assert str(cornea.left.r1.radius_mm) == "8.2"
    assert (pressure.right.iop_mmhg, pressure.left.iop_mmhg) == (D(16), D(15))
    assert pressure.right.readings == (IopReading(iop_mmhg=D(16)), IopReading(iop_mmhg=D(17)))
    assert (thickness.right.cct_um, thickness.left) == (D("541.8"), None)
    assert thickness.right.readings == (PachymetryReading(cct_um=D(541)),)
    for reading in (day, cornea, pressure, thickness):
        assert (reading.measured_at, reading.patient_ref) == ("2022-04-26", PatientRef(id="H-1001"))
        assert reading.instrument.firmware == "1.00.00c"
        assert codes(reading) == [*noted, "instrument_unnamed"]


def test_a_number_filled_up_with_zeros_was_counted():
    (day,) = readings(document(REF, patient="00004"))
    assert (day.patient_ref, day.print_number) == (None, "00004")


def test_one_eye_and_no_distance():
    (day,) = readings(document("<ref><rls>-1</rls><rlc>-0.5</rlc><rla>10</rla><rlp></rlp></ref>"))
    assert (day.right, day.left.axis, day.pd) == (None, 10, None)


def test_two_distances_are_kept_and_none_is_chosen():
    (day,) = readings(document(REF.replace("<rlp>68", "<rlp>67")))
    assert (day.pd, day.extra["ref/rrp, ref/rlp"]) == (None, ["68", "67"])


def test_what_is_unknown_is_kept():
    day, cornea = readings(document(REF.replace("</ref>", "<rrv>12</rrv></ref>"), KER.replace("176", "276")))
    assert day.extra["ref/rrv"] == "12"
    assert (cornea.right.r1.axis, cornea.extra["ker/krax"]) == (None, "276")


@pytest.mark.parametrize("size", [1, 7, 500])
@pytest.mark.parametrize("slash", ["/", "\\"])
def test_it_does_not_matter_in_what_pieces_they_arrive(size, slash):
    data = document(REF, slash=slash) + document(KER, slash=slash)
    decoder = Decoder()
    events = [event for at in range(0, len(data), size) for event in decoder.feed(data[at : at + size])]
    assert [*events, *decoder.silence()] == decode(data)
    assert len(events) == 2


@settings(deadline=None)
@given(st.integers(0, len(ALL) - 20))
def test_nothing_before_a_good_document_can_cost_it(cut):
    last = decode(ALL[:cut] + document(TONO))[-1]
    assert isinstance(last, Transmission)
    assert last.raw == document(TONO).rstrip()


@settings(deadline=None)
@given(st.integers(0, len(ALL) - 1), st.binary(max_size=5), st.integers(0, 9), st.sampled_from("/\\"))
def test_no_damage_does_more_than_refuse(at, put, taken, slash):
    good = document(REF, KER, TONO, PACHY, slash=slash)
    events = decode(good[:at] + put + good[at + taken :])
    assert all(isinstance(event, Transmission | Garbled) for event in events)


def test_tags_that_do_not_match_are_refused():
    (event,) = decode(document(REF, slash="\\").replace(rb"<\rra>", rb"<\rrc>"))
    assert event.why == "The XML is not well-formed: mismatched tag."


@pytest.mark.parametrize(
    ("raw", "score"), [(ALL, 95), (ALL[:200], 30), (document(), 30), (b"", 0), (b"<Ophthalmology/>", 0)]
)
def test_how_sure_the_dialect_is(raw, score):
    assert recognise(raw).score == score


def test_a_number_that_comes_twice_keeps_the_order_sent():
    twice = PACHY.replace("<pr>", "<pr01>548</pr01><pr>")
    (thickness,) = readings(document(twice))
    assert [one.cct_um for one in thickness.right.readings] == [D(541), D(548)]
