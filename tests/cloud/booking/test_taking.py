"""Booking, holding, moving and cancelling, one at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from cloud.booking import asking, holding, services
from cloud.booking.choices import By, State, Taken
from cloud.booking.errors import Gone, NoSuchMove, Overlaps, RanOut, TooManyHolds, WantsReason
from cloud.booking.models import Change, Hold, Part, Visit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from tests.cloud.booking.practice_here import LISBON, found


@pytest.fixture
def practice(engine, world):
    return found(engine, world)


def clock(instant):
    return f"{instant.astimezone(LISBON):%H:%M}"


def offered(engine, practice, **told):
    with unit_of_work(engine, practice.world.one) as session:
        seen = asking.view(session, practice.ask(**told), practice.on, practice.on)
        return list(map(clock, asking.times(seen, practice.on)))


def booked(engine, practice, hour, minute=0, patient=None, **told):
    with unit_of_work(engine, practice.world.one) as session:
        whose = patient or practice.world.grace
        return services.book(session, practice.ask(**told), practice.at(hour, minute), whose, channel="desk").id


def test_every_time_that_is_offered_can_be_booked_and_then_is_not_offered(engine, practice):
    world = practice.world
    assert offered(engine, practice) == [
        "09:00",
        "09:20",
        "09:40",
        "10:00",
        "10:20",
        "10:40",
        "11:00",
        "11:20",
        "11:40",
    ]
    booked(engine, practice, 9)
    assert "09:00" in offered(engine, practice)
    booked(engine, practice, 9, patient=world.per)
    assert "09:00" not in offered(engine, practice)
    with pytest.raises(Gone) as refused:
        booked(engine, practice, 9, patient=practice.patients[0])
    assert list(map(clock, refused.value.others)) == ["09:20", "09:40", "10:00"]


def test_a_visit_of_two_segments_takes_everybody_it_needs(engine, practice):
    visit = booked(engine, practice, 9, type_id=practice.full)
    with unit_of_work(engine, practice.world.one) as session:
        parts = session.scalars(select(Part).where(Part.visit_id == visit).order_by(Part.starts_at, Part.resource_id))
        told = [(one.resource_id, clock(one.starts_at), clock(one.ends_at), one.taken) for one in parts]
    assert told == [
        (practice.technician, "09:00", "09:10", "booked"),
        (practice.refractor, "09:00", "09:10", "booked"),
        (practice.doctors[0], "09:30", "09:50", "booked"),
        (practice.lanes[0], "09:30", "09:50", "booked"),
    ]


def test_the_same_person_is_not_in_two_places(engine, practice):
    booked(engine, practice, 9)
    with pytest.raises(Overlaps):
        booked(engine, practice, 9)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_hold_keeps_a_time_and_becomes_a_visit_once(engine, practice):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        kept, token = holding.hold(session, practice.ask(), practice.at(9), "me")
        assert kept.until - now() < timedelta(minutes=7, seconds=1)
    booked(engine, practice, 9, patient=world.per)
    assert "09:00" not in offered(engine, practice)
    with unit_of_work(engine, world.one) as session:
        visit = services.book_held(session, holding.held(session, token), world.grace, channel="online")
        assert (visit.shown_at, visit.state) == (practice.at(9), State.BOOKED)
    with pytest.raises(RanOut), unit_of_work(engine, world.one) as session:
        services.book_held(session, holding.held(session, token), world.per, channel="online")


def test_a_hold_that_has_ended_blocks_nobody_and_books_nothing(engine, practice):
    world = practice.world
    tokens = []
    for who in ("one", "two"):
        with unit_of_work(engine, world.one) as session:
            tokens.append(holding.hold(session, practice.ask(), practice.at(9), who)[1])
    assert "09:00" not in offered(engine, practice)
    with unit_of_work(engine, world.one) as session:
        session.execute(update(Hold).values(until=now() - timedelta(seconds=1)))
    assert "09:00" in offered(engine, practice)
    with pytest.raises(RanOut), unit_of_work(engine, world.one) as session:
        services.book_held(session, holding.held(session, tokens[0]), world.grace, channel="online")
    booked(engine, practice, 9)
    booked(engine, practice, 9, patient=world.per)
    with unit_of_work(engine, world.one) as session:
        assert session.scalar(select(func.count()).select_from(Hold)) == 0


def test_a_second_hold_of_the_same_type_ends_the_first_and_a_fourth_is_refused(engine, practice):
    world = practice.world
    with unit_of_work(engine, world.one) as session:
        holding.hold(session, practice.ask(), practice.at(9), "me")
        holding.hold(session, practice.ask(), practice.at(9, 20), "me")
        assert session.scalar(select(func.count()).select_from(Hold)) == 1
        session.add_all(
            Hold(
                store_id=practice.store,
                type_id=practice.check,
                digest=f"{n}",
                holder="you",
                shown_at=now(),
                ends_at=now(),
                who="new",
                until=now() + timedelta(minutes=1),
            )
            for n in range(3)
        )
    with pytest.raises(TooManyHolds), unit_of_work(engine, world.one) as session:
        holding.hold(session, practice.ask(practice.full), practice.at(10), "you")


def test_a_hold_is_renewed_once_and_let_go(engine, practice):
    with unit_of_work(engine, practice.world.one) as session:
        _kept, token = holding.hold(session, practice.ask(), practice.at(9), "me")
        assert holding.renew(session, token).renewed is True
        with pytest.raises(RanOut):
            holding.renew(session, token)
        holding.let_go(session, token)
        holding.let_go(session, token)
        assert session.scalar(select(func.count()).select_from(Part)) == 0


def test_moving_is_a_swap_and_a_refused_move_leaves_the_old_time(engine, practice):
    world = practice.world
    first = booked(engine, practice, 9)
    with unit_of_work(engine, world.one) as session:
        visit = session.get_one(Visit, (world.one, first))
        uid = visit.uid
        new = services.move(session, visit, practice.ask(), practice.at(9, 20), by=world.alice.id, through=By.STAFF)
        assert (new.uid, new.sequence, visit.state, visit.moved_to) == (uid, 1, State.MOVED, new.id)
    assert offered(engine, practice).count("09:00") == 1
    with unit_of_work(engine, world.one) as session:
        parts = session.scalars(select(Part.taken).where(Part.visit_id == first)).all()
        assert set(parts) == {Taken.OVER}
    with pytest.raises(Gone), unit_of_work(engine, world.one) as session:
        visit = session.get_one(Visit, (world.one, new.id))
        services.move(session, visit, practice.ask(), practice.at(3), by=world.alice.id, through=By.STAFF)
    with unit_of_work(engine, world.one) as session:
        parts = session.scalars(select(Part.taken).where(Part.visit_id == new.id)).all()
        assert set(parts) == {Taken.BOOKED}


def test_cancelling_frees_the_time_wants_a_reason_of_staff_and_is_final(engine, practice):
    world = practice.world
    first = booked(engine, practice, 9)
    booked(engine, practice, 9, patient=world.per)
    with unit_of_work(engine, world.one) as session:
        visit = session.get_one(Visit, (world.one, first))
        with pytest.raises(WantsReason):
            services.turn(session, visit, State.CANCELLED, by=world.alice.id, through=By.STAFF)
        services.turn(session, visit, State.CANCELLED, by=world.alice.id, through=By.STAFF, why="called")
        with pytest.raises(NoSuchMove):
            services.turn(session, visit, State.ARRIVED, by=world.alice.id, through=By.STAFF)
        deeds = session.scalars(select(Change.deed).where(Change.visit_id == first).order_by(Change.id)).all()
    assert deeds == ["booked", "cancelled"]
    assert "09:00" in offered(engine, practice)
