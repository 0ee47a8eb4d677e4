"""Overbooking wants a reason, stands beside what is there and takes no time that is still offered; deposits follow."""

import pytest
from sqlalchemy import func, select, update

from cloud.booking import asking, deposits, overbooking, services
from cloud.booking.choices import By, Paid, State, Taken
from cloud.booking.errors import NoSuchMove, NotOffered, Overlaps, WantsReason
from cloud.booking.models import Change, Deposit, Part, Visit
from cloud.kernel.database import unit_of_work
from cloud.schedule.models import Type
from tests.cloud.booking.practice_here import found


@pytest.fixture
def practice(engine, world):
    return found(engine, world, patients=4)


def overbooked(engine, practice, at, patient, resources=None, why="in pain"):
    with unit_of_work(engine, practice.world.one) as session:
        chosen = practice.doctors[:1] if resources is None else resources
        told = {"resources": chosen, "by": practice.world.bob.id, "why": why, "channel": "desk"}
        return overbooking.overbook(session, practice.ask(), at, patient, **told).id


def test_a_third_stands_beside_two(engine, practice):
    for patient in practice.patients[:2]:
        with unit_of_work(engine, practice.world.one) as session:
            services.book(session, practice.ask(), practice.at(9), patient, channel="desk")
    visit = overbooked(engine, practice, practice.at(9, 5), practice.world.grace)
    with unit_of_work(engine, practice.world.one) as session:
        [part] = session.scalars(select(Part).where(Part.visit_id == visit))
        assert (part.resource_id, part.starts_at, part.taken) == (
            practice.doctors[0],
            practice.at(9, 5),
            Taken.OVERBOOKED,
        )
        deeds = session.execute(select(Change.deed, Change.why).where(Change.visit_id == visit).order_by(Change.id))
        assert [tuple(one) for one in deeds] == [("booked", None), ("overbooked", "in pain")]


def test_time_beside_it_is_not_offered_as_if_it_were_free(engine, practice):
    overbooked(engine, practice, practice.at(9), practice.world.grace, practice.doctors)
    with unit_of_work(engine, practice.world.one) as session:
        seen = asking.view(session, practice.ask(), practice.on, practice.on)
        assert asking.times(seen, practice.on)[0] == practice.at(9, 20)


@pytest.mark.parametrize(("refusal", "told"), [(WantsReason, {"why": " "}), (NotOffered, {"resources": []})])
def test_without_a_reason_or_anybody_to_serve_nothing_is_booked(engine, practice, refusal, told):
    with pytest.raises(refusal):
        overbooked(engine, practice, practice.at(9), practice.world.grace, **told)
    with unit_of_work(engine, practice.world.one) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 0


def test_nobody_is_in_two_places_not_even_overbooked(engine, practice):
    overbooked(engine, practice, practice.at(9), practice.world.grace)
    with pytest.raises(Overlaps):
        overbooked(engine, practice, practice.at(9, 10), practice.world.grace)


@pytest.fixture
def paid(engine, practice):
    """A visit whose deposit was paid at the desk."""
    with unit_of_work(engine, practice.world.one) as session:
        session.execute(update(Type).where(Type.id == practice.check).values(deposit=2500, currency="EUR", cut_off=60))
    with unit_of_work(engine, practice.world.one) as session:
        visit = services.book(session, practice.ask(), practice.at(9), practice.world.grace, channel="desk")
        deposit = deposits.of_visit(session, visit.id)
        assert (deposit.amount, deposit.currency, deposit.state) == (2500, "EUR", Paid.DUE)
        deposits.settle(session, deposit, Paid.PAID, by=practice.world.bob.id, reference="till 4")
        return visit.id


def states(session):
    return session.scalars(select(Deposit.state).order_by(Deposit.id)).all()


def test_a_deposit_is_paid_once(engine, practice, paid):
    with pytest.raises(NoSuchMove), unit_of_work(engine, practice.world.one) as session:
        deposits.settle(session, deposits.of_visit(session, paid), Paid.PAID, by=practice.world.bob.id)
    with unit_of_work(engine, practice.world.one) as session:
        assert states(session) == [Paid.PAID]


def test_it_goes_back_in_time_and_stays_when_it_is_late(engine, practice, paid, monkeypatch):
    with unit_of_work(engine, practice.world.one) as session:
        visit = session.scalars(select(Visit)).one()
        late = session.begin_nested()
        monkeypatch.setattr(services, "now", lambda: practice.at(8, 30))
        services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT)
        assert (states(session), session.scalars(select(Change.late).order_by(Change.id.desc())).first()) == (
            [Paid.KEPT],
            True,
        )
        late.rollback()
        monkeypatch.setattr(services, "now", lambda: practice.at(7, 30))
        services.turn(session, visit, State.CANCELLED, by=None, through=By.PATIENT)
        assert states(session) == [Paid.OWED]


def test_it_moves_with_the_visit(engine, practice, paid):
    with unit_of_work(engine, practice.world.one) as session:
        visit = session.scalars(select(Visit)).one()
        bob = practice.world.bob.id
        new = services.move(session, visit, practice.ask(), practice.at(10), by=bob, through=By.STAFF)
        assert states(session) == [Paid.MOVED, Paid.PAID]
        assert deposits.of_visit(session, new.id).reference == "till 4"
