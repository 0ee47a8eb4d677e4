"""What whole transmissions mean."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.readings import (
    BinocularTest,
    KeratometryEye,
    Meridian,
    Pd,
    Prism,
    PrismComponent,
    SubjectiveEye,
    SubjectiveRefraction,
    from_json,
    to_json,
)
from protocols.tomey_tap import decode
from tests.protocols.sheet.pieces import codes, read
from tests.protocols.tomey_tap.messages import CORNEAS, FINAL, TESTS, TIME, TOP, UNAIDED, WHOLE, message


def prism(out_or_in, horizontal, up_or_down, vertical):
    return Prism(
        horizontal=PrismComponent(power=Decimal(horizontal), base=out_or_in),
        vertical=PrismComponent(power=Decimal(vertical), base=up_or_down),
    )


def only(*texts):
    (reading,) = read(decode(message(*texts)))
    return reading


def test_a_stage_reads_as_printed():
    """Left stands first."""
    reading = only(*TOP, *FINAL, *TIME)

    assert reading.left == SubjectiveEye(
        sphere=Decimal("-0.50"),
        cylinder=Decimal("-5.00"),
        axis=30,
        add=Decimal("1.70"),
        prism=prism("out", "0.50", "down", "1.00"),
        va="0.8",
    )
    assert reading.right == SubjectiveEye(
        sphere=Decimal("1.25"),
        cylinder=Decimal("-0.75"),
        axis=175,
        add=Decimal("1.50"),
        prism=prism("in", "0.25", "up", "1.50"),
        va="0.9",
    )
    assert reading.both == SubjectiveEye(va="1.0")
    assert (reading.stage, reading.distance, reading.working_cm) == ("final", "far", 40)
    assert reading.pd == Pd(far_left=Decimal("31.5"), far_right=Decimal("32.0"))
    assert reading.measured_at == "2012-10-06T04:06:58"
    assert codes(reading) == []


def test_every_section_is_a_stage():
    sections = {"UN": "unaided", "LM": "lensmeter", "AR": "autorefraction", "SJ": "subjective", "FN": "final"}
    texts = [text for tag in sections for text in (f"*{tag}", "*SP| 0.25| 0.50|")]

    assert [reading.stage for reading in read(decode(message(*texts)))] == list(sections.values())


def test_without_glasses_there_is_acuity_alone():
    reading = only(*TOP, *UNAIDED)

    assert (reading.left.va, reading.both.va, reading.right.va) == ("0.2", "0.4", "0.5")
    assert (reading.left.sphere, reading.pd) == (None, None)


@pytest.mark.parametrize(
    "texts", [("*FN", "*SP| 0.25| 0.50|", "*sp| 2.25| 2.50|"), ("*FN", "*SP| 0.25| 0.50|", "*fn", "*SP| 2.25| 2.50|")]
)
def test_small_letters_are_near(texts):
    far, near = read(decode(message(*texts)))

    assert (far.distance, far.left.sphere) == ("far", Decimal("0.25"))
    assert (near.distance, near.stage, near.right.sphere) == ("near", "final", Decimal("2.50"))


def test_small_letters_are_near_pupils_too():
    reading = only(*TOP, "*pd|30.5|31.0|", *FINAL)

    assert reading.pd == Pd(
        far_left=Decimal("31.5"), far_right=Decimal("32.0"), near_left=Decimal("30.5"), near_right=Decimal("31.0")
    )


def test_the_cornea_is_handed_on_and_says_so():
    reading = only(*CORNEAS)

    assert reading.left == KeratometryEye(
        r1=Meridian(radius_mm=Decimal("8.04"), power_d=Decimal("42.00"), axis=85),
        r2=Meridian(radius_mm=Decimal("7.74"), power_d=Decimal("43.50"), axis=175),
    )
    assert reading.right == KeratometryEye(r1=Meridian(radius_mm=Decimal("8.10"), power_d=Decimal("41.75"), axis=5))
    assert codes(reading) == ["instrument_unnamed", "passed_on"]


def test_tests_of_both_eyes():
    reading = only(*TOP, *TESTS)

    assert reading.tests == (
        BinocularTest(name="npc", words="-8 9.5 64.8"),
        BinocularTest(name="npa", eye="left", values={"cm": Decimal(33), "power": Decimal("3.03")}, unit="D"),
        BinocularTest(name="nra", values={"blur": Decimal("2.00"), "recovery": Decimal("1.75")}, unit="D"),
        BinocularTest(
            name="vergence",
            distance="far",
            direction="in",
            values={"blur": Decimal("9.00"), "break": Decimal("16.00"), "recovery": Decimal("10.00")},
            unit="pd",
        ),
    )
    assert codes(reading) == ["meaning_inferred"]


def test_one_eye_alone_costs_nothing():
    reading = only("*FN", "*SP|| 0.50|", "*CY|      | -0.50|", "*AX|| 90|", "*PH|||O| 0.50|", "*VA|||1.0|")

    assert (reading.left, reading.both) == (None, None)
    assert (reading.right.axis, reading.right.va) == (90, "1.0")


def test_a_base_without_a_power_is_no_prism():
    assert only("*FN", "*SP| 0.25| 0.50|", "*PH|O|     |I| 0.25|").left.prism is None


@pytest.mark.parametrize(
    "bad",
    [
        "*SP| 0.2x| 0.50|",
        "*SP| 0.25|",
        "*SP| 0.25| 0.50",
        "*AX|190| 90|",
        "*PH|X| 0.50|O| 0.50|",
        "*VA|0.2|0.4|",
        "*SP|99.00| 0.50|",
    ],
)
def test_a_line_that_is_not_what_it_should_be_is_kept_and_told(bad):
    reading = only("*FN", "*CY| -0.25| -0.50|", bad)

    assert (reading.left.sphere, reading.left.prism, reading.left.axis, reading.left.va) == (None, None, None, None)
    assert reading.extra[bad[1:3]] == bad
    assert "unreadable_field" in codes(reading)


def test_a_line_that_comes_twice_is_believed_once_and_told():
    reading = only("*FN", "*SP| 0.25| 0.50|", "*SP| 1.25| 1.50|")

    assert reading.left.sphere == Decimal("0.25")
    assert reading.extra["SP"] == ["*SP| 1.25| 1.50|"] * 2


def test_values_before_any_section_belong_to_no_stage():
    reading = only("*SP| 0.25| 0.50|", *FINAL)

    assert reading.left.sphere == Decimal("-0.50")
    assert reading.extra["SP"] == "*SP| 0.25| 0.50|"


def test_the_number_behind_the_model_is_never_a_patient():
    reading = only(*TOP, *FINAL)

    assert (reading.patient_ref, reading.print_number) == (None, None)
    assert reading.extra == {"Phoromat 2000": "000000001|0"}


@pytest.mark.parametrize(
    ("name", "maker"), [("Phoromat 2000", "Rodenstock"), ("TAP-2000", "Tomey"), ("PDR-7000", "Potec")]
)
def test_the_model_tells_the_maker(name, maker):
    reading = only(f"*{name}|000000001|0", *FINAL)

    assert (reading.instrument.maker, reading.instrument.model) == (maker, name)


@pytest.mark.parametrize("end", ["\r\n", "\n", ""])
def test_what_stands_behind_a_message_does_not_matter(end):
    first, *_ = read(decode(message(*TOP, *FINAL, end=end)))

    assert isinstance(first, SubjectiveRefraction)
    assert first.right.axis == 175


def test_a_clock_no_calendar_has_is_told_on_every_reading():
    readings = read(decode(message(*TOP, *UNAIDED, *FINAL, "*TIME|2012/13/06 04:06:58")))

    assert {reading.measured_at for reading in readings} == {None}
    assert all("clock_implausible" in codes(reading) for reading in readings)


def test_a_transmission_without_anything_is_garbled():
    assert [type(event) for event in decode(message(*TOP, "*SJ").rstrip())] == [Garbled]


def test_a_transmission_that_broke_off_is_garbled():
    (event,) = decode(WHOLE[:-5])

    assert event == Garbled(event.raw, "The transmission broke off before its end.", len(event.raw))


TEXT = b"SOH*PC_RCV_SEOT\n*Phoromat 2000|000000001|0\n*FN\n*SP| -0.50| 1.25|\nSOH*PC_RCV_EEOT\n"


def test_text_without_its_control_bytes_is_read_in_files():
    (reading,) = read(decode(TEXT))

    assert reading.right.sphere == Decimal("1.25")
    assert "control_bytes_lost" in codes(reading)
    assert [type(event) for event in decode(TEXT[:60])] == [Garbled]


def test_what_we_send_ourselves_is_no_measurement():
    """An echoing cable must not file our own presets as a refraction."""
    echo = message(*TOP, *FINAL).replace(b"PC_RCV", b"PC_SND")

    assert read(decode(echo)) == []


def test_readings_survive_their_json():
    (event,) = decode(WHOLE)

    assert isinstance(event, Transmission)
    for reading in event.readings:
        assert from_json(to_json(reading)) == reading
