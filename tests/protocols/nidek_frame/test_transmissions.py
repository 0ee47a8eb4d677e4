"""Who speaks, for whom, when, and whether it arrived whole; bugs of other parsers carry their number in the name."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.nidek_frame import decode
from protocols.readings import (
    Autorefraction,
    from_json,
    to_json,
)
from tests.protocols.nidek_frame.frames import CORNEA, DAY, MANUAL_LM1000P, NIGHT, block, heading, summed, unsummed
from tests.protocols.nidek_frame.spoken import codes, day, only, readings


@pytest.mark.parametrize("model", ["LM-600PD", "LM-7P", "TONOREF3", "HandyRef-K", "ARK-1a with a long name"])
def test_any_model_of_the_family_is_welcome_bug_2_and_3(model):
    reading = only(summed([block("DLM", f"IDNIDEK/{model}", " R+01.00-00.50090", "AR02.00")]))

    assert reading.instrument.model == model
    assert reading.right.add == Decimal("2.00")


def test_a_relabelled_instrument_keeps_its_own_name():
    reading = only(summed([block("DLM", "IDMARCO/LM-7", " R+01.00-00.50090")]))

    assert (reading.instrument.maker, reading.instrument.model) == ("MARCO", "LM-7")


def test_an_instrument_that_does_not_say_its_name_is_still_heard():
    reading = only(summed([CORNEA]))

    assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", "unknown")
    assert codes(reading) == ["instrument_unnamed"]


def test_a_patient_id_is_only_what_the_operator_entered():
    assert day("OR+00.00+00.00000").patient_ref is None
    assert day("IP A-1007 ", "OR+00.00+00.00000").patient_ref.id == "A-1007"


@pytest.mark.parametrize("entered", ["0042", "42"])
def test_a_running_number_is_no_patient(entered):
    reading = day(f"IP{entered}", "OR+00.00+00.00000")

    assert reading.patient_ref is None
    assert reading.print_number == "0042"
    assert codes(reading) == ["patient_id_is_print_number"]
    assert reading.extra == {"IP": entered}


def test_a_blank_patient_id_is_none():
    assert day("IP     ", "OR+00.00+00.00000").patient_ref is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("27/MAR/2017.07:40", "2017-03-27T07:40:00"),
        ("27/MAR/2017.07:40AM", "2017-03-27T07:40:00"),
        ("27/mar/2017.07:40 PM", "2017-03-27T19:40:00"),
        ("2017.03.27.07:40", "2017-03-27T07:40:00"),
        ("2017.03.27.12:05AM", "2017-03-27T00:05:00"),
        ("MAR/27/2017.12:05PM", "2017-03-27T12:05:00"),
        ("MAR/27/2017.13:05PM", "2017-03-27T13:05:00"),
        ("MAR/27/2017.13:05AM", "2017-03-27T13:05:00"),
    ],
)
def test_every_shape_of_date_is_read(sent, said):
    reading = only(summed([block("DLM", "IDNIDEK/LM-7", f"DA{sent}", " R+01.00-00.50090")]))

    assert reading.measured_at == said
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("31/FEB/2017.07:40", None),
        ("27/MAX/2017.07:40", None),
        ("27/MAR/2017.25:40", None),
        ("yesterday", None),
        ("01/JAN/2000.00:03", "2000-01-01T00:03:00"),
        ("01/JAN/1990.12:34", "1990-01-01T12:34:00"),
    ],
)
def test_a_clock_that_cannot_be_right_is_told(sent, said):
    reading = only(summed([block("DLM", "IDNIDEK/LM-7", f"DA{sent}", " R+01.00-00.50090")]))

    assert reading.measured_at == said
    assert codes(reading) == ["clock_implausible"]
    assert reading.extra == {"DA": sent}


def test_a_checksum_beyond_sixteen_bits_is_masked_bug_1():
    frame = summed([block("DRM", *heading(), *["OR-04.50-00.751109 "] * 120)])

    assert sum(frame[:-4]) > 65_535
    assert only(frame).integrity.checksum == "ok"


def test_cr_is_left_out_of_the_checksum_bug_1():
    plain = summed([block("DLM", "IDNIDEK/LM-7", " R+01.00-00.50090")])
    spaced = summed([block("DLM", "IDNIDEK/LM-7", " R+01.00-00.50090", cr=True)])

    assert plain[-4:] == spaced[-4:]
    assert only(spaced).integrity.checksum == "ok"
    assert only(spaced.replace(b"\x04", b"\x04\r") + b"\r").integrity.checksum == "ok"


def test_a_wrong_checksum_is_told_and_the_values_are_still_read():
    reading = only(MANUAL_LM1000P.replace(b"AR02.00", b"AR02.50"))

    assert reading.integrity.checksum == "bad"
    assert reading.right.add == Decimal("2.50")


@pytest.mark.parametrize("digits", [b"16", b"16C", b"\xb16C1", b"ZZZZ"])
def test_a_damaged_checksum_is_a_wrong_checksum(digits):
    frame = MANUAL_LM1000P[: MANUAL_LM1000P.index(b"\x04") + 1]

    assert only(frame + digits).integrity.checksum == "bad"


def test_without_a_checksum_the_reading_says_so():
    assert only(unsummed(DAY)).integrity.checksum == "none"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (unsummed(block("DRM", *heading())), "no eye and no lens"),
        (unsummed(block("DXX", "AB12")), "No block we know: DXX"),
        (unsummed(block("ERK", "01")), "answered with an error: ERK 01"),
        (unsummed(block("CRK", "SD")), "echoed by the cable"),
        (b"\x01DRM\x02OR+00.00", "broke off before its EOT"),
        (b"hello", "SOH, three characters and STX were expected"),
    ],
)
def test_what_cannot_be_read_says_why(sent, says):
    (event,) = decode(sent)

    assert isinstance(event, Garbled)
    assert says in event.why
    assert event.raw == sent


def test_success_carries_no_measurement():
    sent = unsummed(block("SLM", "CL"))

    assert decode(sent) == [Transmission(sent, ())]


def test_every_reading_survives_json():
    for reading in readings(summed([NIGHT, DAY, CORNEA])):
        assert from_json(to_json(reading)) == reading


def test_readings_leave_the_decoder_unstamped():
    reading = only(MANUAL_LM1000P)

    assert (reading.schema, reading.reading_id, reading.received_at) == (None, None, None)


def test_a_repeated_block_under_a_good_checksum_is_one_reading():
    right = block("DRM", *heading(), "OR-04.50-00.75110")
    left = block("DRM", "OL-04.25-00.75070")

    reading = only(summed([right, left]))

    assert isinstance(reading, Autorefraction)
    assert (reading.right.sphere, reading.left.sphere) == (Decimal("-4.50"), Decimal("-4.25"))
