"""Results come home by the numbers of their order, never by a name; whatever speaks against it lands in the tray."""

import pytest
from sqlalchemy import select, update

from cloud.kernel.database import unit_of_work
from cloud.people.models import Patient
from cloud.readings import intake, queries, services
from cloud.readings.models import Filing
from cloud.worklist import queries as worklist
from cloud.worklist import services as orders
from tests.cloud.readings.parcels_here import Outbox
from tests.cloud.worklist.ordering_here import wanted

UID = "1.2.276.0.75.2.2.42.1"  # one that a device made up


@pytest.fixture
def outbox(world):
    return Outbox(world.pier)


@pytest.fixture
def order(engine, world):
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Patient).where(Patient.id == world.grace).values(birth_date="1984-03-27"))
        return wanted(session, world.alice, world.grace)


def named(order, **more):
    return {"accession": order.accession, "study_uid": order.study_uid, **more}


def home(engine, world, outbox, line):
    """Whose the reading became, how, and why not; and how far the order of Grace is."""
    with unit_of_work(engine, outbox.place.sender.tenant_id) as session:
        intake.take(session, outbox.place.sender.tenant_id, [outbox.parcel(line)])
    with unit_of_work(engine, outbox.place.sender.tenant_id) as session:
        found = session.execute(
            select(Filing.patient_id, Filing.how, Filing.why).where(Filing.reading_id == line.id)
        ).all()
        return [tuple(row) for row in found]


def state(engine, world, order):
    with unit_of_work(engine, world.one) as session:
        return worklist.order(session, order.id).state


def test_by_both_numbers_and_the_order_is_done(engine, world, outbox, order):
    line = outbox.reading("R-1", order=named(order))
    assert home(engine, world, outbox, line) == [(world.grace, "order", None)]
    assert state(engine, world, order) == "done"
    with unit_of_work(engine, world.one) as session:
        assert worklist.history(session, order.id)[-1].reading_id == line.id


def test_by_either_number_alone(engine, world, outbox, order):
    by_accession = outbox.reading(order={"accession": order.accession, "study_uid": UID})
    by_study = outbox.reading(order={"study_uid": order.study_uid})
    assert home(engine, world, outbox, by_accession) == [(world.grace, "order", None)]
    assert home(engine, world, outbox, by_study) == [(world.grace, "order", None)]


def test_twice_the_same_is_one_filing(engine, world, outbox, order):
    line = outbox.reading(order=named(order))
    home(engine, world, outbox, line)
    assert home(engine, world, outbox, line) == [(world.grace, "order", None)]
    with unit_of_work(engine, world.one) as session:
        assert [one.deed for one in worklist.history(session, order.id)] == ["ordered", "done"]


def test_a_number_nobody_gave_out_lands_in_the_tray_even_with_a_record_number(engine, world, outbox, order):
    line = outbox.reading("R-1", order={"accession": "9999", "study_uid": UID})
    assert home(engine, world, outbox, line) == [(None, "order", "order_not_known")]
    with unit_of_work(engine, world.one) as session:
        assert queries.tray_count(session, world.pier.id) == 1
        assert "Order not known" in queries.one(session, line.id).doubts[0].text
    assert state(engine, world, order) == "wanted"


@pytest.mark.parametrize(
    ("patient_ref", "why"),
    [
        ({"id": "R-2"}, "order_contradicts_record_number"),
        ({"id": "R-404"}, "order_contradicts_record_number"),
        ({"id": "R-1", "birth_date": "1984-03-28"}, "order_contradicts_birth_date"),
        ({"id": "R-1", "birth_date": "19840328"}, "order_contradicts_birth_date"),
        ({"id": "R-1", "birth_date": "1984-03-27"}, None),
        ({"birth_date": "19840327"}, None),
        ({"id": "R-1", "birth_date": "in spring"}, None),
        ({"name": "Somebody^Else"}, None),
    ],
)
def test_what_the_instrument_says_of_the_patient_may_not_contradict(engine, world, outbox, order, patient_ref, why):
    line = outbox.reading(order=named(order), patient_ref=patient_ref)
    assert home(engine, world, outbox, line) == [(None if why else world.grace, "order", why)]
    assert state(engine, world, order) == ("wanted" if why else "done")


def test_two_numbers_of_different_orders_are_no_answer(engine, world, outbox, order):
    with unit_of_work(engine, world.one) as session:
        other = wanted(session, world.alice, world.per)
    line = outbox.reading(order=named(order, accession=other.accession))
    assert home(engine, world, outbox, line) == [(None, "order", "order_contradicts_itself")]
    assert (state(engine, world, order), state(engine, world, other)) == ("wanted", "wanted")


def test_an_order_wins_over_an_empty_chair_and_a_contradiction_goes_to_the_tray(engine, world, outbox, order):
    with unit_of_work(engine, world.one) as session:
        services.seat(session, store_id=world.pier.id, lane="Lane 1", patient_id=world.per, by=world.alice.id)
    contradicted = Outbox(world.pier)
    line = contradicted.reading("R-1", order=named(order))
    assert home(engine, world, contradicted, line) == [(None, "order", "chair_contradicts_order")]
    elsewhere = contradicted.reading("R-1", dev="lm-1", order=named(order))
    assert home(engine, world, contradicted, elsewhere) == [(world.grace, "order", None)]


def test_an_order_of_another_store_lands_in_the_tray(engine, world, order):
    line = (there := Outbox(world.hill)).reading(order=named(order))
    assert home(engine, world, there, line) == [(None, "order", "order_of_another_store")]


def test_another_chains_order_is_not_known(engine, world, order):
    line = (there := Outbox(world.mill)).reading("R-1", order=named(order))
    assert home(engine, world, there, line) == [(None, "order", "order_not_known")]
    assert state(engine, world, order) == "wanted"


def test_a_study_the_device_made_up_says_nothing_and_record_number_and_chair_decide(engine, world, outbox, order):
    made_up = {"study_uid": UID}
    assert home(engine, world, outbox, outbox.reading("R-2", order=made_up)) == [(world.per, "record_number", None)]
    unknown = outbox.reading("R-404", order=made_up)
    assert home(engine, world, outbox, unknown) == [(None, "record_number", "unknown_record_number")]
    assert home(engine, world, outbox, outbox.reading(order=made_up)) == []
    with unit_of_work(engine, world.one) as session:
        services.seat(session, store_id=world.pier.id, lane="Lane 1", patient_id=world.per, by=world.alice.id)
    seated = Outbox(world.pier)
    assert home(engine, world, seated, seated.reading(order=made_up)) == [(world.per, "chair", None)]
    line = seated.reading("R-1", order=made_up)
    assert home(engine, world, seated, line) == [(None, "record_number", "chair_contradicts_record_number")]


def test_an_absorbed_records_order_is_the_open_records(engine, world, outbox, order):
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Patient).where(Patient.id == world.grace).values(merged_into=world.per))
    assert home(engine, world, outbox, outbox.reading("R-2", order=named(order))) == [(world.per, "order", None)]


def test_a_person_who_files_it_to_the_orders_patient_ends_the_order(engine, world, outbox, order):
    line = outbox.reading("R-2", order=named(order))
    assert home(engine, world, outbox, line) == [(None, "order", "order_contradicts_record_number")]
    with unit_of_work(engine, world.one) as session:
        services.file(session, reading_id=line.id, patient_id=world.per, by=world.alice.id)
    assert state(engine, world, order) == "wanted"
    with unit_of_work(engine, world.one) as session:
        services.file(session, reading_id=line.id, patient_id=world.grace, by=world.alice.id)
    with unit_of_work(engine, world.one) as session:
        assert [(one.deed, one.by) for one in worklist.history(session, order.id)][1:] == [("done", world.alice.id)]


def test_a_cancelled_order_still_says_whose_it_is(engine, world, outbox, order):
    with unit_of_work(engine, world.one) as session:
        orders.cancel(session, order.id, by=world.alice.id)
    assert home(engine, world, outbox, outbox.reading(order=named(order))) == [(world.grace, "order", None)]
