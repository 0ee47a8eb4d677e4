"""Every check finds what it is for, and says nothing where nothing is wrong."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cloud.prescriptions.checks import whole
from cloud.prescriptions.checks.finding import Finding, Known
from cloud.prescriptions.choices import Kind, Origin, Severity
from cloud.prescriptions.tables import table, uses
from tests.cloud.prescriptions.written_here import DRUGS, GLASSES, LENSES, TODAY, findings, glasses, parsed

CHILD, YOUNG, OLD = (TODAY - timedelta(days=366 * years) for years in (9, 25, 60))
MONTH_AGO = TODAY - timedelta(days=30)


def contact(**changed):
    return parsed(Kind.CONTACT, **{**LENSES, **changed}).written


def drugs(**changed):
    return parsed(Kind.DRUG, **{**DRUGS, **changed}).written


def last(**changed):
    return glasses(today=MONTH_AGO, **changed)


# the finding's name, what is written, what is known
ALONE = [
    ("V-01-cylinder.right_axis", {"right_axis": ""}, {}),
    ("V-01-axis.left_cylinder", {"left_axis": "90"}, {}),
    ("V-01-range.right_axis", {"right_axis": "181"}, {}),
    ("V-02.right_sphere", {"right_sphere": "-2.30"}, {}),
    ("V-02.right_sphere", {"right_sphere": "-2.125"}, {}),
    ("V-03-hard.right_sphere", {"right_sphere": "-45.25"}, {}),
    ("V-03-soft.right_sphere", {"right_sphere": "-20.25"}, {}),
    ("V-03-soft.right_cylinder", {"right_cylinder": "-8.25"}, {}),
    ("V-04.right_add_near", {"right_add_near": "4.25"}, {}),
    ("P-ADD-CHILD.right_add_near", {"right_add_near": "2.00"}, {"born": CHILD}),
    ("P-ADD-YOUNG.right_add_near", {"right_add_near": "0.75"}, {"born": YOUNG}),
    ("V-05.pd_far", {"pd_far": "63.5", "right_pd_far": "31", "left_pd_far": "31"}, {}),
    ("V-06.pd_near", {"pd_near": "63.5"}, {}),
    ("V-06.right_pd_near", {"right_pd_far": "31", "right_pd_near": "31"}, {}),
    ("P-PD.pd_far", {"pd_far": "630"}, {}),
    ("V-13.written_on", {"written_on": (TODAY + timedelta(days=2)).isoformat()}, {}),
    ("V-13.written_on", {"written_on": "1950-01-01"}, {"born": OLD}),
    ("V-14.right_prism", {"right_prism": "11 in", "left_prism": "10 in"}, {}),
    ("V-16.bvd", {"bvd": "25"}, {}),
    ("P-BVD.bvd", {"bvd": "", "right_sphere": "-2.75"}, {}),
    ("P-ANISO.left_sphere", {"right_sphere": "-4.00"}, {}),
    ("P-MIXED.left_cylinder", {"left_cylinder": "+1.00", "left_axis": "90"}, {}),
    ("P-NO-ADD.right_add_near", {"design": "progressive"}, {}),
    ("P-NO-PRISM.right_prism", {"use": "prism"}, {}),
    ("P-NO-PRISM.right_prism", {"right_lens": "fresnel"}, {}),
    ("P-NOT-PLANO.right_sphere", {"design": "plano"}, {}),
    ("P-ONE-EYE.left_sphere", {"left_sphere": "", "left_cylinder": "", "left_va": ""}, {}),
    ("P-NO-SPHERE.right_sphere", {"right_sphere": ""}, {}),
    ("P-EXPIRED.valid_until", {"valid_until": (TODAY - timedelta(days=1)).isoformat()}, {}),
    ("P-LATE.dispense_until", {"valid_until": "2190-01-01", "dispense_until": "2190-01-02"}, {}),
    ("P-LICENCE.licence", {"licence": ""}, {}),
]
EMPTY = {f"{side}_{name}": "" for side in ("right", "left") for name in ("sphere", "cylinder", "axis", "va")}
AGAINST = [
    ("P-SIGN.right_sphere", {"right_sphere": "+2.25"}, {}),
    ("V-20.right_sphere", {"right_sphere": "-3.50"}, {}),
    ("P-AXIS.right_axis", {"right_axis": "30"}, {}),
    ("P-AXIS.right_axis", {"right_axis": "170"}, {"right_axis": "8"}),
    ("P-ADD-LESS.right_add_near", {"right_add_near": "1.50"}, {"right_add_near": "2.00"}),
    ("P-COPY.right_cylinder", {"right_cylinder": "+1.50"}, {}),
    ("P-SAME.right_cylinder", {"right_sphere": "-3.75", "right_cylinder": "+1.50", "right_axis": "100"}, {}),
    (
        "P-SWAP.right_sphere",
        {"right_sphere": "-4.00", "left_sphere": "-1.00", "right_cylinder": "DS", "right_axis": ""},
        {"right_sphere": "-1.00", "left_sphere": "-4.00", "right_cylinder": "DS", "right_axis": ""},
    ),
]
CONTACT = [
    ("C-NAME.right_name", {"right_name": ""}),
    ("C-POWER.left_power", {"left_power": ""}),
    ("C-TORIC.right_cylinder", {"right_cylinder": "", "right_axis": ""}),
    ("C-ADD.left_add_near", {"left_design": "soft_multifocal"}),
    ("C-BC.right_base_curve", {"right_base_curve": "12"}),
    ("C-DIA.right_diameter", {"right_diameter": "30"}),
    ("C-FIT.right_base_curve", {"right_base_curve": ""}),
    ("V-01-cylinder.right_axis", {"right_axis": ""}),
    ("V-02.left_power", {"left_power": "-2.80"}),
    ("V-03-hard.left_power", {"left_power": "-46.00"}),
]
DRUG = [
    ("D-DOSE.dose_1", {"dose_1": ""}, {}),
    ("D-EYE.eye_1", {"eye_1": ""}, {}),
    ("D-ALLERGY.drug_1", {"drug_1": "Tobramycin"}, {"allergies": ("Neomycin",)}),
    ("D-ALLERGY.drug_1", {"drug_1": "阿莫西林"}, {"allergies": ("penicillin",)}),
    ("D-ALLERGY.drug_1", {}, {"allergies": ("fluorometholone drops",)}),
    ("D-ASK.drug_1", {}, {"allergies": None}),
    ("D-CHILD.drug_1", {}, {"born": CHILD}),
    ("D-TAPER.course_1", {"taper_1": ""}, {}),
]
FACTS = "value step limit least most age sum both near far total change days power difference last degrees substance"
ELSEWHERE = {"P-EMPTY", "C-EMPTY", "D-EMPTY", "P-PRESCRIBER"}


def test_good_glasses_have_nothing_to_remark():
    assert findings(glasses()) == []
    assert findings(glasses(), last=last()) == []


@pytest.mark.parametrize(("name", "changed", "known"), ALONE)
def test_a_spectacle_check_finds_what_it_is_for(name, changed, known):
    assert name in findings(glasses(**changed), **known)


@pytest.mark.parametrize(("name", "changed", "before"), AGAINST)
def test_a_change_since_last_time_is_seen(name, changed, before):
    assert name in findings(glasses(**{**before, **changed}), last=last(**before))


@pytest.mark.parametrize(("name", "changed"), CONTACT)
def test_a_contact_lens_check_finds_what_it_is_for(name, changed):
    assert name in findings(contact(**changed))


@pytest.mark.parametrize(("name", "changed", "known"), DRUG)
def test_a_drug_check_finds_what_it_is_for(name, changed, known):
    assert name in findings(drugs(**changed), **{"allergies": (), **known})


def test_good_lenses_and_drugs_have_nothing_to_remark():
    assert findings(contact()) == []
    assert findings(drugs(), allergies=("pollen",)) == []


def test_nothing_written_is_no_prescription():
    assert "P-EMPTY.right_sphere" in findings(glasses(**EMPTY))
    assert "C-EMPTY.right_design" in findings(parsed(Kind.CONTACT, licence="x").written)
    assert "D-EMPTY.drug_1" in findings(parsed(Kind.DRUG, licence="x").written)


def test_a_copy_names_its_prescriber_and_may_have_expired():
    copied = parsed(origin=Origin.OUTSIDE, **{**GLASSES, "valid_until": "2020-01-01"}).written
    assert findings(copied) == ["P-PRESCRIBER.prescriber_name"]


def test_every_check_of_the_table_is_tried_here():
    tried = {case[0].partition(".")[0] for case in (*ALONE, *AGAINST, *CONTACT, *DRUG)} | ELSEWHERE
    assert set(table("checks")) - {"version"} == tried


def test_every_check_speaks_both_languages():
    facts = dict.fromkeys(FACTS.split(), "7")
    for name in set(table("checks")) - {"version"}:
        finding = Finding(name, "somewhere", facts)
        assert finding.severity in Severity
        assert (finding.words("en"), finding.words("zh")) == (finding.words("en").strip(), finding.words("zh").strip())
        assert finding.words("en") != finding.words("zh")


@pytest.mark.parametrize(
    ("changed", "before"),
    [
        # the thresholds themselves are no finding: more than 1.00 D, more than 2 D apart, an axis within tolerance
        ({"right_sphere": "-3.25"}, {}),
        ({"right_axis": "25"}, {}),
        ({"right_axis": "175"}, {"right_axis": "5"}),
        ({"right_cylinder": "-0.50", "right_axis": "90"}, {"right_cylinder": "-0.50", "right_axis": "10"}),
    ],
)
def test_what_lies_on_the_limit_is_no_finding(changed, before):
    assert findings(glasses(**{**before, **changed}), last=last(**before)) == []


def test_a_jump_long_ago_is_no_jump():
    long_ago = glasses(today=TODAY - timedelta(days=400))
    assert findings(glasses(left_sphere="-3.50"), last=long_ago) == []


def test_an_eighth_is_a_step_where_the_setting_says_so(monkeypatch):
    limits = table("limits")
    monkeypatch.setitem(limits["spectacle"], "step", "0.125")
    assert findings(glasses(right_sphere="-2.125")) == []


def test_reasons_open_what_asks_for_one_and_never_what_is_refused():
    found = whole.found(glasses(right_sphere="-6.25", left_axis="90"), Known(TODAY))
    names = [one.name for one in found]
    assert names == ["V-01-axis.left_cylinder", "P-ANISO.left_sphere"]

    assert [one.name for one in whole.unmet(found, {})] == names
    assert [one.name for one in whole.unmet(found, dict.fromkeys(names, "known"))] == ["V-01-axis.left_cylinder"]


@pytest.mark.parametrize("use", uses()["use"])
@pytest.mark.parametrize("design", uses()["design"])
def test_every_use_and_design_can_be_prescribed(use, design):
    power = {} if design != "plano" else {"right_sphere": "plano", "left_sphere": "plano", "right_cylinder": "DS"}
    power |= {"right_axis": ""} if design == "plano" else {}
    more = {"use": use, "design": design, "right_add_near": "2.00", "left_add_near": "2.00", "right_prism": "2 in"}
    assert findings(glasses(**more, **power)) == []


@pytest.mark.parametrize("lens", uses()["lens"])
def test_every_lens_can_stand_before_one_eye(lens):
    prism = {"left_prism": "3 out"} if lens == "fresnel" else {}
    found = glasses(left_lens=lens, **prism)
    assert found.eye("left").lens == lens
    assert findings(found) == []


@pytest.mark.parametrize("lens", ["balance", "occluder", "frosted"])
def test_what_has_no_power_needs_none(lens):
    found = glasses(left_lens=lens, left_sphere="", left_cylinder="", left_va="")
    assert found.eye("left").sphere is None
    assert findings(found) == []


@pytest.mark.parametrize("design", uses()["contact"])
def test_every_contact_lens_can_be_prescribed(design):
    more = {"left_design": design, "left_add_class": "low", "left_dominance": "N"}
    more |= {"left_cylinder": "-0.75", "left_axis": "90"}
    assert findings(contact(**more)) == []


def test_a_prism_is_kept_as_entered_and_as_components():
    """5 prism dioptres at 37 degrees are 3.99 across and 3.01 up; in before the right eye, out before the left."""
    found = glasses(right_prism="5 @ 37", left_prism="5 @ 37")
    right, left = found.eye("right"), found.eye("left")

    assert (right.prism_1, right.base_deg, right.prism_h, right.prism_v) == (5, 37, Decimal("3.99"), Decimal("3.01"))
    assert (left.prism_h, left.prism_v) == (Decimal("-3.99"), Decimal("3.01"))
    entered = glasses(right_prism="4 out 3 up").eye("right")
    assert (entered.prism_h, entered.prism_v, entered.base_1, entered.base_deg) == (-4, 3, "out", None)


def test_validity_follows_the_rule_of_the_place():
    def until(day, **changed):
        return glasses(today=day, **changed).head.valid_until

    assert until(date(2024, 2, 29), jurisdiction="us") == date(2026, 2, 28)
    assert until(date(2026, 11, 22), jurisdiction="cn") == date(2027, 11, 22)
    assert until(date(2026, 11, 22), jurisdiction="cn", valid_until="2026-12-01") == date(2026, 12, 1)
