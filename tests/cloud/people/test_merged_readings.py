"""Readings of an absorbed record: still where they were, read in the open one's chart, decided on there."""

from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.readings import intake
from cloud.readings import queries as readings
from tests.cloud.readings.parcels_here import Outbox


def merged(session, world):
    return people.merge(session, world.grace, world.per, take=(), reason="one", by=world.olivia.id)


def test_they_are_read_and_decided_on_in_the_open_chart_and_go_back_with_the_undo(engine, world, sign_in):
    outbox = Outbox(world.pier)
    before = outbox.reading("R-2")
    with unit_of_work(engine, world.one) as session:
        intake.take(session, world.one, [outbox.parcel(before)])
        merge = merged(session, world)
        assert [one.id for one in readings.of_patient(session, world.grace)] == [before.id]
        assert readings.one(session, before.id).patient_id == world.per
    decided = sign_in(world.alice).post(f"/readings/{before.id}/decide?patient_id={world.grace}&verdict=accepted")
    assert decided.status_code == 303
    with unit_of_work(engine, world.one) as session:
        people.unmerge(session, merge.id, reason="two people", by=None)
        assert readings.of_patient(session, world.grace) == []
        assert [(one.id, one.state) for one in readings.of_patient(session, world.per)] == [(before.id, "accepted")]


def test_an_absorbed_number_scanned_later_files_to_the_open_record(engine, world):
    outbox = Outbox(world.pier)
    later = outbox.reading("R-2")
    with unit_of_work(engine, world.one) as session:
        merged(session, world)
        intake.take(session, world.one, [outbox.parcel(later)])
        assert readings.one(session, later.id).patient_id == world.grace
