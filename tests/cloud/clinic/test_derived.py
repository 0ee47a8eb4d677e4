"""What follows from a record: worked numbers, each with its rule and version."""

from decimal import Decimal

import pytest

from cloud.calculators.queries import Rules
from cloud.clinic import derived
from cloud.clinic.checks import Context
from cloud.clinic.history import History
from tests.cloud.clinic.sheets_here import TODAY, born, context, eyes, sheet


def texts(written, at, side=None, **known):
    """Rule and text of the lines under one recording."""
    found = derived.lines(sheet(written), context(**known)).get(at, [])
    return [(one.rule, one.text) for one in found if side in (None, one.side.value)]


RX = "-2.00/-1.75x10"


def test_a_refraction_has_its_equivalent_and_its_other_form():
    assert texts(eyes("manifest", RX), ("manifest", 1)) == [
        ("b.2.spherical_equivalent", "−2.875"),
        ("b.1.transposition", "−3.75/+1.75×100"),
    ]


def test_each_line_names_its_version_and_keeps_its_exact_value():
    found = derived.lines(sheet(eyes("glasses", RX)), context())["glasses", 1][0]
    assert (found.version, found.title, found.value) == ("1", "Spherical equivalent", Decimal("-2.875"))


def test_several_autorefractions_have_their_vector_mean_and_never_an_axis_mean():
    """175 and 5 make 180, not 90; dry and cycloplegic ones are not put together."""
    two = eyes("autorefraction", "-2.00/-0.50x175") | eyes("autorefraction", "-2.00/-0.50x5", n=2)
    assert texts(two, ("autorefraction", 2))[-1] == ("b.3.mean", "−2.00/−0.49×180 of 2")
    apart = two | {"autorefraction.2.cycloplegic.N": "yes"}
    assert "b.3.mean" not in dict(texts(apart, ("autorefraction", 2)))


def test_the_manifest_refraction_is_set_beside_the_objective_one():
    written = eyes("autorefraction", "-2.00/-1.50x10") | eyes("manifest", "-2.25/-1.00x20")
    assert texts(written, ("manifest", 1))[-1] == ("b.3.difference", "0.00 D equivalent, 0.33 D as a whole")


RETINOSCOPY = {
    **{"retinoscopy.1.m1_power.R": "+3.00", "retinoscopy.1.m1_axis.R": "180", "retinoscopy.1.m2_power.R": "+2.00"},
}


def test_retinoscopy_is_net_of_its_working_distance():
    """+3.00 along 180 and +2.00 across, at 50 cm: +1.00/−1.00×180."""
    net = texts(RETINOSCOPY | {"retinoscopy.1.working_distance_cm.N": "50"}, ("retinoscopy", 1))
    assert net == [("b.8.net_retinoscopy", "+1.00/−1.00×180")]
    assert texts(RETINOSCOPY, ("retinoscopy", 1)) == []


def test_strong_lenses_are_shown_at_the_cornea_and_weak_ones_are_not():
    strong = eyes("manifest", "-5.00/-2.50x180") | {"manifest.1.vertex.N": "12"}
    assert dict(texts(strong, ("manifest", 1)))["b.4.refraction_moved"] == "−4.72/−2.16×180 at the cornea"
    assert "b.4.refraction_moved" not in dict(texts(eyes("manifest", "-3.75"), ("manifest", 1)))


def test_a_contact_lens_visit_has_its_lens_to_begin_with():
    strong = eyes("final", "-5.00/-2.50x180")
    found = dict(texts(strong, ("final", 1), layout=[("cl_fit", False)]))
    assert found["b.5.starting_power"] == "−4.75/−2.25×180, leaves 0.09 D"
    assert "b.5.starting_power" not in dict(texts(strong, ("final", 1)))


def test_unequal_eyes_are_told():
    found = texts(eyes("final", "-1.00", "-3.00"), ("final", 1), "N")
    assert [rule for rule, _text in found] == ["b.16.anisometropia"]
    assert texts(eyes("final", "-1.00", "-1.50"), ("final", 1), "N") == []


KERATOMETRY = {
    **{"keratometry.1.r1_radius.R": "7.85", "keratometry.1.r2_radius.R": "7.75"},
    **{"keratometry.1.r1_power.R": "43.00", "keratometry.1.r1_axis.R": "180", "keratometry.1.r2_power.R": "44.25"},
}


def test_a_cornea():
    """337.5/7.85 = 42.994 and 337.5/7.75 = 43.548: 43.27 in the mean."""
    assert texts(KERATOMETRY, ("keratometry", 1)) == [
        ("b.10.mean_k", "43.27 D, 7.80 mm"),
        ("b.10.corneal_astigmatism", "0.00/−1.25×180, with the rule"),
    ]


def test_axial_length_over_corneal_radius():
    """24.50 over the mean of 7.75 and 7.85."""
    found = texts(KERATOMETRY | {"biometry.1.axial_length.R": "24.50"}, ("biometry", 1))
    assert found == [("b.11.al_cr", "3.141")]


def readings(method, *values):
    pairs = enumerate(values, 1)
    return {k: v for n, iop in pairs for k, v in ((f"iop.{n}.iop.R", iop), (f"iop.{n}.method.N", method))}


def test_the_median_of_each_method_apart():
    written = readings("non_contact", "15", "19", "16") | {"iop.4.iop.R": "18", "iop.4.method.N": "goldmann"}
    assert texts(written, ("iop", 1)) == [("b.15.median", "16 mmHg of 3, Non-contact")]
    assert texts(written, ("iop", 4)) == [("b.15.median", "18 mmHg of 1, Goldmann applanation")]


def test_the_way_to_the_target_and_from_the_baseline():
    """26 before treatment and 18 now are −30.8 %."""
    aims = {"target_iop.1.target.R": "16", "target_iop.1.baseline.R": "26"}
    found = texts(readings("goldmann", "18") | aims, ("iop", 1))
    assert found[1:] == [
        ("clinic.to_target", "+2 mmHg against the target of 16"),
        ("b.15.reduction", "−30.8 % against the baseline of 26"),
    ]


def test_what_to_consider_is_put_as_such():
    found = derived.lines(sheet(readings("goldmann", "26")), context())["iop", 1][-1]
    assert (found.rule, found.text.startswith("Consider: ")) == ("b.15.flags", True)
    assert "b.15.flags" not in dict(texts(readings("goldmann", "18"), ("iop", 1)))


ACUITIES = [
    ("6/9.5", "6/9.5 · 20/32 · 0.6 · 4.8 · logMAR 0.20"),
    ("4.8", "6/9.5 · 20/32 · 0.6 · 4.8 · logMAR 0.20"),
    ("5.1", "6/4.8 · 20/16 · 1.2 · 5.1 · logMAR −0.10"),
]


@pytest.mark.parametrize(("entered", "others"), ACUITIES)
def test_an_acuity_in_every_notation(entered, others):
    assert texts({"visual_acuity.1.distance_best.R": entered}, ("visual_acuity", 1)) == [("b.14.notations", others)]


def test_vision_below_the_chart_has_no_other_notation():
    assert texts({"visual_acuity.1.distance_best.R": "CF 1 m"}, ("visual_acuity", 1)) == []


def phorias(**more):
    return {f"{name.replace('__', '.1.')}.N": value for name, value in more.items()}


def test_sheard():
    """Near 10 exo, base-out blur 12: a third of what is missing is 2.67 base in."""
    written = phorias(phoria__near_horizontal="-10", vergence__bo_near_blur="12")
    assert ("b.16.sheard", "near: 2.67 Δ base in") in texts(written, ("phoria", 1))
    enough = phorias(phoria__near_horizontal="-5", vergence__bo_near_blur="12")
    assert ("b.16.sheard", "near: met") in texts(enough, ("phoria", 1))


def test_percival_needs_no_phoria():
    written = phorias(vergence__bi_near_blur="6", vergence__bo_near_blur="21")
    assert texts(written, ("phoria", 1)) == [("b.16.percival", "near: 3.00 Δ base out")]


def test_one_to_one_for_eso():
    written = phorias(phoria__near_horizontal="8", vergence__bi_near_recovery="4")
    assert ("b.16.one_to_one", "near: 2.00 Δ base out") in texts(written, ("phoria", 1))
    exo = phorias(phoria__near_horizontal="-8", vergence__bi_near_recovery="4")
    assert "b.16.one_to_one" not in dict(texts(exo, ("phoria", 1)))


def test_both_ways_to_an_ac_a():
    """2 exo to 2 eso through −1.00: 4.0; PD 60, 2 exo and 8 exo at 40 cm: 3.6. They are two lines, not one."""
    written = phorias(
        aca__method="minus_1",
        aca__phoria_before="-2",
        aca__phoria_after="2",
        pd__far="60",
        phoria__distance_horizontal="-2",
        phoria__near_horizontal="-8",
    )
    assert texts(written, ("aca", 1)) == [
        ("b.16.ac_a_gradient", "4.0 Δ/D"),
        ("b.16.ac_a_heterophoria", "3.6 Δ/D"),
    ]


def test_criteria_are_counted_and_not_named():
    written = phorias(
        phoria__distance_horizontal="-1", phoria__near_horizontal="-8", npc__break="9", vergence__bo_near_blur="12"
    )
    assert ("b.16.convergence_insufficiency", "criteria met: 3 of 3") in texts(written, ("phoria", 1))


def test_relative_accommodation_and_amplitude():
    """(+2.25 − 1.25) / 2 = +0.50; at 20 the least is 10, so 7.5 D lie 2.5 below."""
    written = {"accommodation.1.nra.B": "2.25", "accommodation.1.pra.B": "-1.25"}
    assert texts(written, ("accommodation", 1))[0] == ("b.8.relative_accommodation", "+0.50 D to the add")
    low = texts({"accommodation.1.amplitude_push_up.R": "7.5"}, ("accommodation", 1), born=born(20))
    assert low[0] == ("b.8.amplitude", "2.50 D below the least for the age (10.00)")
    assert texts({"accommodation.1.amplitude_push_up.R": "7.5"}, ("accommodation", 1)) == []  # age not known


def test_a_finding_beside_its_norm_is_told_only_when_it_lies_outside():
    assert texts(phorias(vergence__bo_near_break="12"), ("vergence", 1)) == [
        ("b.16.against_norm", "below the norm 15 to 27")
    ]
    assert texts(phorias(vergence__bo_near_break="21"), ("vergence", 1)) == []


def test_a_rule_switched_off_says_nothing():
    off = Context(
        began_at=TODAY, layout=[], born=None, past=History, chosen=lambda: Rules({"b.1.transposition": False}, {})
    )
    found = derived.lines(sheet(eyes("manifest", RX)), off)["manifest", 1]
    assert [one.rule for one in found] == ["b.2.spherical_equivalent"]


def test_what_cannot_be_read_is_left_out_and_nothing_fails():
    assert derived.lines(sheet({"manifest.1.sphere.R": "minus two", "iop.1.iop.R": "high"}), context()) == {}
