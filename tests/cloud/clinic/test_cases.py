"""Cases: what was drawn becomes findings, and signed records are found by finding, figure and diagnosis."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from cloud.clinic import cases, drafting, places, queries, signing
from cloud.clinic.cases import Asked, Bound, figures
from cloud.clinic.choices import Side
from cloud.clinic.drafting import Change
from cloud.clinic.errors import Unsignable
from cloud.clinic.models import DrawnFinding
from cloud.kernel.database import unit_of_work
from tests.cloud.clinic import history_here as history

SPRING, AUTUMN = datetime(2025, 4, 2, 9, 0, tzinfo=UTC), datetime(2025, 10, 7, 9, 0, tzinfo=UTC)
FLAME_AT_FOUR = {"code": "flame_haemorrhage", "x": 0.35, "y": -0.2, "size": 0.08}
FLAME_AT_EIGHT = {**FLAME_AT_FOUR, "x": -0.35}
CUP = {"code": "cup", "x": 0, "y": 0, "size": 0.5}


def drawing(eye, *doodles, canvas="fundus"):
    return json.dumps({"version": 1, "canvas": canvas, "eye": eye, "doodles": list(doodles)})


GRACE = {
    **history.RECALL,
    "fundus_drawing.1.drawing.R": drawing("R", FLAME_AT_FOUR),
    "fundus_drawing.1.drawing.L": drawing("L", {"code": "dot_haemorrhage", "x": 0, "y": 0.5, "size": 0.03, "count": 7}),
    **{"iop.1.iop.R": "26", "iop.1.iop.L": "18", "iop.1.method.N": "goldmann"},
    **{"manifest.1.sphere.R": "-5.50", "manifest.1.cylinder.R": "-1.00", "manifest.1.axis.R": "180"},
    **{"diagnosis.1.code.N": "icd10:H40.1", "diagnosis.1.eye.N": "R", "diagnosis.1.status.N": "confirmed"},
}
PER = {
    **history.RECALL,
    "fundus_drawing.1.drawing.R": drawing("R", FLAME_AT_EIGHT),
    **{"iop.1.iop.R": "24", "iop.1.method.N": "goldmann"},
    **{"manifest.1.sphere.R": "-5.75", "biometry.1.axial_length.L": "26.31"},
    **{"diagnosis.1.code.N": "icd10:H52.1", "diagnosis.1.eye.N": "B", "diagnosis.1.status.N": "confirmed"},
}


def signed(session, world, patient, when, values):
    about = {"patient_id": patient, "store_id": world.pier.id, "by": world.alice.id, "when": when}
    return history.visit(session, **about, values=values)[0]


@pytest.fixture
def work(engine, world):
    """Grace was seen in spring and Per in autumn; and Charlie's chain has a flame and a pressure of its own."""
    with unit_of_work(engine, world.two) as session:
        about = {"patient_id": world.mary, "store_id": world.mill.id, "by": world.charlie.id, "when": SPRING}
        history.visit(session, **about, values=GRACE)
    with unit_of_work(engine, world.one) as session:
        signed(session, world, world.grace, SPRING, GRACE)
        signed(session, world, world.per, AUTUMN, PER)
        yield session


def found(session, **asked):
    return [(one.patient_id, one.side.value) for one in cases.page(session, Asked(**asked))]


def bound(code, compare, limit):
    return Bound(figures()[code], compare, Decimal(limit))


def test_a_doodle_becomes_a_finding_when_it_is_signed(work, world):
    rows = work.scalars(select(DrawnFinding).where(DrawnFinding.patient_id == world.grace)).all()
    told = {(one.side, one.canvas, one.code, one.clock_hour, one.zone, one.quadrant, one.count) for one in rows}
    assert told == {
        ("R", "fundus", "flame_haemorrhage", 4, "posterior_pole", "inferonasal", None),
        ("L", "fundus", "dot_haemorrhage", 12, "posterior_pole", "superotemporal", 7),
    }
    flame = next(one for one in rows if one.code == "flame_haemorrhage")
    assert (flame.element, flame.unit, flame.size, flame.found_at) == ("fundus_drawing", "DD", Decimal("1.0"), SPRING)


def test_a_drawing_of_the_other_eye_is_refused(work, world):
    visit = history.open_draft(work, patient_id=world.grace, store_id=world.pier.id, by=world.alice.id)
    place = places.read("fundus_drawing.1.drawing.L")
    change = [Change(place, drawing("R", FLAME_AT_FOUR))]
    drafting.save(work, encounter_id=visit.id, changes=change, by=world.alice.id)
    held = queries.drafted(work, queries.draft(work, visit.id).id)[place]

    assert (held.value, held.problem) == (None, "This is a drawing of the other eye.")
    with pytest.raises(Unsignable):
        signing.sign(work, encounter_id=visit.id, by=world.alice.id)


def test_a_finding_joins_a_version_only_while_it_is_signed(engine, world):
    with unit_of_work(engine, world.one) as session:
        signed(session, world, world.grace, SPRING, GRACE)
    later = (
        "INSERT INTO clinic_finding (tenant_id, version_id, encounter_id, patient_id, element, n, side, canvas, code,"
        " found_at) SELECT tenant_id, version_id, encounter_id, patient_id, element, n, side, canvas, 'later', found_at"
        " FROM clinic_finding"
    )
    with pytest.raises(Exception, match="takes nothing more"), unit_of_work(engine, world.one) as session:
        session.execute(text(later))
    with unit_of_work(engine, world.one) as session:
        assert "later" not in session.scalars(select(DrawnFinding.code)).all()


def test_cases_are_found_by_what_was_drawn_where(work, world):
    flame = {"sign": "flame_haemorrhage"}
    assert found(work, **flame) == [(world.per, "R"), (world.grace, "R")]
    assert found(work, **flame, hours=(4, 4)) == [(world.grace, "R")]
    assert found(work, **flame, hours=(7, 9), eye=Side.RIGHT) == [(world.per, "R")]
    assert found(work, **flame, hours=(10, 2)) == []
    assert found(work, **flame, eye=Side.LEFT) == []


def test_hours_go_over_twelve():
    assert cases.hours(10, 2) == [10, 11, 12, 1, 2]
    assert cases.hours(4, 4) == [4]
    assert cases.hours(12, 1) == [12, 1]


def test_cases_are_found_by_a_figure(work, world):
    assert found(work, bound=bound("iop", "least", "24")) == [(world.per, "R"), (world.grace, "R")]
    assert found(work, bound=bound("iop", "least", "24.1")) == [(world.grace, "R")]
    assert found(work, bound=bound("iop", "most", "18")) == [(world.grace, "L")]
    assert found(work, bound=bound("axial_length", "least", "26")) == [(world.per, "L")]


def test_the_spherical_equivalent_is_sphere_and_half_the_cylinder(work, world):
    (case,) = cases.page(work, Asked(bound=bound("se_manifest", "most", "-6")))
    assert (case.patient_id, case.figure) == (world.grace, Decimal("-6.00"))
    assert found(work, bound=bound("se_manifest", "most", "-5.75")) == [(world.per, "R"), (world.grace, "R")]


def test_cases_are_found_by_diagnosis(work, world):
    found_ = cases.page(work, Asked(diagnoses=("icd10:H40.1", "icd10:H40.2")))
    assert [(one.patient_id, one.code) for one in found_] == [(world.grace, "icd10:H40.1")]
    beside = cases.beside(work, found_)
    assert beside[found_[0].version_id, 1] == {"code": "icd10:H40.1", "eye": "R", "status": "confirmed"}


def test_everything_that_is_asked_for_stands_in_one_examination(work, world):
    both = {"bound": bound("iop", "least", "24"), "diagnoses": ("icd10:H40.1",)}
    assert found(work, **both) == [(world.grace, "R")]
    assert found(work, **both, sign="flame_haemorrhage") == [(world.grace, "R")]
    assert found(work, **both, sign="flame_haemorrhage", hours=(8, 8)) == []


def test_only_the_span_counts(work, world):
    flame = {"sign": "flame_haemorrhage"}
    assert found(work, **flame, since=AUTUMN) == [(world.per, "R")]
    assert found(work, **flame, until=AUTUMN) == [(world.grace, "R")]
    assert found(work, **flame, since=SPRING + timedelta(days=1), until=AUTUMN) == []


def test_nothing_asked_finds_nothing(work):
    assert cases.page(work, Asked(since=SPRING)) == []
    assert cases.count(work, Asked()) == 0


def test_pages_follow_each_other_without_a_gap(work, world):
    asked = {"bound": bound("iop", "least", "0"), "limit": 1}
    seen, after = [], None
    for _page in range(4):
        one = cases.page(work, Asked(**asked, after=after))
        seen += [(case.patient_id, case.figure) for case in one]
        after = (one[-1].at, one[-1].id) if one else after
    assert seen[0] == (world.per, 24)
    assert sorted(seen[1:]) == [(world.grace, 18), (world.grace, 26)]
    assert cases.count(work, Asked(**asked)) == 3


def test_only_the_newest_version_counts_and_no_retracted_one(work, world):
    (visit,) = (one.encounter_id for one in cases.page(work, Asked(diagnoses=("icd10:H40.1",))))
    drafting.amend(work, encounter_id=visit, by=world.bob.id)
    change = [Change(places.read("iop.1.iop.R"), "16"), Change(places.read("fundus_drawing.1.drawing.R"), "")]
    drafting.save(work, encounter_id=visit, changes=change, by=world.bob.id)
    history.sign(work, visit, world.bob.id, signing.Why("typing", "Read off the wrong line."))
    assert found(work, bound=bound("iop", "least", "24")) == [(world.per, "R")]
    assert found(work, sign="flame_haemorrhage") == [(world.per, "R")]
    assert found(work, diagnoses=("icd10:H40.1",)) == [(world.grace, "N")]

    why = signing.Why("other", "Another patient's record.")
    signing.retract(work, encounter_id=visit, by=world.alice.id, second=world.bob.id, why=why)
    assert found(work, diagnoses=("icd10:H40.1",)) == []


QUESTIONS = {
    "ix_clinic_finding_code": Asked(sign="flame_haemorrhage", hours=(3, 5)),
    "ix_clinic_observation_diagnosis": Asked(diagnoses=("icd10:H40.1",)),
    "ix_clinic_figure_code": Asked(bound=Bound(figures()["iop"], "least", Decimal(24))),
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_every_question_walks_along_its_index(work, index):
    """In a table this small reading all of it would be cheaper, and is forbidden here."""
    query = cases.walk(QUESTIONS[index])
    written = str(query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    for off in ("seqscan", "bitmapscan", "sort"):
        work.execute(text(f"SET LOCAL enable_{off} = off"))
    plan = "\n".join(work.scalars(text("EXPLAIN " + written.replace(":", "\\:"))))
    assert (f"Backward using {index}" in plan, "Sort" in plan) == (True, False)


def test_a_figure_is_held_against_its_limit_within_the_index(work):
    query = cases.walk(QUESTIONS["ix_clinic_figure_code"])
    written = str(query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    work.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(work.scalars(text("EXPLAIN " + written.replace(":", "\\:"))))
    assert [line for line in plan.splitlines() if "Index Cond" in line and "thousandths >= 24000" in line] != []
