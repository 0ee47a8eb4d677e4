"""Beside the last visit: how far a value moved in its own sense, and whether that is beyond repeatability."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from cloud.clinic import checks, compare, drafting, history, places, queries, signing
from cloud.clinic.catalogue.shapes import Place as Step
from cloud.clinic.catalogue.shapes import Template, Words
from cloud.clinic.drafting import Change
from cloud.clinic.errors import NoSuchEncounter
from cloud.clinic.history import History
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from tests.cloud.clinic.sheets_here import EARLIER, eyes, past, sheet

PLAIN = Template("plain", 1, Words("Plain", "简单"), (Step("manifest"), Step("iop")))


def moved(written, *pasts):
    """Places with the delta, whether it is beyond, and the words."""
    found = compare.differences(History(pasts), sheet(written))
    return {str(place): (one.delta, one.beyond, one.words) for place, one in found.items()}


def test_a_refraction_moves_as_a_power_vector():
    """−2.00/−1.50×10 to −2.25/−1.00×20: every field moved, M did not, the cylinders lie 0.33 D apart."""
    found = moved(eyes("manifest", "-2.25/-1.00x20"), past(eyes("manifest", "-2.00/-1.50x10")))
    assert found == {
        "manifest.1.sphere.R": (Decimal("-0.25"), False, "−0.25 D since 22 May 2026"),
        "manifest.1.cylinder.R": (Decimal("0.50"), False, "+0.50 D since 22 May 2026"),
        "manifest.1.axis.R": (Decimal(10), False, "turned by 10, worth 0.33 D, since 22 May 2026"),
    }


SPHERES = [("-1.00", "-0.50 D", "-1.50", True), ("-1.00", "-0.25 D", "-1.25", False), ("-1.00", "0", "-1.00", False)]


@pytest.mark.parametrize(("old", "_change", "new", "beyond"), SPHERES)
def test_half_a_dioptre_is_marked(old, _change, new, beyond):
    assert moved(eyes("final", new), past(eyes("final", old)))["final.1.sphere.R"][1] is beyond


def test_an_axis_weighs_as_much_as_its_cylinder():
    """30 degrees of 0.50 D are worth 0.25 D; of 2.00 D they are worth 1.00 D (C·sin of the angle)."""
    faint = moved(eyes("manifest", "-1.00/-0.50x30"), past(eyes("manifest", "-1.00/-0.50x180")))
    strong = moved(eyes("manifest", "-1.00/-2.00x30"), past(eyes("manifest", "-1.00/-2.00x180")))
    assert faint["manifest.1.axis.R"] == (Decimal(30), False, "turned by 30, worth 0.25 D, since 22 May 2026")
    assert strong["manifest.1.axis.R"] == (Decimal(30), True, "turned by 30, worth 1.00 D, since 22 May 2026")


def test_the_same_lens_written_the_other_way_round_has_not_moved():
    found = moved(eyes("manifest", "-0.50/-1.50x80"), past(eyes("manifest", "-2.00/+1.50x170")))
    assert [(delta, beyond) for delta, beyond, _words in found.values()] == [(0, False)] * 3
    assert found["manifest.1.sphere.R"][2] == "unchanged since 22 May 2026"


ACUITIES = [
    ("6/9", "6/6", Decimal("-0.18"), True, "0.18 logMAR better since 22 May 2026"),
    ("5.0", "4.9", Decimal("0.1"), True, "0.10 logMAR worse since 22 May 2026"),
    ("0.10 logMAR", "0.14 logMAR", Decimal("0.04"), False, "0.04 logMAR worse since 22 May 2026"),
    ("6/6", "20/20", Decimal(0), False, "unchanged since 22 May 2026"),
    ("CF 1 m", "HM", None, True, "CF 1 m on 22 May 2026"),
    ("6/60", "CF 1 m", None, True, "6/60 on 22 May 2026"),
]


@pytest.mark.parametrize(("old", "new", "delta", "beyond", "words"), ACUITIES)
def test_acuities_move_in_logmar_and_below_the_chart_in_rank(old, new, delta, beyond, words):
    place = "visual_acuity.1.distance_best.R"
    found = moved({place: new}, past({place: old}))[place]
    assert (None if delta is None else round(found[0], 2), *found[1:]) == (delta, beyond, words)


def pressures(method, *values):
    pairs = enumerate(values, 1)
    return {k: v for n, iop in pairs for k, v in ((f"iop.{n}.iop.R", iop), (f"iop.{n}.method.N", method))}


def test_pressures_are_compared_within_one_method_against_the_median():
    before = past(pressures("non_contact", "15", "19", "16"))
    assert moved(pressures("non_contact", "19"), before)["iop.1.iop.R"] == (3, True, "+3 mmHg since 22 May 2026")
    assert moved(pressures("goldmann", "19"), before) == {}


def test_the_newest_visit_of_the_same_method_counts():
    older = past(pressures("goldmann", "14"), at=EARLIER - timedelta(days=365), number=1)
    newer = past(pressures("non_contact", "20"), number=2)
    assert moved(pressures("goldmann", "15"), newer, older)["iop.1.iop.R"][2] == "+1 mmHg since 22 May 2025"


def test_dry_and_cycloplegic_autorefractions_are_not_one_line():
    dry = past(eyes("autorefraction", "-1.00") | {"autorefraction.1.cycloplegic.N": "no"})
    wet = eyes("autorefraction", "+0.50") | {"autorefraction.1.cycloplegic.N": "yes"}
    assert moved(wet, dry) == {}
    assert moved(eyes("autorefraction", "-1.00"), dry)["autorefraction.1.sphere.R"][0] == 0  # not told is dry


def test_uses_at_one_distance_are_compared_and_others_are_not():
    def final(use, sphere):
        return eyes("final", sphere) | {"final.1.purpose.N": use}

    assert moved(final("everyday", "-1.50"), past(final("distance", "-1.00")))["final.1.sphere.R"][0] == Decimal(
        "-0.50"
    )
    assert moved(final("near", "+1.50"), past(final("distance", "-1.00"))) == {}


PLAIN_FIGURES = [
    ("biometry.1.axial_length.R", "24.50", "24.55", Decimal("0.05"), True, "+0.05 mm since 22 May 2026"),
    ("biometry.1.axial_length.R", "24.50", "24.54", Decimal("0.04"), False, "+0.04 mm since 22 May 2026"),
    ("pachymetry.1.cct.L", "540", "545", Decimal(5), False, "+5 µm since 22 May 2026"),
    ("phoria.1.near_horizontal.N", "-2", "-8", Decimal(-6), True, "−6 Δ since 22 May 2026"),
    ("keratometry.1.r1_radius.R", "7.85", "7.80", Decimal("-0.05"), True, "−0.05 mm since 22 May 2026"),
]


@pytest.mark.parametrize(("place", "old", "new", "delta", "beyond", "words"), PLAIN_FIGURES)
def test_plain_figures(place, old, new, delta, beyond, words):
    assert moved({place: new}, past({place: old}))[place] == (delta, beyond, words)


def test_words_and_what_was_not_measured_have_no_difference():
    written = {"iop.1.note.N": "calm", "manifest.1.va.R": "6/6", "manifest.1.sphere.L": "-1.00"}
    assert moved(written, past({"iop.1.note.N": "busy", "manifest.1.sphere.R": "-1.00"})) == {}


# --- with a database ---


def seen(work, world, patient=None, **values):
    """A signed visit."""
    visit = drafting.begin(
        work, patient_id=patient or world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id
    )
    changes = [Change(places.read(place.replace("__", ".")), entered) for place, entered in values.items()]
    drafting.save(work, encounter_id=visit.id, changes=changes, by=world.alice.id)
    signing.sign(work, encounter_id=visit.id, by=world.alice.id)
    return visit.id


def open_visit(work, world):
    return drafting.begin(work, patient_id=world.grace, template=PLAIN, store_id=world.pier.id, by=world.alice.id)


@pytest.fixture
def work(engine, world):
    with unit_of_work(engine, world.one) as session:
        yield session


@pytest.fixture
def asked(work):
    """Questions put to the database."""
    said = []
    connection = work.connection()
    event.listen(connection, "before_cursor_execute", lambda *about: said.append(about[2]))
    return said


def test_the_history_is_the_last_three_signed_visits_of_each_element(work, world):
    for power in ("-1.00", "-1.25", "-1.50", "-1.75"):
        seen(work, world, manifest__1__sphere__R=power)
    seen(work, world, iop__1__iop__R="15", iop__1__method__N="goldmann")
    draft = open_visit(work, world)
    known = history.read(work, [world.grace], draft.began_at)

    spheres = [past.sheet.said("manifest", 1, "sphere", "R") for past in known.with_element("manifest")]
    assert spheres == ["-1.75", "-1.50", "-1.25"]
    assert known.last("iop").sheet.said("iop", 1, "iop", "R") == "15"
    assert history.read(work, [world.per], draft.began_at).visits == ()


def test_checks_and_differences_together_ask_two_questions(work, world, asked):
    seen(work, world, manifest__1__sphere__R="-1.00")
    draft = open_visit(work, world)
    typed = sheet(eyes("manifest", "-2.25"))
    work.flush()
    asked.clear()
    work.expire_all()
    work.refresh(draft)
    known = checks.Context.of(work, draft)
    before = len(asked)
    found = checks.findings(work, draft, typed, known)
    differences = compare.against_last(work, draft, typed, known)

    assert [one.id for one in found] == ["V-20"]
    assert [one.delta for one in differences.values()] == [Decimal("-1.25")]
    assert (before, len(asked)) == (2, 3)  # the visit itself; the person; the history once


def test_what_was_retracted_is_nothing_to_compare_with(work, world):
    gone = seen(work, world, manifest__1__sphere__R="-3.00")
    signing.retract(
        work, encounter_id=gone, by=world.alice.id, second=world.bob.id, why=signing.Why("other", "Not hers.")
    )
    draft = open_visit(work, world)
    assert compare.against_last(work, draft, sheet(eyes("manifest", "-1.00"))) == {}


def test_visits_of_an_absorbed_record_count(work, world):
    seen(work, world, patient=world.per, manifest__1__sphere__R="-1.00")
    people.merge(work, world.grace, world.per, take=(), reason="The same person.", by=world.alice.id)
    found = compare.against_last(work, open_visit(work, world), sheet(eyes("manifest", "-1.50")))
    assert [one.delta for one in found.values()] == [Decimal("-0.50")]


def test_two_visits_side_by_side_in_the_order_of_time(work, world):
    first = seen(work, world, manifest__1__sphere__R="-1.00")
    second = seen(work, world, manifest__1__sphere__R="-1.75")
    found = compare.side_by_side(work, [world.grace], [second, first])
    assert (found.earlier.encounter_id, found.later.encounter_id) == (first, second)
    assert [(one.delta, one.beyond) for one in found.differences.values()] == [(Decimal("-0.75"), True)]


def test_somebody_elses_visit_is_not_set_beside(work, world):
    mine, theirs = (
        seen(work, world, manifest__1__sphere__R="-1.00"),
        seen(work, world, world.per, manifest__1__sphere__R="0"),
    )
    with pytest.raises(NoSuchEncounter):
        compare.side_by_side(work, [world.grace], [mine, theirs])
    with pytest.raises(NoSuchEncounter):
        compare.side_by_side(work, [world.grace], [mine, mine])
    assert queries.visit(work, mine).state == "signed"
