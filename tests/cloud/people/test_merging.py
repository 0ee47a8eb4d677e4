"""Two records become one, and two again exactly."""

from datetime import date

import pytest
from sqlalchemy import select

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.people import queries, services
from cloud.people.errors import NoSuchEntry, NoSuchPatient, NotMergeable, NotUndoable
from cloud.people.models import Change, Contact, Patient

COUNTED = ("version",)  # a form opened before either deed must be refused afterwards


def row(session, patient_id):
    found = session.execute(select(Patient.__table__).where(Patient.id == patient_id)).mappings().one()
    return {name: value for name, value in found.items() if name not in COUNTED}


@pytest.fixture
def twice(engine, world):
    """Grace, and Grace once more with what the first record lacks."""
    with unit_of_work(engine, world.one) as session:
        more = {
            "birth_date": date(1958, 3, 14),
            "occupation": "Pilot",
            "roles": ["payer"],
            "allergy_state": "none_known",
        }
        double = services.register(
            session, record_number="R-9", family_name="Okafor", given_name="Grace", phone="+44 7700 900123", **more
        )
        services.add_contact(session, world.grace, kind="email", value="grace@example.test", by=None)
    return double.id


def merged(engine, world, double, take=("birth_date", "occupation")):
    with unit_of_work(engine, world.one) as session:
        return services.merge(session, world.grace, double, take=take, reason="same passport", by=world.olivia.id)


def test_a_merge_moves_nothing_and_both_ids_and_numbers_lead_to_the_open_record(engine, world, twice):
    merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, world.grace) == queries.ids_of(session, twice) == (world.grace, twice)
        assert queries.patient(session, twice).id == world.grace
        assert queries.numbered(session, "R-9").id == queries.numbered(session, "R-1").id == world.grace
        assert queries.record(session, twice).status == "merged"
        assert session.scalars(select(Contact.patient_id).where(Contact.kind == "phone")).one() == twice
        assert [one.value for one in queries.contacts(session, world.grace)] == [
            "+44 7700 900123",
            "grace@example.test",
        ]


def test_the_open_record_gets_what_was_chosen_and_nothing_else(engine, world, twice):
    merged(engine, world, twice, take=["birth_date"])
    with unit_of_work(engine, world.one) as session:
        grace = queries.patient(session, world.grace)
        assert (grace.birth_date, grace.occupation) == (date(1958, 3, 14), None)
        assert (grace.roles, grace.allergy_state) == (["patient", "payer"], "none_known")


def test_undoing_restores_both_rows_exactly(engine, world, twice):
    with unit_of_work(engine, world.one) as session:
        before = row(session, world.grace), row(session, twice)
    made = merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        assert (row(session, world.grace), row(session, twice)) != before
        services.unmerge(session, made.id, reason="two sisters", by=world.olivia.id)
    with unit_of_work(engine, world.one) as session:
        assert (row(session, world.grace), row(session, twice)) == before
        assert queries.ids_of(session, twice) == (twice,)
        assert queries.numbered(session, "R-9").id == twice
        deeds = select(Entry.verb).where(Entry.verb.like("%merged"), Entry.staff_id == world.olivia.id)
        assert session.scalars(deeds.order_by(Entry.id)).all() == ["merged", "unmerged"]


def test_what_was_written_elsewhere_in_between_stays(engine, world, twice):
    made = merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        version = queries.patient(session, world.grace).version
        services.edit(session, world.grace, {"gender": "woman"}, opened=version, by=None)
        services.unmerge(session, made.id, reason="two people", by=None)
        assert queries.patient(session, world.grace).gender == "woman"


def test_an_undo_that_would_overwrite_is_refused_and_says_what(engine, world, twice):
    made = merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        version = queries.patient(session, world.grace).version
        services.edit(session, world.grace, {"occupation": "Captain"}, opened=version, by=None)
    with unit_of_work(engine, world.one) as session:
        before = row(session, world.grace), row(session, twice)
    with pytest.raises(NotUndoable) as refusal, unit_of_work(engine, world.one) as session:
        services.unmerge(session, made.id, reason="two people", by=None)
    assert refusal.value.fields == ("occupation",)
    with unit_of_work(engine, world.one) as session:
        assert (row(session, world.grace), row(session, twice)) == before


def test_a_merge_is_undone_once(engine, world, twice):
    made = merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        services.unmerge(session, made.id, reason="two people", by=None)
    with pytest.raises(NotUndoable), unit_of_work(engine, world.one) as session:
        services.unmerge(session, made.id, reason="again", by=None)
    with unit_of_work(engine, world.one) as session:
        assert len(session.scalars(select(Change).where(Change.why == "again")).all()) == 0


def test_a_record_merged_on_takes_its_own_along_and_undoing_goes_back_step_by_step(engine, world, twice):
    first = merged(engine, world, twice)
    with unit_of_work(engine, world.one) as session:
        second = services.merge(session, world.per, world.grace, take=(), reason="?", by=None)
        assert queries.ids_of(session, twice) == (world.per, world.grace, twice)
    with pytest.raises(NotUndoable) as refusal, unit_of_work(engine, world.one) as session:
        services.unmerge(session, first.id, reason="?", by=None)
    assert refusal.value.fields == ("merged_into",)
    with unit_of_work(engine, world.one) as session:
        services.unmerge(session, second.id, reason="?", by=None)
        assert queries.ids_of(session, twice) == (world.grace, twice)
        services.unmerge(session, first.id, reason="?", by=None)
        assert queries.ids_of(session, twice) == (twice,)


@pytest.mark.parametrize("who", [("grace", "grace"), ("grace", "twice"), ("twice", "grace")])
def test_one_record_and_an_absorbed_one_are_not_merged(engine, world, twice, who):
    merged(engine, world, twice)
    ids = {"grace": world.grace, "twice": twice}
    with pytest.raises(NotMergeable), unit_of_work(engine, world.one) as session:
        services.merge(session, ids[who[0]], ids[who[1]], take=(), reason="?", by=None)
    with unit_of_work(engine, world.one) as session:
        assert queries.ids_of(session, world.grace) == (world.grace, twice)


def test_nobody_is_merged_with_another_chains(engine, world, twice):
    with pytest.raises(NoSuchPatient), unit_of_work(engine, world.two) as session:
        services.merge(session, world.mary, twice, take=(), reason="?", by=world.charlie.id)
    made = merged(engine, world, twice)
    with pytest.raises(NoSuchEntry), unit_of_work(engine, world.two) as session:
        services.unmerge(session, made.id, reason="?", by=world.charlie.id)
    with unit_of_work(engine, world.one) as session:
        assert queries.patient(session, twice).id == world.grace
