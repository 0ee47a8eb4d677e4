"""An order from wish to result: its history, its numbers, whose it is."""

from datetime import time

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError

from cloud.kernel.audit import Entry
from cloud.kernel.database import unit_of_work
from cloud.kernel.ids import uuid7
from cloud.people.errors import NoSuchPatient
from cloud.worklist import queries, services
from cloud.worklist.choices import Deed
from cloud.worklist.errors import NoSuchKind, NoSuchOrder, NotPossible
from cloud.worklist.models import Order
from protocols.readings import OrderRef
from tests.cloud.worklist.ordering_here import today, wanted


@pytest.fixture
def work(engine, world):
    with unit_of_work(engine, world.one) as session:
        yield session


def test_an_order_knows_its_numbers_its_kind_and_its_catalogue(work, world):
    one = wanted(work, world.alice, world.grace, station="Lane 1", wanted_time=time(9, 15))
    assert (one.modality, one.description, one.laterality, one.state) == ("OPT", "OCT macula", "both", "wanted")
    assert (one.catalogue, one.ordered_by, one.store_id) == ("2026-11", world.alice.id, world.pier.id)
    assert queries.patient_of(work, OrderRef(accession=one.accession)) == world.grace
    assert queries.patient_of(work, OrderRef(study_uid=one.study_uid, accession="nobody's")) == world.grace
    assert queries.patient_of(work, OrderRef(accession="nobody's")) is None
    assert queries.patient_of(work, OrderRef()) is None


def test_every_change_leaves_what_was_before_and_who_did_it(work, world):
    one = wanted(work, world.alice, world.grace)
    services.change(work, one.id, by=world.rosa.id, station="Lane 2", examination="oct_disc", remark=None)
    services.change(work, one.id, by=world.rosa.id, station="Lane 2")
    services.cancel(work, one.id, by=world.bob.id, why="went home")
    services.reopen(work, one.id, by=world.alice.id)

    assert (one.kind, one.station, one.state) == ("oct_disc", "Lane 2", "wanted")
    told = [(c.deed, c.by, c.before, c.why) for c in queries.history(work, one.id)]
    assert told == [
        ("ordered", world.alice.id, {}, None),
        (
            "changed",
            world.rosa.id,
            {"kind": "oct_macula", "description": "OCT macula", "station": None},
            None,
        ),
        ("cancelled", world.bob.id, {"state": "wanted"}, "went home"),
        ("reopened", world.alice.id, {"state": "cancelled"}, None),
    ]
    noted = work.scalars(select(Entry).where(Entry.subject_kind == "order").order_by(Entry.id)).all()
    assert [one.verb for one in noted] == ["ordered", "changed", "cancelled", "reopened"]
    assert {tuple(one.details) for one in noted} == {("patient",)}


def test_a_reading_that_came_home_ends_it_once(work, world):
    one, reading = wanted(work, world.alice, world.grace), uuid7()
    services.arrive(work, one.id, reading)
    services.arrive(work, one.id, uuid7())
    assert one.state == "done"
    assert [(c.deed, c.by, c.reading_id) for c in queries.history(work, one.id)][1:] == [("done", None, reading)]
    with pytest.raises(NotPossible):
        services.cancel(work, one.id, by=world.alice.id)
    services.reopen(work, one.id, by=world.alice.id)
    assert one.state == "wanted"


def test_a_cancelled_examination_whose_result_comes_was_done(work, world):
    one = wanted(work, world.alice, world.grace)
    services.cancel(work, one.id, by=world.alice.id)
    assert services.arrive(work, one.id, uuid7()).state == "done"


def test_what_is_under_way_is_not_changed_any_more(work, world):
    one = wanted(work, world.alice, world.grace)
    services.advance(work, one.id, Deed.STARTED)
    with pytest.raises(NotPossible):
        services.change(work, one.id, by=world.alice.id, station="Lane 2")
    assert one.station is None
    assert services.finish(work, one.id, by=world.alice.id).state == "done"


def test_nothing_is_ordered_of_nobody_or_of_no_kind(work, world):
    with pytest.raises(NoSuchPatient):
        wanted(work, world.alice, world.mary)
    with pytest.raises(NoSuchKind):
        wanted(work, world.alice, world.grace, examination="phrenology")
    assert work.scalars(select(Order)).all() == []


def test_another_chains_order_is_nobodys(engine, world):
    with unit_of_work(engine, world.one) as session:
        one = wanted(session, world.alice, world.grace)
        ref, order_id = OrderRef(accession=one.accession, study_uid=one.study_uid), one.id
    with unit_of_work(engine, world.two) as session:
        assert queries.patient_of(session, ref) is None
        with pytest.raises(NoSuchOrder):
            services.cancel(session, order_id, by=world.charlie.id)
    with unit_of_work(engine, world.one) as session:
        assert queries.order(session, order_id).state == "wanted"


@pytest.mark.parametrize("name", ["patient_id", "store_id", "accession", "study_uid", "ordered_by", "ordered_at"])
def test_whose_an_order_is_and_its_numbers_are_never_rewritten(engine, world, name):
    with unit_of_work(engine, world.one) as session:
        wanted(session, world.alice, world.grace)
    column = Order.__table__.c[name]
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(engine, world.one) as session:
        session.execute(update(Order).values({name: column}))
    with pytest.raises(ProgrammingError, match="permission denied"), unit_of_work(engine, world.one) as session:
        session.execute(delete(Order))


def test_the_day_of_a_store_is_in_the_order_of_its_times(work, world):
    late = wanted(work, world.alice, world.grace, wanted_time=time(16))
    free = wanted(work, world.alice, world.per)
    early = wanted(work, world.alice, world.per, wanted_time=time(8))
    wanted(work, world.bob, world.grace)
    assert [one.id for one in queries.of_day(work, world.pier.id, today())] == [early.id, late.id, free.id]
    assert len(queries.of_patient(work, world.grace)) == 2
