"""What whole transmissions mean; the ten bugs other parsers had carry their number in the name."""

from decimal import Decimal

import pytest

from protocols.framing import Garbled, Transmission
from protocols.nidek_frame import decode
from protocols.readings import (
    Autorefraction,
    AutorefractionEye,
    Keratometry,
    Lensmetry,
    LensmetryEye,
    MeanCurvature,
    Meridian,
    Pachymetry,
    Pd,
    Power,
    Prism,
    PrismComponent,
    RefractionReading,
    Tonometry,
    from_json,
    to_json,
)
from tests.protocols.nidek_frame.frames import CORNEA, DAY, MANUAL_LM1000P, NIGHT, block, heading, summed, unsummed


def readings(data):
    (event,) = decode(data)
    assert isinstance(event, Transmission), event
    return event.readings


def only(data):
    (reading,) = readings(data)
    return reading


def codes(reading):
    return [note.code for note in reading.notes]


def day(*segments):
    return only(summed([block("DRM", *heading(), *segments)]))


def lens(*segments):
    return only(summed([block("DLM", "IDNIDEK/LM-600PD", *segments)]))


def test_the_lensmeter_manuals_own_example_reads_as_printed():
    reading = only(MANUAL_LM1000P)

    assert isinstance(reading, Lensmetry)
    assert reading.integrity.checksum == "ok"
    assert reading.right == LensmetryEye(
        sphere=Decimal("-1.25"),
        cylinder=Decimal("-0.75"),
        axis=120,
        add=Decimal("2.00"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("2.50"), base="in"),
            vertical=PrismComponent(power=Decimal("2.00"), base="down"),
        ),
    )
    assert reading.left == LensmetryEye(
        sphere=Decimal("-2.00"),
        cylinder=Decimal("-0.50"),
        axis=180,
        add=Decimal("2.25"),
        prism=Prism(
            horizontal=PrismComponent(power=Decimal("1.25"), base="out"),
            vertical=PrismComponent(power=Decimal("2.00"), base="up"),
        ),
    )


def test_a_print_out_gives_one_reading_a_kind_and_a_condition():
    night, light, cornea = readings(summed([NIGHT, DAY, CORNEA]))

    assert (night.condition, light.condition) == ("night", "day")
    assert isinstance(cornea, Keratometry)


def test_night_values_never_overwrite_the_days_bug_4():
    night, light, _ = readings(summed([NIGHT, DAY, CORNEA]))

    assert night.right == AutorefractionEye(sphere=Decimal("-1.75"), cylinder=Decimal("-0.50"), axis=170)
    assert light.right.axis == 175
    assert night.extra == {"DL": "-00.25+00.00+10", "DR": "+00.00-00.25-05"}
    assert night.notes == ()


def test_the_same_tag_is_read_inside_its_own_block_bug_5():
    _, _, cornea = readings(summed([NIGHT, DAY, CORNEA]))
    reading = lens(" L-02.00-00.50180", "PL01.25O")

    assert cornea.left.r1 == Meridian(radius_mm=Decimal("7.76"), power_d=Decimal("43.50"), axis=140)
    assert cornea.left.pupil_mm == Decimal("5.7")
    assert reading.left.prism.horizontal == PrismComponent(power=Decimal("1.25"), base="out")


def test_time_and_print_number_belong_to_every_reading():
    for reading in readings(summed([NIGHT, DAY, CORNEA])):
        assert reading.measured_at == "2024-02-05T14:07:00"
        assert reading.print_number == "0042"
        assert (reading.instrument.maker, reading.instrument.model) == ("NIDEK", "ARK-1a")


def test_the_line_without_confidence_is_the_representative():
    left = readings(summed([DAY]))[0].left

    assert (left.sphere, left.cylinder, left.axis, left.confidence) == (Decimal("-1.25"), Decimal("-0.25"), 0, None)
    assert [one.axis for one in left.readings] == [0, 5, 0]
    assert left.readings[2] == RefractionReading(
        sphere=Decimal("-1.25"), cylinder=Decimal("0.00"), axis=0, confidence=7, cataract_mode=True
    )
    assert left.contact_lens == Power(sphere=Decimal("-1.25"), cylinder=Decimal("-0.25"), axis=0)


def test_a_single_reading_is_the_value_bug_10():
    right = day("OR-04.50-00.751109 ").right

    assert (right.sphere, right.axis, right.confidence) == (Decimal("-4.50"), 110, 9)
    assert len(right.readings) == 1


def test_two_readings_have_no_representative_and_are_not_averaged_bug_10():
    reading = day("OR-04.50-00.751109 ", "OR-04.75-00.751109 ")

    assert reading.right.sphere is None
    assert [one.sphere for one in reading.right.readings] == [Decimal("-4.50"), Decimal("-4.75")]
    assert codes(reading) == ["representative_missing"]


def test_a_representative_that_does_not_come_first_is_still_the_representative_bug_10():
    right = day("OR-04.50-00.751109 ", "OR-04.75-00.75110").right

    assert right.sphere == Decimal("-4.75")
    assert len(right.readings) == 1


def test_the_sign_of_zero_and_the_step_are_kept_bug_9():
    reading = day("OR+00.12-00.00003", "OL+00.00+00.00000")

    assert to_json(reading).endswith(
        b'"right":{"sphere":"0.12","cylinder":"-0.00","axis":3},"left":{"sphere":"0.00","cylinder":"0.00","axis":0}}'
    )


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


@pytest.mark.parametrize(
    ("sent", "pd"),
    [
        ("PD64????60", Pd(far=Decimal(64), near=Decimal(60))),
        ("PD68353363", Pd(far=Decimal(68), far_right=Decimal(35), far_left=Decimal(33), near=Decimal(63))),
        ("PD????????", None),
        ("PD64????00", Pd(far=Decimal(64))),
        ("PD        ", None),
        ("PD64", Pd(far=Decimal(64))),
    ],
)
def test_a_distance_that_was_not_measured_is_absent(sent, pd):
    assert day("OR+00.00+00.00000", sent).pd == pd


def test_pd_is_read_only_where_it_is_sent_bug_6():
    assert day("OR+00.00+00.00000").pd is None


def test_pd_alone_is_a_measurement():
    assert day("PD64????60").pd == Pd(far=Decimal(64), near=Decimal(60))


def test_an_eye_that_was_not_measured_is_absent():
    reading = day("OR+00.00+00.00000")

    assert reading.left is None
    assert b"left" not in to_json(reading)


def test_an_eye_error_is_told_and_is_no_value():
    reading = day("EL07", "OR+00.00+00.000009 ", "ER02")

    assert reading.left == AutorefractionEye(error="07", readings=(RefractionReading(error="07"),))
    assert reading.right.sphere == Decimal("0.00")
    assert codes(reading) == ["eye_error", "eye_error"]


def test_an_unknown_tag_is_kept_under_its_own_name():
    reading = day("OR+00.00+00.00000", "ZZ12", "ZZ13", "QX")

    assert reading.extra == {"ZZ": ["12", "13"], "QX": ""}
    assert codes(reading) == ["unknown_field", "unknown_field"]


def test_a_known_tag_of_the_wrong_form_is_kept_as_it_came():
    reading = day("OR+00.00+00.00000", "OL+1.00 -00.50", "PD6x", "VD?", "OLx")

    assert reading.extra == {"OL": ["+1.00 -00.50", "x"], "PD": "6x", "VD": "?"}
    assert set(codes(reading)) == {"unreadable_field"}


def test_an_axis_no_circle_has_is_not_believed():
    assert day("OR+00.00+00.00000", "OL+00.00-00.50190").left is None


def test_a_mark_nobody_knows_is_told():
    reading = day("OR+00.00+00.000009#")

    assert reading.right.confidence == 9
    assert reading.extra == {"OR flag": "#"}
    assert codes(reading) == ["unknown_flag"]


def test_a_block_nobody_knows_is_kept_beside_the_readings():
    reading = only(summed([DAY, block("DXX", "AB12", "CD34")]))

    assert reading.extra == {"DXX": "AB12 | CD34"}
    assert codes(reading) == ["unknown_field"]


def test_control_bytes_inside_a_text_become_pictures_no_database_refuses():
    reading = day("OR+00.00+00.00000", "ZZ\x00\x7f\xe9")

    assert reading.extra == {"ZZ": "␀␡é"}


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


def pairs(side, count):
    radii = [f" {side}07.{80 - n}07.7014007.73" for n in range(count)]
    powers = [f"D{side}43.5043.7514043.75-00.25"] * count
    return [segment for pair in zip(radii, powers, strict=True) for segment in pair]


@pytest.mark.parametrize(
    ("count", "chosen", "rest"), [(1, Decimal("7.80"), 0), (4, Decimal("7.80"), 3), (6, Decimal("7.80"), 5)]
)
def test_the_first_of_four_pairs_is_the_representative(count, chosen, rest):
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", *pairs("R", count))]))

    assert reading.right.r1.radius_mm == chosen
    assert len(reading.right.readings) == rest
    assert reading.ring is None


@pytest.mark.parametrize("count", [2, 3])
def test_two_or_three_pairs_have_no_representative(count):
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", *pairs("R", count))]))

    assert reading.right.r1 is None
    assert len(reading.right.readings) == count
    assert codes(reading) == ["representative_missing"]


def test_the_second_ring_is_a_reading_of_its_own():
    first, second = readings(summed([CORNEA, block("Dkm", *pairs("L", 1))]))

    assert (first.ring, second.ring) == (None, "second")
    assert second.left.average == MeanCurvature(radius_mm=Decimal("7.73"), power_d=Decimal("43.75"))


def test_a_radius_without_power_and_a_power_without_radius_are_both_kept():
    reading = only(summed([block("DKM", "IDNIDEK/ARK-1", " L07.7607.7014007.73", "DR43.0043.5012043.25-00.50")]))

    assert reading.left.r1 == Meridian(radius_mm=Decimal("7.76"), axis=140)
    assert reading.right.r1 == Meridian(power_d=Decimal("43.00"), axis=120)
    assert reading.left.cylinder is None


def test_the_pupil_lamp_is_kept():
    cornea = only(summed([CORNEA]))

    assert cornea.left.corneal_diameter_mm == Decimal("11.8")
    assert cornea.extra == {"PL": "N"}


def test_a_single_lens_has_no_side():
    reading = lens("  -02.00-00.50180", "A 02.00", "A02.50", "P 01.00I")

    assert reading.single == LensmetryEye(
        sphere=Decimal("-2.00"),
        cylinder=Decimal("-0.50"),
        axis=180,
        add=Decimal("2.00"),
        add2=Decimal("2.50"),
        prism=Prism(horizontal=PrismComponent(power=Decimal("1.00"), base="in")),
    )
    assert (reading.right, reading.left) == (None, None)


def test_near_sphere_may_stand_instead_of_an_addition():
    reading = lens(" R-02.00-00.50180", "NR+00.25", "NR+00.50", "NR+00.75")

    assert (reading.right.near_sphere, reading.right.near_sphere2) == (Decimal("0.25"), Decimal("0.50"))
    assert reading.extra == {"NR": "+00.75"}


def test_a_zero_prism_was_measured_and_a_blank_one_was_not():
    reading = lens(" R-02.00-00.50180", "PR00.00I", "PR     U", " L+00.25-00.00180")

    assert reading.right.prism == Prism(horizontal=PrismComponent(power=Decimal("0.00"), base="in"))
    assert reading.left.prism is None
    assert reading.notes == ()


def test_lensmeter_pd_has_tenths():
    reading = lens(" R-02.00-00.50180", "PD64.031.532.5")

    assert reading.pd == Pd(far=Decimal("64.0"), far_right=Decimal("31.5"), far_left=Decimal("32.5"))


def test_uv_and_errors_of_a_lensmeter_are_kept_as_they_came():
    reading = lens(" R-02.00-00.50180", "UR 85", "IE03")

    assert reading.extra == {"UR": " 85", "IE": "03"}
    assert codes(reading) == ["unknown_field", "instrument_error"]


def tono(*segments):
    return only(summed([block("DNT", "IDNIDEK/NT-510", *segments)]))


def test_pressure_is_read_by_its_slots_bug_8():
    reading = tono(" R03    15/2.0      9/1.2*4    16/2.1  AV13.3/1.77", " L01    17/2.3  AV17.0/2.30")

    assert isinstance(reading, Tonometry)
    assert (reading.right.iop_mmhg, reading.right.iop_kpa) == (Decimal("13.3"), Decimal("1.77"))
    assert [one.iop_mmhg for one in reading.right.readings] == [Decimal(15), Decimal(9), Decimal(16)]
    assert [one.doubtful for one in reading.right.readings] == [False, True, False]
    assert reading.right.readings[1].confidence == 4
    assert (reading.left.iop_mmhg, reading.left.iop_kpa) == (Decimal("17.0"), Decimal("2.30"))


def test_a_checksum_and_cr_behind_the_average_do_not_matter_bug_8():
    data = summed([block("DNT", "IDNIDEK/NT-510", " R01    15/2.0  AV15.0/2.00", cr=True)]) + b"\r"

    assert only(data).right.iop_kpa == Decimal("2.00")


def test_an_old_tonometer_sends_no_kilopascals():
    reading = tono(" R02  15  1615.5")

    assert reading.right.iop_mmhg == Decimal("15.5")
    assert [one.iop_mmhg for one in reading.right.readings] == [Decimal(15), Decimal(16)]


def test_a_failed_puff_is_an_error_and_no_number():
    reading = tono(" R02    15/2.0     APL/     AV15.0/2.00", " L01   OVR/     AV    /    ")

    assert [one.error for one in reading.right.readings] == [None, "APL"]
    assert reading.right.error is None
    assert (reading.left.iop_mmhg, reading.left.error) == (None, "OVR")
    assert codes(reading) == ["eye_error", "eye_error"]


@pytest.mark.parametrize("text", ["02    15/2.0  AV15.0/2.00", "xx", "01 ??", "01    15/2.0  AV!"])
def test_a_pressure_line_that_does_not_add_up_is_kept_as_it_came(text):
    reading = tono(f" R{text}", " L01    17/2.3  AV17.0/2.30")

    assert reading.right is None
    assert reading.extra == {" R": text}
    assert codes(reading) == ["unreadable_field"]


def pachy(*segments):
    return only(summed([block("DPM", "IDNIDEK/NT-530P", *segments)]))


def test_thickness_has_four_digits_bug_7():
    reading = pachy(" R02 1012   0998  AV1005", " L01 0583  AV0583")

    assert isinstance(reading, Pachymetry)
    assert [one.cct_um for one in reading.right.readings] == [Decimal(1012), Decimal(998)]
    assert (reading.right.cct_um, reading.left.cct_um) == (Decimal(1005), Decimal(583))
    assert b'"583"' in to_json(reading)


def test_a_failed_thickness_is_an_error_and_no_number():
    reading = pachy(" R02  BLK   0583* AV0583", " L01  ERR  AV    ")

    assert [one.error for one in reading.right.readings] == ["BLK", None]
    assert [one.doubtful for one in reading.right.readings] == [False, True]
    assert reading.left.error == "ERR"


def test_a_thickness_line_that_does_not_add_up_is_kept_as_it_came():
    reading = pachy(" R02 0583  AV0583", " L01 0583  AV0583")

    assert reading.right is None
    assert reading.extra == {" R": "02 0583  AV0583"}


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
