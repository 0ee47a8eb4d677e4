"""Every item of the manual's table, as it stands on the wire and as it is to be read."""

from decimal import Decimal

import pytest

from protocols.readings import (
    BinocularTest,
    BinocularVision,
    Keratometry,
    Meridian,
    PatientRef,
    Pd,
    Prism,
    PrismComponent,
    SubjectiveEye,
    Tonometry,
    TonometryEye,
)
from tests.protocols.nidek_rt.printed import read


def sca(sphere, cylinder, axis, **more):
    return SubjectiveEye(sphere=Decimal(sphere), cylinder=Decimal(cylinder), axis=axis, **more)


@pytest.mark.parametrize(
    ("source", "line", "stage", "distance"),
    [
        ("@LM", " R- 2.75- 1.00 50", "lensmeter", "far"),
        ("@LM", " r- 2.75- 1.00 50", "lensmeter", "near"),
        ("@RM", "OR- 2.75- 1.00 50", "autorefraction", "far"),
        ("@WF", "OR- 2.75- 1.00 50", "wavefront", "far"),
        ("@RT", "fR- 2.75- 1.00 50", "subjective", "far"),
        ("@RT", "FR- 2.75- 1.00 50", "final", "far"),
        ("@RT", "nR- 2.75- 1.00 50", "subjective", "near"),
        ("@RT", "NR- 2.75- 1.00 50", "final", "near"),
    ],
)
def test_source_and_letter_say_the_stage_and_the_distance(source, line, stage, distance):
    (reading,) = read(source, line)

    assert (reading.stage, reading.distance, reading.light) == (stage, distance, "day")
    assert reading.right == sca("-2.75", "-1.00", 50)
    assert reading.left is None


@pytest.mark.parametrize("source", ["@LM", "@RM", "@WF", "@RT"])
def test_a_source_in_small_letters_is_night_time(source):
    letter = {"@LM": " ", "@RT": "F"}.get(source, "O")
    day, night = read(source, f"{letter}R+ 1.00- 0.50  5", source.lower(), f"{letter}R+ 0.75- 0.50 10")

    assert (day.light, night.light) == ("day", "night")
    assert (day.right.axis, night.right.axis) == (5, 10)


def test_one_print_out_gives_one_reading_a_stage_though_the_source_line_is_the_same():
    readings = read("@RT", "WR 0.08", "@RT", "fR- 1.00- 1.50150", "@RT", "FR- 0.75- 0.75150")

    assert [one.stage for one in readings] == ["unaided", "subjective", "final"]


@pytest.mark.parametrize(
    ("text", "sphere", "cylinder", "axis"),
    [
        ("- 2.75  0.00  0", "-2.75", "0.00", 0),
        ("+10.00-12.50180", "10.00", "-12.50", 180),
        ("  0.00+ 0.12 90", "0.00", "0.12", 90),
        ("+02.50-01.25015", "2.50", "-1.25", 15),
        ("-00.00-00.25005", "-0.00", "-0.25", 5),
    ],
)
def test_figures_keep_their_step_and_lose_only_their_padding(text, sphere, cylinder, axis):
    (reading,) = read("@RM", f"OR{text}")

    assert (str(reading.right.sphere), str(reading.right.cylinder), reading.right.axis) == (sphere, cylinder, axis)


@pytest.mark.parametrize(
    ("lines", "acuities"),
    [
        (["WR 0.08"], {"va": "0.08"}),
        (["MR 0.08+2"], {"va": "0.08+2"}),
        (["KR 0.5   "], {"va_pinhole": "0.5"}),
        (["WR<0.05"], {"va": "<0.05"}),
        (["WR-0.10"], {"va": "-0.10"}),
        (["WR 020 "], {"va": "020"}),
        (["WR 12.5"], {"va": "12.5"}),
        (["WR< 2.0"], {"va": "<2.0"}),
    ],
)
def test_unaided_acuities_are_kept_as_shown(lines, acuities):
    (reading,) = read("@RT", *lines)

    assert (reading.stage, reading.right) == ("unaided", SubjectiveEye(**acuities))


def test_every_kind_of_acuity_has_its_place():
    far, near = read(
        "@RT", "FR+ 1.00  0.00  0", "VR 0.8 ", "UR 0.8 -1", "HR 1.0   ", "QR 0.4 +1", "YR 1.25", "JR 1.25-2", "Vr 0.63"
    )

    assert far.right == sca("1.00", "0.00", 0, va="0.8-1", va_pinhole="1.0", va_low_light="0.4+1", va_with_add="1.25-2")
    assert (near.distance, near.right) == ("near", SubjectiveEye(va="0.63"))


def test_the_extended_form_may_come_first():
    (reading,) = read("@RT", "uL 1.0 +2", "vL 1.0 ")

    assert reading.left.va == "1.0+2"
    assert reading.notes == ()


def test_an_acuity_of_both_eyes_stands_with_both():
    (reading,) = read("@RT", "FR+ 1.00  0.00  0", "VB 1.25")

    assert reading.both == SubjectiveEye(va="1.25")


def test_two_acuities_that_contradict_each_other_keep_the_first_and_say_so():
    (reading,) = read("@RT", "VR 0.8 ", "UR 1.0   ")

    assert reading.right.va == "0.8"
    assert reading.extra == {"UR": " 1.0   "}
    assert [note.code for note in reading.notes] == ["said_twice"]


@pytest.mark.parametrize(
    ("line", "stage", "pd"),
    [
        ("PD64.0        ", "final", Pd(far=Decimal("64.0"))),
        ("Pd59.5        ", "final", Pd(near=Decimal("59.5"))),
        ("pD64.0        ", "subjective", Pd(far=Decimal("64.0"))),
        ("pd59.5        ", "subjective", Pd(near=Decimal("59.5"))),
        (
            "pD57.530.527.0",
            "subjective",
            Pd(far=Decimal("57.5"), far_right=Decimal("30.5"), far_left=Decimal("27.0")),
        ),
        ("Pd59.529.5    ", "final", Pd(near=Decimal("59.5"), near_right=Decimal("29.5"))),
        ("PD64.0", "final", Pd(far=Decimal("64.0"))),
    ],
)
def test_all_spellings_and_widths_of_the_pupillary_distance(line, stage, pd):
    (reading,) = read("@RT", line)

    assert (reading.stage, reading.pd) == (stage, pd)


def test_the_distances_of_a_stage_stand_in_its_far_reading():
    far, near = read("@RT", "FR+ 1.00  0.00  0", "NR+ 3.00  0.00  0", "PD64.0        ", "Pd59.5        ")

    assert far.pd == Pd(far=Decimal("64.0"), near=Decimal("59.5"))
    assert near.pd is None


def test_without_a_far_reading_they_stand_in_the_near_one():
    (near,) = read("@RT", "NR+ 3.00  0.00  0", "Pd59.5        ")

    assert (near.distance, near.pd) == ("near", Pd(near=Decimal("59.5")))


def test_prisms_keep_their_bases_and_a_zero_has_none():
    (reading,) = read("@RT", "PRI 1.50U 0.50", "PLO 2.00  0.00", "FR+ 1.00  0.00  0")

    assert reading.right.prism == Prism(
        horizontal=PrismComponent(power=Decimal("1.50"), base="in"),
        vertical=PrismComponent(power=Decimal("0.50"), base="up"),
    )
    assert reading.left.prism.vertical == PrismComponent(power=Decimal("0.00"))


def test_working_distances_go_where_they_belong():
    lenses, subjective, final = read(
        "@LM", " R+ 1.00  0.00  0", "@RT", "fR+ 1.00  0.00  0", "@RT", "FR+ 1.00  0.00  0", "WD35", "wd 40", "Wd 45"
    )

    assert (lenses.working_cm, subjective.working_cm, final.working_cm) == (45, 35, 40)
    assert final.extra == {"WD": "35"}


def test_a_working_distance_of_no_stage_is_kept_as_it_came():
    (lenses,) = read("@LM", " R+ 1.00  0.00  0", "WD35", "WD35")

    assert (lenses.working_cm, lenses.extra, lenses.notes) == (None, {"WD": "35"}, ())


def test_time_and_age_are_kept_with_the_last_refraction():
    lenses, final = read("@LM", " R+ 1.00  0.00  0", "@RT", "FR+ 1.00  0.00  0", "TT 226", "AG 47")

    assert lenses.extra == {}
    assert final.extra == {"TT": " 226", "AG": " 47"}
    assert final.notes == ()


def test_corneas_and_pressures_that_were_passed_on():
    cornea, pressure = read("@KM", "CR 7.80 7.70 90", "DR43.2543.75", "@NT", "TR25.3", "tR3.37", "TL22.1")

    assert isinstance(cornea, Keratometry)
    assert cornea.right.r1 == Meridian(radius_mm=Decimal("7.80"), power_d=Decimal("43.25"), axis=90)
    assert cornea.right.r2 == Meridian(radius_mm=Decimal("7.70"), power_d=Decimal("43.75"))
    assert isinstance(pressure, Tonometry)
    assert pressure.right == TonometryEye(iop_mmhg=Decimal("25.3"), iop_kpa=Decimal("3.37"))
    assert pressure.left == TonometryEye(iop_mmhg=Decimal("22.1"))


def values(**given):
    return {name.rstrip("_"): Decimal(value) for name, value in given.items()}


@pytest.mark.parametrize(
    ("line", "figures", "told"),
    [
        ("DV12.0 22.0 +18.00", ("12.0", "22.0", "18.00"), {"distance": "far", "direction": "in"}),
        ("dv     14.0  10.00", (None, "14.0", "10.00"), {"distance": "near", "direction": "in", "words": "subjective"}),
        ("Cv18.0 24.0 + 9.00", ("18.0", "24.0", "9.00"), {"distance": "near", "direction": "out"}),
    ],
)
def test_vergences_leave_out_what_is_blank(line, figures, told):
    (vision,) = read("@RT", line)

    named = zip(("blur", "break", "recovery"), figures, strict=True)
    values = {name: Decimal(value) for name, value in named if value}
    assert vision.tests == (BinocularTest(name="vergence", unit="pd", values=values, **told),)


FAR, NEAR = {"distance": "far"}, {"distance": "near"}
PD, D = {"unit": "pd"}, {"unit": "D"}


@pytest.mark.parametrize(
    ("line", "test"),
    [
        (
            "SR+ 3.00+ 1.00",
            BinocularTest(
                name="supravergence", eye="right", values=values(break_="3.00", recovery="1.00"), **FAR, **PD
            ),
        ),
        ("Il+ 2.50      ", BinocularTest(name="infravergence", eye="left", values=values(break_="2.50"), **NEAR, **PD)),
        ("MER", BinocularTest(name="dominant", eye="right", words="R")),
        ("CP 8 12.512.50", BinocularTest(name="npc", values=values(cm="8", ma="12.5", prism="12.50"))),
        ("AP 10+10.00", BinocularTest(name="npa", values=values(cm="10", power="10.00"))),
        ("NA+ 2.25+ 1.75", BinocularTest(name="nra", **D, values=values(blur="2.25", recovery="1.75"))),
        ("PA- 2.50      ", BinocularTest(name="pra", **D, values=values(blur="-2.50"))),
        ("ACG 4.0 ", BinocularTest(name="ac_a", words="gradient", values=values(value="4.0"))),
        ("ACH 5.5 ", BinocularTest(name="ac_a", words="heterophoria", values=values(value="5.5"))),
        ("#14A+ 1.25", BinocularTest(name="crossed_cylinder_14a", **D, values=values(value="1.25"))),
        ("#14B+ 0.75", BinocularTest(name="crossed_cylinder_14b", **D, values=values(value="0.75"))),
        ("#19+ 5.00", BinocularTest(name="accommodation_19", **D, values=values(value="5.00"))),
        ("#15A 3.0 EXO", BinocularTest(name="phoria_15a", words="EXO", **PD, values=values(value="3.0"))),
        ("#15B 0.0    ", BinocularTest(name="phoria_15b", **PD, values=values(value="0.0"))),
        ("SH+ 1.50+ 0.25G", BinocularTest(name="sheard", words="G", values=values(prism="1.50", sphere="0.25"), **FAR)),
        (
            "pe+ 1.50+ 0.25H",
            BinocularTest(name="percival", words="H", values=values(prism="1.50", sphere="0.25"), **NEAR),
        ),
        ("MGAHLNHH", BinocularTest(name="morgan_a", words="HLNHH")),
        ("FW4", BinocularTest(name="worth", values=values(value="4"))),
        ("SC0140 ", BinocularTest(name="stereo", **FAR, values=values(minutes="1", seconds="40"))),
        ("sc0000X", BinocularTest(name="stereo", words="not seen", values=values(minutes="0", seconds="0"), **NEAR)),
        ("AN00", BinocularTest(name="aniseikonia_an", unit="pct", words="none")),
        ("AH03", BinocularTest(name="aniseikonia_ah", unit="pct", values=values(value="3"))),
    ],
)
def test_every_test_of_both_eyes_has_its_name(line, test):
    (vision,) = read("@RT", line)

    assert isinstance(vision, BinocularVision)
    assert vision.tests == (test,)


def test_a_test_that_was_not_made_is_not_a_test():
    (reading,) = read("@RT", "FR+ 1.00  0.00  0", "NA            ", "ME ", "FW ")

    assert reading.stage == "final"


def test_what_has_no_key_is_kept_by_its_own_tag():
    (reading,) = read("@RT", "FR+ 1.00  0.00  0", "CG3H  ", "ETA   ")

    assert reading.extra == {"CG": "3H  ", "ET": "A   "}
    assert [note.code for note in reading.notes] == ["unknown_field", "unknown_field"]


def test_the_heading_names_model_patient_and_day():
    (reading,) = read("@RT", "VR 0.8 ", heading="NIDEK RT-3100 IDH-1001       DA2002/06/16")

    assert (reading.instrument.model, reading.measured_at) == ("RT-3100", "2002-06-16")
    assert reading.patient_ref == PatientRef(id="H-1001")


def test_the_heading_with_the_port_parameter_hdr():
    (reading,) = read("IDPATIENT-NUMBER-42", "DA2016/09/07 SN0012", "@RT", "VR 0.8 ", heading="NIDEK_RT-5100")

    assert (reading.instrument.model, reading.measured_at) == ("RT-5100", "2016-09-07")
    assert reading.patient_ref == PatientRef(id="PATIENT-NUMBER-42")
    assert reading.extra == {"SN": "0012"}


@pytest.mark.parametrize(("day", "said"), [("2016/13/41", None), ("1999/ 1/ 1", "1999-01-01")])
def test_a_clock_that_cannot_be_right_is_told(day, said):
    (reading,) = read("@RT", "VR 0.8 ", heading=f"NIDEK RT-5100 ID             DA{day}")

    assert reading.measured_at == said
    assert [note.code for note in reading.notes] == ["clock_implausible"]
