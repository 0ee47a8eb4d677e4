"""Where readings would stand in a record: every kind, exactly as the instrument wrote it, and nothing written over."""

from decimal import Decimal

import pytest
from msgspec import structs

from cloud.clinic.choices import Origin
from protocols.readings import (
    AcuityEye,
    Autorefraction,
    AutorefractionEye,
    BinocularTest,
    BinocularVision,
    Biomechanics,
    BiomechanicsEye,
    CorrectedIop,
    IopReading,
    Keratometry,
    KeratometryEye,
    Lensmetry,
    LensmetryEye,
    Meridian,
    Pachymetry,
    PachymetryEye,
    Pd,
    Prism,
    PrismComponent,
    RefractionReading,
    SubjectiveEye,
    Tonometry,
    TonometryEye,
    VisualAcuity,
)
from tests.cloud.clinic.readings_here import behind, made, power, pressure, proposed, refraction, shown

D = Decimal


def values(proposal):
    return {str(put.place): put.entered for put in proposal.values}


def codes(proposal):
    return [doubt.code for doubt in proposal.doubts]


def test_an_autorefraction_goes_in_as_it_was_written_with_where_it_came_from():
    eye = AutorefractionEye(
        sphere=D("-1.75"), cylinder=D("-0.50"), axis=5, confidence=9, readings=(RefractionReading(sphere=D("-1.50")),)
    )
    reading = shown(made(Autorefraction, right=eye, vertex_mm=D("12.00"), cycloplegic=False))
    (one,) = proposed(reading)
    assert values(one) == {
        "autorefraction.1.sphere.R": "-1.75",
        "autorefraction.1.cylinder.R": "-0.50",
        "autorefraction.1.axis.R": "5",
        "autorefraction.1.confidence.R": "9",
        "autorefraction.1.cycloplegic.N": "no",
        "autorefraction.1.vertex.N": "12.00",
        "autorefraction.1.instrument.N": "Northlight AR-3",
    }
    first = one.values[0]
    assert (first.origin, first.source, first.measured_at) == (Origin.DEVICE, str(reading.id), reading.captured_at)
    assert (one.element, one.n, one.title, one.kind) == ("autorefraction", 1, "Autorefraction", "autorefraction")


def test_an_axis_of_zero_stays_zero_as_written():
    (one,) = proposed(refraction("-1.00/-0.50x0"))
    assert values(one)["autorefraction.1.axis.R"] == "0"


def test_distances_of_each_eye_go_to_their_own_element():
    (one,) = proposed(refraction("-1.00", pd=Pd(far=D("63.5"), far_right=D("31.5"), far_left=D("32"))))
    found = values(one)
    assert found["autorefraction.1.pd_far.N"] == "63.5"
    assert {place: text for place, text in found.items() if place.startswith("pd.")} == {
        **{"pd.1.far.N": "63.5", "pd.1.far_right.N": "31.5", "pd.1.far_left.N": "32", "pd.1.method.N": "autorefractor"}
    }


def test_keratometry_keeps_radius_power_axis_and_index():
    eye = KeratometryEye(
        r1=Meridian(radius_mm=D("7.85"), power_d=D("43.00"), axis=180), r2=Meridian(radius_mm=D("7.63"), axis=90)
    )
    (one,) = proposed(made(Keratometry, left=eye, index=D("1.3375")))
    assert values(one) == {
        "keratometry.1.r1_radius.L": "7.85",
        "keratometry.1.r1_power.L": "43.00",
        "keratometry.1.r1_axis.L": "180",
        "keratometry.1.r2_radius.L": "7.63",
        "keratometry.1.r2_axis.L": "90",
        "keratometry.1.index.N": "1.3375",
        "keratometry.1.instrument.N": "Northlight AR-3",
    }


PRISMS = [
    (Prism(horizontal=PrismComponent(power=D("2.00"), base="in")), "2.00 BI", []),
    (
        Prism(
            horizontal=PrismComponent(power=D("2.00"), base="out"), vertical=PrismComponent(power=D("0.50"), base="up")
        ),
        "2.00 BO 0.50 BU",
        [],
    ),
    (Prism(power=D("3.00"), base_deg=37), "3.00 @ 37", []),
    (Prism(horizontal=PrismComponent(power=D("-2.00"))), None, ["base_not_told"]),
]


@pytest.mark.parametrize(("prism", "entered", "doubts"), PRISMS)
def test_glasses_with_their_prism(prism, entered, doubts):
    (one,) = proposed(made(Lensmetry, right=power("-2.00/-0.75x90", LensmetryEye, add=D("2.00"), prism=prism)))
    found = values(one)
    assert (found.get("glasses.1.prism.R"), codes(one)) == (entered, doubts)
    assert (found["glasses.1.add.R"], found["glasses.1.source.N"]) == ("2.00", "lensmeter")


def test_a_lens_and_a_cornea_of_no_known_eye_wait_for_a_side():
    lens, cornea = proposed(
        made(Lensmetry, single=power("-2.00", LensmetryEye)),
        made(Pachymetry, unassigned=PachymetryEye(cct_um=D(545))),
    )
    assert [(one.needs_side, one.at_once, codes(one)) for one in (lens, cornea)] == [(True, False, ["no_side"])] * 2
    assert values(cornea)["pachymetry.1.cct.N"] == "545"


def test_pressures_go_each_into_its_own_reading_with_its_own_method():
    puffs = TonometryEye(
        iop_mmhg=D("15.3"),
        readings=(IopReading(iop_mmhg=D(15)), IopReading(iop_mmhg=D(16))),
        corrected=CorrectedIop(iop_mmhg=D("14.1")),
    )
    first, second, third = proposed(
        made(Tonometry, model="NT-530", maker="NIDEK", right=puffs),
        pressure("17", "18", method="goldmann"),
        pressure("19", maker="Nobody", model="X"),
    )
    assert values(first) == {
        "iop.1.iop.R": "15.3",
        "iop.1.method.N": "non_contact",
        "iop.1.instrument.N": "NIDEK NT-530",
    }
    assert (values(second)["iop.2.iop.L"], values(second)["iop.2.method.N"], second.n) == ("18", "goldmann", 2)
    assert ("iop.3.method.N" in values(third), codes(third)) == (False, ["no_method"])


def test_biomechanics_marks_each_pressure_with_what_it_is():
    eye = BiomechanicsEye(iop_mmhg=D("15.5"), biop_mmhg=D("14.2"), cct_um=D(560), sp_a1=D("98.1"))
    (one,) = proposed(made(Biomechanics, maker="Oculus", model="Corvis ST", left=eye))
    found = values(one)
    assert [(found[f"iop.{n}.iop.L"], found[f"iop.{n}.method.N"]) for n in (1, 2)] == [
        ("15.5", "corvis_iop"),
        ("14.2", "corvis_biop"),
    ]
    assert (found["pachymetry.1.cct.L"], found["biomechanics.1.sp_a1.L"]) == ("560", "98.1")


STAGES = [("subjective", "manifest"), ("final", "manifest"), ("trial", "trial_frame"), ("contact_lens", None)]


@pytest.mark.parametrize(("stage", "element"), [*STAGES, ("previous", None), ("wavefront", None)])
def test_stages_of_a_phoropter(stage, element):
    (one,) = proposed(behind(stage, "-2.00/-0.50x90", distance="far"))
    assert one.element == element
    assert (bool(one.values), codes(one)) == ((True, []) if element else (False, ["kept"]))


def test_a_manifest_refraction_with_add_and_acuities():
    right = SubjectiveEye(sphere=D("-2.25"), add=D("1.50"), va="1.0", va_pinhole="1.2")
    reading = behind("final", distance="far", vertex_mm=D("13.75"))
    reading = structs.replace(reading, right=right, both=SubjectiveEye(va="1.2"))
    (one,) = proposed(reading)
    assert values(one) == {
        "manifest.1.sphere.R": "-2.25",
        "manifest.1.add.R": "1.50",
        "manifest.1.va.R": "1.0",
        "visual_acuity.1.distance_pinhole.R": "1.2",
        "manifest.1.va.B": "1.2",
        "manifest.1.vertex.N": "13.75",
    }


def test_a_near_total_is_no_distance_refraction():
    reading = behind("final", distance="near", working_cm=40)
    eye = SubjectiveEye(sphere=D("0.00"), add=D("2.00"), va="0.8")
    reading = structs.replace(reading, right=eye)
    (one,) = proposed(reading)
    assert values(one) == {"near.1.add.R": "2.00", "near.1.near_va.R": "0.8", "near.1.working_distance_cm.N": "40"}


def test_what_a_phoropter_passes_on_is_marked_and_never_comes_twice():
    passed = behind("autorefraction", "-1.75/-0.50x5", "-2.00")
    (alone,) = proposed(passed)
    assert (alone.element, alone.passed_on, codes(alone)) == ("autorefraction", True, ["passed_on"])

    own = refraction("-1.75/-0.50x5", "-2.00")
    assert [one.instrument for one in proposed(own, passed)] == ["Northlight AR-3"]
    other = refraction("-1.50/-0.50x5", "-2.00")
    assert [one.passed_on for one in proposed(other, passed)] == [False, True]


ACUITIES = [
    ({"correction": "unaided", "distance": "far", "notation": "decimal"}, "0.8", None, "distance_unaided", "0.8"),
    ({"correction": "corrected", "distance": "far", "notation": "fraction"}, "20/25", -2, "distance_best", "20/25-2"),
    ({"correction": "habitual", "distance": "near", "notation": "logmar"}, "0.1", None, "near_habitual", "logMAR 0.1"),
    (
        {"correction": "pinhole", "distance_cm": D(500), "notation": "etdrs"},
        "80",
        None,
        "distance_pinhole",
        "80 letters",
    ),
]


@pytest.mark.parametrize(("about", "va", "letters", "field", "entered"), ACUITIES)
def test_acuities_say_what_their_numbers_are(about, va, letters, field, entered):
    (one,) = proposed(made(VisualAcuity, right=AcuityEye(va=va, letters=letters), **about))
    assert (values(one)[f"visual_acuity.1.{field}.R"], codes(one)) == (entered, [])


def test_an_acuity_of_no_known_correction_is_kept_in_readings():
    (one,) = proposed(made(VisualAcuity, distance="far", right=AcuityEye(va="0.8")))
    assert (one.element, codes(one), one.at_once) == (None, ["kept"], False)


def test_what_the_record_cannot_read_goes_in_as_said_and_is_told():
    (one,) = proposed(made(VisualAcuity, correction="unaided", distance="far", left=AcuityEye(va="<0.1")))
    assert (values(one)["visual_acuity.1.distance_unaided.L"], codes(one)) == ("<0.1", ["unreadable"])


TESTS = [
    (BinocularTest(name="nra", values={"blur": D("2.00"), "recovery": D("1.75")}), {"accommodation.1.nra.B": "2.00"}),
    (BinocularTest(name="pra", values={"blur": D("-1.50")}), {"accommodation.1.pra.B": "-1.50"}),
    (
        BinocularTest(name="npa", eye="left", values={"cm": D(10), "power": D("10.0")}),
        {"accommodation.1.amplitude_push_up.L": "10.0"},
    ),
    (BinocularTest(name="npc", values={"cm": D(8)}), {"npc.1.break.N": "8"}),
    (
        BinocularTest(
            name="vergence", distance="near", direction="out", values={"blur": D(17), "break": D(21), "recovery": D(11)}
        ),
        {"vergence.1.bo_near_blur.N": "17", "vergence.1.bo_near_break.N": "21", "vergence.1.bo_near_recovery.N": "11"},
    ),
    (
        BinocularTest(name="phoria", distance="near", direction="in", values={"value": D("6")}),
        {"phoria.1.near_horizontal.N": "-6"},
    ),
    (
        BinocularTest(name="phoria", distance="far", words="ESO", values={"value": D("2.0")}),
        {"phoria.1.distance_horizontal.N": "2.0"},
    ),
    (BinocularTest(name="phoria", distance="near", direction="in", eye="right", values={"value": D("6")}), {}),
    (BinocularTest(name="ac_a", words="gradient", values={"value": D("4.0")}), {"aca.1.gradient.N": "4.0"}),
    (
        BinocularTest(name="stereo", distance="near", values={"minutes": D(1), "seconds": D(40)}),
        {"stereo.1.arcsec.N": "100", "stereo.1.distance.N": "near"},
    ),
    (
        BinocularTest(name="stereo", distance="far", words="not seen"),
        {"stereo.1.nil.N": "yes", "stereo.1.distance.N": "distance"},
    ),
    (BinocularTest(name="dominant", eye="left", words="L"), {"pd.1.dominant_eye.N": "L"}),
    (BinocularTest(name="morgan_a", words="HHN"), {}),
]


@pytest.mark.parametrize(("test", "expected"), TESTS)
def test_tests_of_both_eyes(test, expected):
    (one,) = proposed(made(BinocularVision, tests=(test,)))
    assert values(one) == expected


def test_every_value_proposed_can_be_read_where_it_goes():
    """What a test above proposes is what a record reads, except where the proposal itself says otherwise."""
    every = [test for test, expected in TESTS if expected]
    (one,) = proposed(made(BinocularVision, tests=tuple(every)))
    assert codes(one) == []


def test_the_next_free_instance_is_taken_as_if_all_were_accepted_in_order():
    first, second = proposed(refraction("-1.00"), refraction("-1.25"), written={"autorefraction.1.sphere.R": "-0.75"})
    assert (first.n, second.n) == (2, 3)


def test_circumstances_that_were_typed_before_do_not_fill_an_instance_and_stay():
    (one,) = proposed(made(Lensmetry, right=power("-2.00", LensmetryEye)), written={"glasses.1.use.N": "distance"})
    assert (one.n, values(one)["glasses.1.sphere.R"]) == (1, "-2.00")


def test_nothing_entered_is_written_over():
    both = made(VisualAcuity, correction="unaided", distance="far", right=AcuityEye(va="0.8"), left=AcuityEye(va="0.6"))
    (one,) = proposed(both, written={"visual_acuity.1.distance_unaided.R": "0.5"})
    assert values(one) == {"visual_acuity.1.distance_unaided.L": "0.6"}
    assert [doubt.words for doubt in one.doubts] == [
        "Visual acuity OD Distance, unaided holds 0.5 already; 0.8 is left in Readings."
    ]


def test_an_element_without_room_is_told():
    full = {f"pachymetry.{n}.cct.R": "540" for n in (1, 2)}
    (one,) = proposed(made(Pachymetry, right=PachymetryEye(cct_um=D(545))), written=full)
    assert (one.values, codes(one)) == ((), ["full"])


def test_what_is_rejected_or_in_the_draft_already_does_not_come_again():
    taken, rejected = shown(refraction("-1.00")), shown(refraction("-1.25"), state="rejected")
    about = {"origin": Origin.DEVICE, "source": str(taken.id)}
    found = proposed(taken, rejected, written={"autorefraction.1.sphere.R": "-1.00"}, about=about)
    assert found == []


def test_what_was_accepted_in_the_chart_is_still_to_be_taken_over():
    (one,) = proposed(shown(refraction("-1.00"), state="accepted"))
    assert (one.accepted, one.at_once) == (True, True)


def test_what_came_before_the_visit_is_marked():
    (one,) = proposed(shown(refraction("-1.00"), minutes=-30))
    words = [doubt.words for doubt in one.doubts]
    assert (one.before, words) == (True, ["Measured before this examination began, at 08:30."])


def test_no_representative_value_is_no_value():
    eye = AutorefractionEye(readings=(RefractionReading(sphere=D("-1.00")),), error="AAA")
    (one,) = proposed(made(Autorefraction, right=eye))
    assert (one.values, "kept" in codes(one), "no_value" in codes(one)) == ((), True, True)
