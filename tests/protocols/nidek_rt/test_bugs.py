"""The defects that other programs have with this line, each as a test of ours."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.nidek_rt import decode
from protocols.readings import SubjectiveEye
from tests.protocols.nidek_rt.printed import printed, read


def test_the_subjective_value_does_not_overwrite_the_final_one():
    subjective, final = read("@RT", "fR- 1.00- 1.50150", "@RT", "FR- 0.75- 0.75150")

    assert (subjective.right.sphere, final.right.sphere) == (Decimal("-1.00"), Decimal("-0.75"))


def test_a_wholly_blank_field_is_not_a_zero():
    (reading,) = read("@RT", "FR               ", "FL+ 1.00      " + "   ", "AR      ")

    assert reading.right is None
    assert reading.left == SubjectiveEye(sphere=Decimal("1.00"))


@pytest.mark.parametrize("text", ["<0.05", ">1.25"])
def test_less_and_more_than_a_line_are_kept(text):
    (reading,) = read("@RT", f"VR{text}")

    assert reading.right.va == text


def test_an_addition_keeps_its_fraction():
    (reading,) = read("@RT", "AR+ 1.50")

    assert reading.right.add == Decimal("1.50")


def test_without_a_lensmeter_source_no_other_line_is_taken_for_one():
    readings = read("@RM", "OR- 2.75- 1.75105", "@RT", "fR- 1.00- 1.50150", "VR 0.8 ")

    assert [reading.stage for reading in readings] == ["autorefraction", "subjective", "final"]


def test_near_powers_are_never_computed_from_the_addition():
    (reading,) = read("@RT", "FR- 1.00- 1.50150", "AR+ 2.00")

    assert (reading.distance, reading.right.sphere, reading.right.add) == ("far", Decimal("-1.00"), Decimal("2.00"))


def test_a_power_that_lost_its_polarity_is_no_power():
    (reading,) = read("@RT", "FR  1.25- 0.50 90", "FL+ 1.25- 0.50 90")

    assert reading.right is None
    assert reading.extra == {"FR": "  1.25- 0.50 90"}
    assert [note.code for note in reading.notes] == ["unreadable_field"]


def test_the_same_record_pressed_twice_is_told_twice():
    once = printed("@RT", "FR- 1.00- 1.50150")

    assert [event.raw for event in decode(once + once)] == [once, once]


def test_an_item_under_a_source_that_could_not_be_read_is_not_given_to_the_source_before():
    (reading,) = read("@RM", "OR- 2.75- 1.75105", "@?T", "VR 0.8 ", "PD64.0        ")

    assert (reading.stage, reading.right.va, reading.pd) == ("autorefraction", None, None)
    assert reading.extra == {"VR": " 0.8 ", "PD": "64.0        "}


def test_a_line_that_was_cut_off_is_not_believed():
    (event,) = decode(b"\x01NIDEK RT-5100 ID             DA2016/ 9/ 7\r\x02@RT\r\x02FR- 1.00- 1.50150\r\x02WD3")

    (reading,) = event.readings
    assert reading.working_cm is None
    assert reading.extra == {"?": "\u2402WD3"}
    assert {note.code for note in reading.notes} == {"unreadable_field", "end_missing"}


def test_a_line_that_lost_its_beginning_is_kept_and_not_read():
    raw = printed("@RT", "FR- 1.00- 1.50150", "FL- 1.00- 1.50150").replace(b"\x02FL", b"FL")
    (event,) = decode(raw)

    assert event.readings[0].left is None
    assert event.readings[0].extra == {"?": "FL- 1.00- 1.50150"}


def test_a_line_feed_behind_each_line_changes_nothing():
    raw = printed("@RT", "FR- 1.00- 1.50150")
    (event,) = decode(raw.replace(b"\r\x02", b"\r\n\x02"))

    assert event.readings[0].right.sphere == Decimal("-1.00")
    assert event.readings[0].extra == {}


def test_a_print_out_without_any_value_is_refused_and_says_where():
    (event,) = decode(printed("@RT", "FR               "))

    assert isinstance(event, Garbled)
    assert event.offset == event.raw.index(b"FR")


def test_a_loggers_stamps_are_refused_with_the_reason():
    log = printed("@RT", "FR- 1.00- 1.50150").replace(b"\r", b"\r\n2016-09-07T03:12:08.205949\t")
    refused = decode(b"2016-09-07T03:12:08.182963\t" + log)

    assert not any(isinstance(event, Transmission) for event in refused)
    assert "logger" in refused[1].why
