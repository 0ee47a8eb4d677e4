"""What is doubtful in a record: each check fires on its case, says both numbers, and is silent on its neighbour."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cloud.clinic import checks, powers, tables
from cloud.clinic.checks.measures import _span
from cloud.clinic.checks.since import slipped, turn
from cloud.clinic.choices import Level, Origin, Quality
from cloud.clinic.sheet import Sheet
from cloud.clinic.tables import rows
from cloud.optics.refraction import read
from tests.cloud.clinic.sheets_here import TODAY, born, context, eyes, past, sheet

DEVICE = {"origin": Origin.DEVICE, "source": "a-reading"}


def told(written, *pasts, about=None, **known):
    """Findings by id, with weight and words."""
    found = checks.looked_at(context(*pasts, **known), sheet(written, about))
    return {one.id: (one.level, one.text) for one in found}


def ids(written, *pasts, **known):
    return sorted(told(written, *pasts, **known))


# M −1.25, J0 +0.25 beside M −3.375, J0 −0.375: 2.125 and 0.625 apart, 2.215 for each eye
LAST = past(eyes("final", "-1.00/-0.50x180", "-3.00/-0.75x90"))

# id, level, words, what was written, what stood before, what else is known
CASES = [
    ("V-01", Level.REFUSE, "OD: cylinder −0.50 has no axis.", eyes("final", "-1.00/-0.50"), (), {}),
    ("V-01", Level.REASON, "OD: cylinder −0.50 has no axis.", eyes("glasses", "-1.00/-0.50"), (), {}),
    (
        "V-01",
        Level.REFUSE,
        "OD: axis 090 has no cylinder.",
        {**eyes("manifest", "-1.00"), "manifest.1.axis.R": "90"},
        (),
        {},
    ),
    (
        "V-02",
        Level.REASON,
        "Final prescription OD Sphere: −1.80 is no multiple of 0.25 D.",
        eyes("final", "-1.80"),
        (),
        {},
    ),
    (
        "V-04",
        Level.REASON,
        "OD: add +1.00 at 30 years; usual from 35.",
        {"manifest.1.add.R": "1.00"},
        (),
        {"born": born(30)},
    ),
    ("V-04", Level.REASON, "OS: add +1.50 for a child of 9 years.", {"final.1.add.L": "1.50"}, (), {"born": born(9)}),
    (
        "V-05",
        Level.REASON,
        "Distance PD: 31 and 32.5 make 63.5 mm, but 62 mm is written.",
        {"pd.1.far_right.N": "31", "pd.1.far_left.N": "32.5", "pd.1.far.N": "62"},
        (),
        {},
    ),
    (
        "V-06",
        Level.REASON,
        "Near PD 62 mm is not less than distance PD 62 mm.",
        {"pd.1.far.N": "62", "pd.1.near.N": "62"},
        (),
        {},
    ),
    (
        "V-07",
        Level.REASON,
        "OD: r1 7.60 mm is steeper than r2 7.85 mm; the flatter meridian comes first.",
        {"keratometry.1.r1_radius.R": "7.60", "keratometry.1.r2_radius.R": "7.85"},
        (),
        {},
    ),
    (
        "V-07",
        Level.REASON,
        "OS: K1 44.25 D is above K2 43.00 D; the flatter meridian comes first.",
        {"keratometry.1.r1_power.L": "44.25", "keratometry.1.r2_power.L": "43.00"},
        (),
        {},
    ),
    (
        "V-07",
        Level.REASON,
        "OD: Kmax 43.10 D is below K2 44.00 D.",
        {"topography_summary.1.kmax_d.R": "43.10", "topography_summary.1.k2.R": "44.00"},
        (),
        {},
    ),
    (
        "V-08",
        Level.REASON,
        "OD: 61 mmHg is above 60; confirm that it was read so.",
        {"iop.1.iop.R": "61", "iop.1.method.N": "goldmann"},
        (),
        {},
    ),
    (
        "V-09",
        Level.REASON,
        "OD: axial length 24.35 mm is 0.15 mm shorter than 24.50 mm on 22 May 2026; an eye hardly shrinks."
        " Technique, ortho-k and atropine can do it.",
        {"biometry.1.axial_length.R": "24.35"},
        (past({"biometry.1.axial_length.R": "24.50"}),),
        {},
    ),
    (
        "V-11",
        Level.REASON,
        "OD: 6/6 with the pinhole is better than 6/12 best corrected; the refraction may not be the best yet.",
        {"visual_acuity.1.distance_pinhole.R": "6/6", "visual_acuity.1.distance_best.R": "6/12"},
        (),
        {},
    ),
    (
        "V-14",
        Level.REASON,
        "Horizontal prism of both eyes together is 22 Δ, more than 20 Δ.",
        {"final.1.prism.R": "11 BI", "final.1.prism.L": "11 BI", "final.1.purpose.N": "distance"},
        (),
        {},
    ),
    (
        "V-13",
        Level.REASON,
        "Diagnosis: dated 1990, before the birth on 2000-01-01.",
        {"diagnosis.1.onset.N": "1990"},
        (),
        {"born": born(26)},
    ),
    (
        "R-aniso",
        Level.REASON,
        "The eyes differ by 2.50 D (spherical equivalents −1.000 and −3.500), more than 2.00 D.",
        eyes("manifest", "-1.00", "-3.50"),
        (),
        {},
    ),
    (
        "R-bvd",
        Level.REASON,
        "OD: −4.25 D in one meridian, and the vertex distance is blank.",
        eyes("manifest", "-3.50/-0.75x90"),
        (),
        {},
    ),
    (
        "R-sign",
        Level.REASON,
        "OD: spherical equivalent +1.000 D has the other sign than −1.000 D on 22 May 2026.",
        eyes("manifest", "+1.00"),
        (past(eyes("final", "-1.00")),),
        {},
    ),
    (
        "R-jump",
        Level.REASON,
        "OD: spherical equivalent −4.500 D, −1.000 D on 22 May 2026: −3.500 D apart.",
        {**eyes("manifest", "-4.50"), "manifest.1.vertex.N": "12"},
        (past(eyes("final", "-1.00")),),
        {},
    ),
    (
        "R-axis",
        Level.REASON,
        "OD: minus axis 040, 180 on 22 May 2026: turned by 40 degrees at −1.00 D of cylinder.",
        eyes("manifest", "-1.00/-1.00x40"),
        (past(eyes("manifest", "-1.00/-1.00x180")),),
        {},
    ),
    (
        "R-add-down",
        Level.REASON,
        "OD: add +1.50, but +2.00 on 22 May 2026; adds seldom fall.",
        {"final.1.add.R": "1.50", "final.1.purpose.N": "everyday"},
        (past({"final.1.add.R": "2.00"}),),
        {},
    ),
    (
        "R-swap",
        Level.REASON,
        "Right and left may be exchanged: 4.43 D away from 22 May 2026 as written, 0.00 D with the eyes exchanged.",
        eyes("manifest", "-3.00/-0.75x90", "-1.00/-0.50x180"),
        (LAST,),
        {},
    ),
    (
        "R-transposed",
        Level.REASON,
        "OD: −2.00/−1.50×170 is −2.00/+1.50×170 with the sign of the cylinder changed and nothing else.",
        eyes("manifest", "-2.00/-1.50x170"),
        (past(eyes("final", "-2.00/+1.50x170")),),
        {},
    ),
    (
        "P-recall",
        Level.REFUSE,
        "Say when to be seen again, or why no recall is needed.",
        {},
        (),
        {"layout": [("recall", False)]},
    ),
    ("required", Level.REFUSE, "Eye pressure: Method is missing.", {"iop.1.iop.R": "15"}, (), {}),
    (
        "unusual",
        Level.REASON,
        "Manifest refraction OD Sphere: 21.00 is unusually high; above 20 happens, but look again.",
        {**eyes("manifest", "+21.00"), "manifest.1.vertex.N": "12"},
        (),
        {},
    ),
    ("missing.manifest", Level.REFUSE, "Manifest refraction is missing.", {}, (), {"layout": [("manifest", True)]}),
]


@pytest.mark.parametrize(
    ("rule", "level", "words", "written", "pasts", "known"), CASES, ids=lambda case: str(case)[:30]
)
def test_a_check_says_why(rule, level, words, written, pasts, known):
    assert told(written, *pasts, **known)[rule] == (level, words)


NEIGHBOURS = [
    (eyes("manifest", "-1.00/-0.50x180", "-1.25/-0.50x5"), (), {}),
    (eyes("manifest", "-1.00/-0.50x180", "-2.75/-0.50x90"), (LAST,), {}),
    (
        {"final.1.add.R": "2.00", "final.1.purpose.N": "everyday"},
        (past({"final.1.add.R": "2.00"}),),
        {"born": born(60)},
    ),
    ({"pd.1.far_right.N": "31", "pd.1.far_left.N": "32", "pd.1.far.N": "62", "pd.1.near.N": "59"}, (), {}),
    ({"biometry.1.axial_length.R": "24.40"}, (past({"biometry.1.axial_length.R": "24.50"}),), {}),
    ({"visual_acuity.1.distance_pinhole.R": "6/6-1", "visual_acuity.1.distance_best.R": "6/6-2"}, (), {}),
    ({"iop.1.iop.R": "22", "iop.1.method.N": "goldmann"}, (), {}),
    ({"recall.1.interval.N": "12", "recall.1.unit.N": "months"}, (), {"layout": [("recall", False)]}),
    ({"recall.1.none_reason.N": "referred"}, (), {"layout": [("recall", False)]}),
    ({**eyes("manifest", "-4.00"), "manifest.1.vertex.N": "12"}, (), {}),
    (eyes("manifest", "-1.00/-0.50x40"), (past(eyes("manifest", "-1.00/-0.50x180")),), {}),
    (eyes("manifest", "-3.50/+1.50x80"), (past(eyes("manifest", "-2.00/-1.50x170")),), {}),
]


@pytest.mark.parametrize(("written", "pasts", "known"), NEIGHBOURS)
def test_a_check_is_silent_where_nothing_is_the_matter(written, pasts, known):
    assert ids(written, *pasts, **known) == []


def test_a_jump_within_half_a_year_offers_cycloplegia():
    recent = past(eyes("final", "-1.00"), at=TODAY - timedelta(days=150))
    found = told(eyes("manifest", "-2.25"), recent)
    assert found["V-20"] == (
        Level.REASON,
        "OD: spherical equivalent −2.250 D, −1.000 D on 25 Jun 2026: −1.250 D in 150 days. Consider cycloplegia.",
    )
    assert ids(eyes("manifest", "-2.00"), recent) == []  # 1.00 D is not more than 1.00 D
    assert ids(eyes("manifest", "-2.25"), past(eyes("final", "-1.00"))) == []  # 184 days before


def test_both_eyes_of_an_instrument_exactly_alike():
    same = eyes("autorefraction", "-1.25/-0.50x90", "-1.25/-0.50x90")
    words = "Both eyes read exactly −1.25/−0.50×090; one eye may have been measured twice."
    assert told(same, about=DEVICE)["V-12"] == (Level.REASON, words)
    assert "V-12" not in told(same)  # typed: somebody meant it
    assert "V-12" not in told(eyes("autorefraction", "-1.25", "-1.25"), about=DEVICE)


def test_an_axis_that_an_instrument_printed_beside_no_cylinder_is_nothing():
    assert ids(eyes("autorefraction", "-1.00/0.00x180"), about=DEVICE) == []


def test_eyes_that_always_differed_are_only_remarked():
    found = told(eyes("manifest", "-1.00", "-3.50"), past(eyes("final", "-1.00", "-3.25")))
    assert found["R-aniso"] == (Level.REMARK, "The eyes differ by 2.50 D, as before.")


def test_the_autorefraction_of_today_tells_of_exchanged_eyes_too():
    written = eyes("autorefraction", "-1.00", "-4.00") | eyes("manifest", "-3.75", "-1.00")
    assert told(written)["R-swap"][1] == (
        "Right and left may be exchanged: 5.75 D away from today's autorefraction as written,"
        " 0.25 D with the eyes exchanged."
    )


def test_near_glasses_are_not_held_against_the_distance():
    near = {**eyes("final", "+1.50", n=2), "final.2.purpose.N": "near"}
    assert ids(near, past({**eyes("final", "-1.00"), "final.1.purpose.N": "distance"})) == []


def test_the_vertex_distance_of_the_final_prescription_is_the_one_that_matters():
    written = eyes("manifest", "-5.00") | eyes("final", "-5.00") | {"final.1.purpose.N": "distance"}
    levels = [
        (one.level, str(one.places[0])) for one in checks.looked_at(context(), sheet(written)) if one.id == "R-bvd"
    ]
    assert levels == [(Level.REASON, "final.1.vertex.N"), (Level.REMARK, "manifest.1.vertex.N")]


def test_copies_nobody_confirmed_are_remarked_and_confirmed_ones_are_not():
    copied = {"origin": Origin.COPIED, "source": "1", "confirmed": False}
    words = "Present glasses: 2 copied and not yet confirmed; they do not count as found today."
    assert told(eyes("glasses", "-1.00", "-1.00"), about=copied)["copied"] == (Level.REMARK, words)
    assert "copied" not in told(eyes("glasses", "-1.00"), about={**copied, "confirmed": True})


def test_a_diagnosis_of_an_eye_says_which():
    found = told({"diagnosis.1.code.N": "icd10:H52.1"})
    assert found["D-eye"][0] is Level.REFUSE
    assert "D-eye" not in told({"diagnosis.1.code.N": "icd10:H52.1", "diagnosis.1.eye.N": "B"})


def test_a_recall_and_no_recall_is_one_too_many():
    both = {"recall.1.interval.N": "6", "recall.1.unit.N": "months", "recall.1.none_reason.N": "moved"}
    assert told(both)["P-recall"][1] == "A recall is planned and at the same time not needed: leave one out."


def test_what_was_measured_tomorrow_was_not():
    later = sheet({"iop.1.iop.R": "15", "iop.1.method.N": "goldmann"}, measured_at=TODAY + timedelta(minutes=6))
    found = [one for one in checks.looked_at(context(), later) if one.id == "V-13"]
    assert [one.text for one in found][:1] == ["Eye pressure: measured at 22 Nov 2026 09:06, which is still to come."]
    soon = sheet({"iop.1.iop.R": "15", "iop.1.method.N": "goldmann"}, measured_at=TODAY + timedelta(minutes=5))
    assert checks.looked_at(context(), soon) == []


def test_unable_is_no_missing_axis_and_no_missing_method():
    unable = Sheet({**sheet({"iop.1.method.N": "goldmann"}), **sheet({"iop.1.iop.R": ""}, quality=Quality.UNABLE)})
    assert checks.looked_at(context(), unable) == []


def test_the_weightiest_comes_first_and_each_has_its_key():
    found = checks.looked_at(context(), sheet(eyes("final", "-1.80/-0.50")))
    assert [(one.level, one.key) for one in found] == [
        (Level.REFUSE, "required@final.1.purpose.N"),
        (Level.REFUSE, "V-01@final.1.axis.R"),
        (Level.REASON, "V-02@final.1.sphere.R"),
    ]


SLIPS = [
    ("-2.00/-1.50x170", "-2.00/+1.50x170", "cylinder_sign"),
    ("-0.50/-1.50x170", "-2.00/+1.50x170", "axis"),
    ("-2.00/-1.50x80", "-2.00/+1.50x170", "sphere"),
    ("+2.00/-1.50x80", "-2.00/-1.50x80", "sphere_sign"),
    ("-0.50/-1.50x80", "-2.00/+1.50x170", None),  # transposed as it should be
    ("-2.00/+1.50x170", "-2.00/+1.50x170", None),
    ("-2.25/-1.50x170", "-2.00/+1.50x170", None),  # another refraction
    ("-2.00", "+2.00", None),  # R-sign says it
]


@pytest.mark.parametrize(("found", "reference", "slip"), SLIPS)
def test_a_missing_step_of_a_transposition(found, reference, slip):
    assert slipped(read(found), read(reference)) == slip


@pytest.mark.parametrize(("one", "other", "apart"), [(5, 175, 10), (180, 90, 90), (90, 90, 0), (170, 10, 20)])
def test_axes_turn_the_short_way(one, other, apart):
    assert turn(Decimal(one), Decimal(other)) == apart


def test_exchanged_eyes_in_numbers():
    """R −3.25, L −1.00 beside R −1.00, L −3.00: 2.25 + 2.00 as given, 0.25 + 0.00 exchanged."""
    found = powers.looks_exchanged(
        powers.Pair(read("-3.25"), read("-1.00")), powers.Pair(read("-1.00"), read("-3.00")), Decimal(1), Decimal("0.5")
    )
    assert found == powers.Turned(Decimal("4.25"), Decimal("0.25"))


def test_eyes_that_hardly_differ_are_not_called_exchanged():
    """0.50 D as given and nothing exchanged: too little to tell. 5.00 and 3.00 D: neither way fits."""
    alike = powers.Pair(read("-1.25"), read("-1.00"))
    assert powers.looks_exchanged(alike, alike.turned, Decimal(1), Decimal("0.5")) is None
    far = powers.Pair(read("-5.00"), read("-2.00"))
    assert powers.looks_exchanged(far, powers.Pair(read("-2.00"), read("-4.00")), Decimal(1), Decimal("0.15")) is None


def test_a_date_may_be_a_month_or_a_year():
    assert [tuple(map(str, _span(text))) for text in ("2020", "2020-12", "2020-02-29")] == [
        ("2020-01-01", "2020-12-31"),
        ("2020-12-01", "2020-12-31"),
        ("2020-02-29", "2020-02-29"),
    ]


def test_every_row_of_the_tables_says_its_version_source_and_both_languages():
    every = [row for name in ("checks", "warnings") for row in rows(name).values()]
    assert all(row.version and row.source and all(w.en and w.zh for w in row.words.values()) for row in every)
    assert (tables.version("checks"), tables.version("warnings")) == ("checks/1", "warnings/1")
