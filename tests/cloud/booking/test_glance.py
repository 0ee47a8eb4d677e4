"""What is seen at a glance is what is there: masks and sketches never say anything else than the long way round."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from cloud.accounts import services as accounts
from cloud.booking import asking, chain, glance, holding, overbooking, services
from cloud.booking.choices import By, State
from cloud.booking.models import Mask, Part, Visit
from cloud.kernel.database import unit_of_work
from cloud.schedule import versions
from cloud.schedule.choices import Effect, Per, Who
from cloud.schedule.models import Block, Dated, Length, Offered, Policy, Quota, Resource, Rule, Segment, Type
from tests.cloud.booking.practice_here import found


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=6)


def both(engine, practice, type_id, **told):
    """What the two ways say of two days."""
    first, last = practice.on, practice.on + timedelta(days=1)
    with unit_of_work(engine, practice.world.one) as session:
        ask = practice.ask(type_id, **told)
        short, long = glance.view(session, ask, first, last), asking.view(session, ask, first, last)
        if short is None or long is None:
            return short, long
        return tuple([asking.times(seen, on) for on in (first, last)] for seen in (short, long))


def alike(engine, practice):
    """Both types, so that masks are counted out by one and read by the other; what the short way says of the first."""
    pairs = [both(engine, practice, one) for one in (practice.full, practice.check, practice.full)]
    assert [short for short, _ in pairs] == [long for _, long in pairs]
    return pairs[1][0]


def booked(engine, practice, at, patient=0, type_id=None):
    with unit_of_work(engine, practice.world.one) as session:
        ask = practice.ask(type_id)
        return services.book(session, ask, at, practice.patients[patient], channel="desk").id


def one(session, visit_id):
    return session.scalars(select(Visit).where(Visit.id == visit_id)).one()


def masks(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        return {(one.resource_id, one.on_date) for one in session.scalars(select(Mask))}


def test_a_booking_removes_the_masks_of_its_day_and_nobody_elses(engine, practice):
    before = alike(engine, practice)
    there = masks(engine, practice)
    assert len(there) == 12
    booked(engine, practice, practice.at(9))
    gone = there - masks(engine, practice)
    assert {on for _, on in gone} == {practice.on}
    assert {resource for resource, _ in gone} == {practice.doctors[0], practice.lanes[0]}
    booked(engine, practice, practice.at(9), 1)
    assert alike(engine, practice)[0] == before[0][1:]
    assert masks(engine, practice) == there


def test_cancelling_moving_holding_and_overbooking_are_seen(engine, practice):
    world = practice.world
    visits = [booked(engine, practice, practice.at(9), number) for number in range(2)]
    before = alike(engine, practice)
    with unit_of_work(engine, world.one) as session:
        services.turn(session, one(session, visits[0]), State.CANCELLED, by=None, through=By.PATIENT)
    assert alike(engine, practice)[0] == [practice.at(9), *before[0]]
    with unit_of_work(engine, world.one) as session:
        services.move(session, one(session, visits[1]), practice.ask(), practice.at(10), by=None, through=By.PATIENT)
    alike(engine, practice)
    with unit_of_work(engine, world.one) as session:
        _kept, token = holding.hold(session, practice.ask(), practice.at(10), "me")
    assert practice.at(10) not in alike(engine, practice)[0]
    with unit_of_work(engine, world.one) as session:
        holding.let_go(session, token)
    assert practice.at(10) in alike(engine, practice)[0]
    with unit_of_work(engine, world.one) as session:
        told = {"resources": practice.doctors, "by": world.bob.id, "why": "in pain", "channel": "desk"}
        overbooking.overbook(session, practice.ask(), practice.at(11), practice.patients[3], **told)
    assert practice.at(11) not in alike(engine, practice)[0]


def first_of(session, type_id):
    return session.scalars(select(Segment.id).where(Segment.type_id == type_id)).one()


def changes(practice):
    store, doctor = practice.store, practice.doctors[0]
    on = practice.on
    return {
        "a rule": lambda session: session.add(
            Rule(store_id=store, resource_id=doctor, effect=Effect.BLOCKED, days=[on.weekday()], starts=560, ends=600)
        ),
        "a rule that ends": lambda session: session.execute(
            update(Rule).where(Rule.resource_id == doctor).values(until=on - timedelta(days=1))
        ),
        "a closure": lambda session: session.add(Dated(store_id=None, on_date=on, windows=[])),
        "a block": lambda session: session.add(
            Block(
                store_id=store,
                starts_at=practice.at(9),
                ends_at=practice.at(10),
                why="paint",
                by=practice.world.bob.id,
            )
        ),
        "a block of some types": lambda session: session.add(
            Block(
                store_id=store,
                starts_at=practice.at(10),
                ends_at=practice.at(11),
                types=[practice.full],
                why="class",
                by=practice.world.bob.id,
            )
        ),
        "a window for one type": lambda session: session.add(
            Rule(
                store_id=store,
                resource_id=doctor,
                effect=Effect.ONLY,
                days=[on.weekday()],
                starts=540,
                ends=600,
                types=[practice.full],
            )
        ),
        "a turn-over": lambda session: session.execute(
            update(Resource).where(Resource.id == doctor).values(between=10)
        ),
        "another skill": lambda session: session.execute(
            update(Resource).where(Resource.id == practice.technician).values(skills=["technician", "doctor"])
        ),
        "a policy": lambda session: session.add(Policy(store_id=store, turn="sum")),
        "a length": lambda session: session.add(
            Length(
                minutes=40,
                segment_id=session.scalars(select(Segment.id).where(Segment.type_id == practice.check)).one(),
            )
        ),
        "a grid": lambda session: session.execute(
            update(Type).where(Type.id == practice.check).values(grid={"kind": "packed", "every": 15})
        ),
        "a quota": lambda session: session.add(Quota(store_id=store, per=Per.DAY, most=1)),
        "an offer that goes": lambda session: session.execute(
            delete(Offered).where(Offered.type_id == practice.check, Offered.channel == "desk")
        ),
    }


@pytest.mark.parametrize("change", changes(type("P", (), {"store": 0, "doctors": [0], "on": date(2030, 1, 1)})))
def test_every_change_of_the_schedule_is_seen_at_once(engine, practice, change):
    booked(engine, practice, practice.at(9, 40))
    alike(engine, practice)
    with unit_of_work(engine, practice.world.one) as session:
        before = versions.now(session, practice.store)
        changes(practice)[change](session)
        assert versions.now(session, practice.store) != before
    pairs = [both(engine, practice, one) for one in (practice.check, practice.full)]
    assert [short for short, _ in pairs] == [long for _, long in pairs]


def test_what_was_worked_out_before_a_roll_back_is_never_taken_for_what_came_after(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        tried = session.begin_nested()
        session.execute(update(Type).where(Type.id == practice.check).values(grid={"kind": "clock", "every": 60}))
        session.execute(update(Resource).values(active_until=practice.on))
        seen = glance.view(session, practice.ask(), practice.on, practice.on)
        assert asking.times(seen, practice.on) == [practice.at(9), practice.at(10), practice.at(11)]
        tried.rollback()
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).where(Type.id == practice.check).values(grid={"kind": "clock", "every": 90}))
        session.execute(update(Resource).where(Resource.id == practice.technician).values(between=5))
    alike(engine, practice)


def test_whose_age_and_channel_and_notice_count_as_they_do_the_long_way(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).where(Type.id == practice.check).values(age_from=18, lead=600, horizon=21))
    young = date(practice.on.year - 10, 1, 1)
    for told in ({"born": young}, {"channel": "online"}, {"who": Who.NEW}, {"wanted": frozenset(practice.doctors[:1])}):
        short, long = both(engine, practice, practice.check, **told)
        assert short == long


def test_a_visit_that_would_be_given_up_makes_room_for_itself(engine, practice):
    visits = [booked(engine, practice, practice.at(9), number) for number in range(2)]
    short, long = both(engine, practice, practice.check, besides=frozenset(visits[:1]))
    assert short == long
    assert short[0][0] == practice.at(9)


def test_nobody_counts_out_a_day_while_somebody_changes_it(engine, practice):
    """Counting out waits for whoever holds a resource, so that no mask outlives what was before."""
    with unit_of_work(engine, practice.world.one) as session:
        services.book(session, practice.ask(), practice.at(9), practice.patients[0], channel="desk")
        with unit_of_work(engine, practice.world.one) as other:
            other.execute(text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                glance.view(other, practice.ask(), practice.on, practice.on)


def test_another_chain_has_masks_of_its_own(engine, practice):
    alike(engine, practice)
    with unit_of_work(engine, practice.world.two) as session:
        assert session.scalars(select(Mask)).all() == []
        assert session.scalars(select(Part)).all() == []


def test_of_a_chain_those_stores_are_named_that_have_a_time_soonest(engine, practice):
    """Another store has the same people a day later, a third does not offer it."""
    with unit_of_work(engine, practice.world.one) as session:
        other, third = (_twin(session, practice, slug) for slug in ("quay", "ridge"))
        session.execute(delete(Offered).where(Offered.store_id == third))
        session.add(Dated(store_id=other, on_date=practice.on, windows=[]))
        last = practice.on + timedelta(days=9)
        soonest = chain.soonest(session, practice.ask(), [third, other, practice.store], practice.on, last, 3)
        assert soonest == [(practice.at(9), practice.store), (practice.at(9) + timedelta(days=1), other)]
        assert chain.soonest(session, practice.ask(), [third, other], practice.on, practice.on, 3) == []


def _twin(session, practice, slug):
    """A store with a doctor and a lane who work as those at the pier."""
    store = accounts.open_store(session, slug=slug, name=slug, zone="Europe/Lisbon").id
    session.add(Offered(type_id=practice.check, store_id=store, channel="desk"))
    session.add(Rule(store_id=store, effect=Effect.OPEN, days=list(range(7)), starts=0, ends=1440))
    for kind, skill in (("person", "doctor"), ("room", "lane")):
        session.add(one := Resource(store_id=store, kind=kind, name=skill, skills=[skill]))
        session.flush()
        session.add(
            Rule(store_id=store, resource_id=one.id, effect=Effect.OPEN, days=list(range(7)), starts=540, ends=720)
        )
    session.flush()
    return store
