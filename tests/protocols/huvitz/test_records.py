"""Records of eyes, from the facts, and what other parsers did to them."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from protocols.framing import Garbled, Transmission
from protocols.huvitz import Decoder, decode, recognise
from protocols.readings import (
    AutorefractionEye,
    KeratometryEye,
    Meridian,
    Pd,
    RefractionReading,
    from_json,
    kind,
    to_json,
)
from tests.protocols.labelled.noise import broken, fed, wires

RIGHT = b"S-R-R -00.75 -00.50 +025 66 E"
LEFT = b"S-R-L -01.00 -00.25 +000 66 E"
CORNEA = b"S-K-R +07.82 +07.70 +108 E"
HEAD = b"S No=03139 E"
PRINT_OUT = b"\r\n".join([HEAD, RIGHT, LEFT, CORNEA])
BARE = HEAD + RIGHT.replace(b" 66", b"") + LEFT.replace(b" 66", b"")


def read(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def eye(sphere, cylinder, axis):
    return AutorefractionEye(sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis)


def codes(reading):
    return {note.code for note in reading.notes}


def test_a_print_out_gives_a_refraction_and_a_cornea():
    refraction, cornea = read(PRINT_OUT)

    assert refraction.right == eye("-0.75", "-0.50", 25)
    assert refraction.left == eye("-1.00", "-0.25", 0)
    assert refraction.pd == Pd(far=Decimal(66))
    assert cornea.right == KeratometryEye(
        r1=Meridian(radius_mm=Decimal("7.82"), axis=108), r2=Meridian(radius_mm=Decimal("7.70"))
    )
    assert cornea.left is None
    for reading in (refraction, cornea):
        assert reading.print_number == "03139"
        assert reading.patient_ref is None
        assert reading.integrity.checksum == "none"
        assert (reading.instrument.maker, codes(reading)) == ("unknown", {"instrument_unnamed"})


@pytest.mark.parametrize("axis", [b"+000", b"+180"])
def test_an_axis_of_0_and_of_180_are_both_kept_as_received(axis):
    (refraction,) = read(HEAD + RIGHT.replace(b"+025", axis))

    assert refraction.right.axis == int(axis)


@pytest.mark.parametrize("words", [b"ELEVE", b"SESSION E", b"HRE E-E SEE"])
def test_an_e_inside_a_heading_ends_nothing(words):
    (refraction,) = read(b"S No=00007 " + words + b" E" + RIGHT + LEFT)

    assert (refraction.print_number, refraction.left.axis) == ("00007", 0)
    assert refraction.extra == {"heading": words.decode()}


def test_a_unit_that_leaves_out_the_pupils_is_read_without_them():
    (refraction,) = read(BARE)

    assert refraction.right == eye("-0.75", "-0.50", 25)
    assert refraction.pd is None


def test_the_pupils_of_the_last_eye_are_not_taken_when_the_eyes_differ():
    (refraction,) = read(HEAD + RIGHT + LEFT.replace(b" 66", b" 32"))

    assert refraction.pd is None
    assert refraction.extra == {"PD right 0": "66", "PD left 0": "32"}
    assert "pd_doubtful" in codes(refraction)


@pytest.mark.parametrize(
    "gap",
    [b"", b" ", b"\r", b"\r\n", b"\x03\x02", b"\n\n", b"\x00"],
    ids=["none", "blank", "cr", "crlf", "etx", "lf", "nul"],
)
def test_whatever_stands_between_records_they_are_told_apart(gap):
    refraction, cornea = read(gap.join([HEAD, RIGHT, LEFT, CORNEA, b""]))

    assert (refraction.left.axis, cornea.right.r1.axis) == (0, 108)


def test_signs_alone_may_part_the_figures():
    (refraction,) = read(HEAD + b"S-R-R-00.75-00.50+025E")

    assert refraction.right == eye("-0.75", "-0.50", 25)


def test_axis_and_pupils_run_together_are_not_guessed_apart():
    refused = decode(HEAD + b"S-R-R -00.75 -00.50 +02566 E")

    assert [type(event) for event in refused] == [Garbled]


@pytest.mark.parametrize(
    "bad",
    [
        b"-45.75 -00.50 +025",
        b"-00.75 -13.50 +025",
        b"-00.75 -00.50 +181",
        b"-00.75 -00.50",
        b"ERR",
        b"-00.7S -00.50 +025",
    ],
)
def test_a_record_that_is_no_power_of_an_eye_is_kept_and_the_other_eye_read(bad):
    (refraction,) = read(HEAD + b"S-R-R " + bad.replace(b"E", b"e") + b" E" + LEFT)

    assert refraction.right is None
    assert refraction.left == eye("-1.00", "-0.25", 0)
    assert refraction.extra["S-R right"] == bad.replace(b"E", b"e").decode()
    assert "unreadable_field" in codes(refraction)


def test_of_several_records_of_an_eye_none_is_chosen():
    (refraction,) = read(HEAD + RIGHT + RIGHT.replace(b"-00.75", b"-01.00"))

    assert refraction.right.sphere is None
    assert refraction.right.readings == tuple(
        RefractionReading(sphere=Decimal(sphere), cylinder=Decimal("-0.50"), axis=25) for sphere in ("-0.75", "-1.00")
    )
    assert "representative_missing" in codes(refraction)


def test_radii_in_another_order_are_kept_and_told():
    (cornea,) = read(HEAD + b"S-K-L +07.70 +07.82 +108 E")

    assert (cornea.left.r1.radius_mm, cornea.left.r2.radius_mm) == (Decimal("7.70"), Decimal("7.82"))
    assert "meridian_order" in codes(cornea)


def test_a_record_nobody_has_described_is_kept():
    (refraction,) = read(HEAD + RIGHT + b"S-T-L 14 15 E")

    assert refraction.extra == {"S-T left": "14 15"}


@pytest.mark.parametrize("cut", range(len(HEAD + RIGHT) + 1, len(HEAD + RIGHT + LEFT)))
def test_a_print_out_that_broke_off_is_refused_wherever_it_did(cut):
    assert [type(event) for event in decode((HEAD + RIGHT + LEFT)[:cut])] == [Garbled]


def test_two_print_outs_in_one_breath_are_two():
    assert [event.readings[0].print_number for event in decode(BARE + BARE.replace(b"03139", b"03140"))] == [
        "03139",
        "03140",
    ]


def test_a_refusal_never_quotes_what_was_said():
    (event,) = decode(b"S No=1 ADA LOVELACE E" + RIGHT + b"LOVELACE")

    assert "LOVELACE" not in event.why


def test_an_rmk_800_of_newer_firmware_sends_its_averages():
    said = b'{"right_s_avg": -1.25, "right_c_avg": "-0.50", "right_a_avg": "90", "pd_avg": 63.5}'
    (refraction,) = read(said)

    assert refraction.right == eye("-1.25", "-0.50", 90)
    assert refraction.left is None
    assert (refraction.instrument.maker, refraction.instrument.model) == ("Xiongbo", "RMK-800")
    assert refraction.extra == {"pd_avg": "63.5"}


@pytest.mark.parametrize(
    "said",
    [
        b'{"right_s_avg": -1.25, "right_c_avg": "-0.50"}',
        b'{"right_s_avg": [1], "right_c_avg": "-0.50", "right_a_avg": "90"}',
        b'{"right_s_avg": -1.25, "right_c_avg": "-0.50", "right_a_avg": "200"}',
        b'{"right_s_avg": "", "left_s_avg": null}',
        b'{"right_s_avg": -1.25,',
    ],
)
def test_an_object_without_a_whole_eye_is_refused(said):
    assert [type(event) for event in decode(said)] == [Garbled]


def test_half_a_character_in_an_object_can_be_stored_all_the_same():
    said = rb'{"right_s_avg": "-1.25", "right_c_avg": "-0.50", "right_a_avg": "90", "x\ud800": "\udc00", "y": [1.50]}'
    (refraction,) = read(said)

    assert from_json(to_json(refraction)) == refraction
    assert refraction.extra == {"x?": "?", "y": '["1.50"]'}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_do_not_matter_and_leftovers_are_kept(size):
    noise, event = fed(Decoder(), b"zap\x07" + PRINT_OUT, size)

    assert (noise.raw, event.raw) == (b"zap\x07", PRINT_OUT)


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT, BARE))
@example(b"S" * 300)
@example(HEAD * 3)
def test_any_bytes_become_events(wire):
    assert broken(Decoder(), wire) == []


@settings(deadline=None, max_examples=120)
@given(wires(PRINT_OUT, BARE))
def test_nothing_before_a_good_print_out_can_cost_it(wire):
    assert decode(wire + b"\n" + PRINT_OUT)[-1].readings[-1].right == read(PRINT_OUT)[-1].right


@pytest.mark.parametrize(
    ("data", "score"),
    [(PRINT_OUT, 85), (b"zap" + PRINT_OUT, 55), (PRINT_OUT[:-4], 15), (b"", 0), (b"SOME TEXT E", 0), (b"<xml/>", 0)],
)
def test_how_sure_the_dialect_is(data, score):
    assert recognise(data).score == score


def test_memory_stays_bounded():
    decoder = Decoder()
    for _ in range(60):
        decoder.feed(HEAD + b"S-R-R " + b"9" * 400)

    assert len(decoder._buffer) < 10_000


def test_kinds_come_as_they_were_measured():
    assert [kind(one) for one in read(PRINT_OUT)] == ["autorefraction", "keratometry"]
