"""Clients that want the same time at the same moment: one winner for every place there is."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import cloud.migrations.tables  # noqa: F401
from benchmarks.booking_chain import DAYS, Chain, percentiles
from cloud.booking import holding, parties, services, waiting
from cloud.booking.choices import By
from cloud.booking.models import Offer, Visit
from cloud.booking.parties import Company
from cloud.booking.waiting import Wanted
from cloud.kernel.database import unit_of_work
from cloud.schedule.choices import Who
from tests.load.race import Race, race

OVERLAPS = text("""
    SELECT count(*) FROM booking_part a JOIN booking_part b ON a.resource_id = b.resource_id AND a.id < b.id
    AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    WHERE a.taken IN ('hold', 'booked') AND b.taken IN ('hold', 'booked')
""")


def raced(one: Chain, races: list[tuple[int, int]]) -> Iterator[str]:
    """Everybody wants the same."""
    day = one.first + timedelta(days=DAYS + 10)
    for clients, rounds in races:
        for name, run in RACES.items():
            answers: dict[str, int] = {}
            slow: list[float] = []
            for _round in range(rounds):
                day += timedelta(days=1)
                told = run(one, clients, day)
                slow += [seconds * 1000 for seconds in told.seconds]
                for word, count in told.answers.items():
                    answers[word] = answers.get(word, 0) + count
            with unit_of_work(one.engine, one.tenant) as session:
                overlaps = session.scalar(OVERLAPS)
            yield f"race, {clients} clients x {rounds}, {name}: {answers}, {overlaps} overlaps; {percentiles(slow)}"


def _same(one: Chain, clients: int, on: date) -> Race:
    at = one.times(on)[0]
    return race(clients, lambda n: one.deed(lambda s: services.book(s, one.ask(), at, one.patients[n], channel="desk")))


def _overlapping(one: Chain, clients: int, on: date) -> Race:
    times = one.times(on, one.full)[:3]
    ask = one.ask(one.full)
    return race(
        clients, lambda n: one.deed(lambda s: services.book(s, ask, times[n % 3], one.patients[n], channel="desk"))
    )


def _groups(one: Chain, clients: int, on: date) -> Race:
    company, at = Company((one.ask(),) * 3, (0, 20)), one.times(on)[0]

    def want(session: Session, number: int) -> None:
        parties.book(session, company, at, one.patients[3 * number : 3 * number + 3], channel="desk")

    return race(clients, lambda n: one.deed(lambda s: want(s, n)))


def _holds(one: Chain, clients: int, on: date) -> Race:
    at = one.times(on)[0]
    return race(clients, lambda n: one.deed(lambda s: holding.hold(s, one.ask(), at, f"browser {n}")))


def _swaps(one: Chain, clients: int, on: date) -> Race:
    times = one.times(on)[::2]
    visits = []
    for number in range(min(clients, 2 * len(times) - 2)):
        with unit_of_work(one.engine, one.tenant) as session:
            at = times[number // 2]
            visits.append(services.book(session, one.ask(), at, one.patients[number], channel="desk").id)

    def want(session: Session, number: int) -> None:
        visit = session.scalars(select(Visit).where(Visit.id == visits[number % len(visits)])).one()
        services.move(session, visit, one.ask(), times[-1], by=None, through=By.PATIENT)

    return race(clients, lambda n: one.deed(lambda s: want(s, n)))


def _claims(one: Chain, clients: int, on: date) -> Race:
    """A time is offered at once to everybody who waits; nobody holds it."""
    at = one.times(on)[0]
    with unit_of_work(one.engine, one.tenant) as session:
        offers = [_offered(session, one, number, at) for number in range(clients)]

    def want(session: Session, number: int) -> None:
        waiting.claim(session, session.scalars(select(Offer).where(Offer.id == offers[number])).one())

    return race(clients, lambda n: one.deed(lambda s: want(s, n)))


def _offered(session: Session, one: Chain, number: int, at: datetime) -> int:
    wished = Wanted(one.check, frozenset(one.stores[:1]), at.date(), at.date())
    mine = waiting.of_patient(session, one.patients[number])
    asked = mine[0] if mine else waiting.join(session, one.patients[number], Who.EXISTING, wished)
    where = {"store_id": one.stores[0], "type_id": one.check, "waiting_id": asked.id}
    offer = Offer(**where, shown_at=at, ends_at=at + timedelta(minutes=30), until=at)
    session.add(offer)
    session.flush()
    return offer.id


RACES = {
    **{"same start": _same, "overlapping": _overlapping, "three together": _groups},
    **{"holds": _holds, "swaps": _swaps, "claims": _claims},
}
