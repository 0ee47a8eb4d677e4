"""The book of a store's queue: everything its gateway needs to go on without us, and no name a screen may not say."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.calls import sending
from cloud.calls.choices import LANGUAGES
from cloud.kernel.clock import now
from cloud.queue import gates, numbers, queries, rules
from cloud.queue.models import Holding, Kind, Lease, Station, Stay, Step
from protocols import envelope
from protocols.envelope.queue import Book, Door, Guest, Numbers, Offer, Part, Place, Safe


def book(session: Session, row: Holding) -> Book | None:
    """As things stand, under the version that was told last; None where the store calls nobody."""
    stations = queries.stations(session, row.store_id)
    if not stations or row.gateway_id is None:
        return None
    store, saying = accounts.store(session, row.store_id), queries.saying(session, row.store_id)
    day = queries.today(session, row.store_id)
    kinds = queries.kinds(session, row.store_id)
    return Book(
        version=row.version or 1,
        zone=store.zone,
        day=day.isoformat(),
        made_at=_said(now()),
        rule=rules.turn(),
        heading=store.name,
        currency=kinds[0].currency if kinds else "EUR",
        languages=list(saying.languages if saying else LANGUAGES),  # type: ignore[arg-type]
        places=_places(session, stations),
        offers=[_offer(one) for one in kinds],
        numbers=_numbers(session, row),
        guests=_guests(session, row.store_id, day),
        safe=Safe(hold=row.hold, n=row.taken, ended=row.ended) if row.hold else None,
    )


def digest(made: Book) -> str:
    """The same for books that say the same, whenever and however often."""
    return hashlib.sha256(envelope.encode(replace(made, version=1, made_at=""))).hexdigest()


def _places(session: Session, stations: Sequence[Station]) -> list[Place]:
    doors: dict[int, list[Door]] = defaultdict(list)
    for one in queries.desks(session, [station.id for station in stations]):
        doors[one.station_id].append(Door(id=one.id, names=one.names, number=one.number))  # type: ignore[arg-type]
    return [
        Place(
            id=one.id,
            sort=one.sort,
            names=one.names,  # type: ignore[arg-type]
            doors=doors[one.id],
            paid_first=one.paid_first,
            calls=queries.calls_today(session, one),
        )
        for one in stations
    ]


def _offer(kind: Kind) -> Offer:
    return Offer(
        code=kind.code,
        names=kind.names,  # type: ignore[arg-type]
        letter=kind.letter,
        first=kind.first_id,
        priority=kind.priority,
        fee=kind.fee,
    )


def lend(session: Session, row: Holding) -> None:
    """See that the gateway has numbers of today and of tomorrow: a night without the internet must not end them.

    Before the row is locked: whoever receives somebody locks the letters first.
    """
    if row.gateway_id is not None:
        for of in _wanted(session, row.store_id):
            numbers.leased(session, row.store_id, *of, row.gateway_id)


def _wanted(session: Session, store_id: int) -> list[tuple[date, str]]:
    day = queries.today(session, store_id)
    letters = sorted({one.letter for one in queries.kinds(session, store_id)})
    return [(on, letter) for on in (day, day + timedelta(days=1)) for letter in letters]


def _numbers(session: Session, row: Holding) -> list[Numbers]:
    assert row.gateway_id is not None  # noqa: S101 - a book is made for a gateway
    days = sorted({day for day, _letter in _wanted(session, row.store_id)})
    leases = numbers.of_gateway(session, row.store_id, days, row.gateway_id)
    return [_lease(one) for one in leases if one.given < one.last]


def _lease(one: Lease) -> Numbers:
    return Numbers(day=one.day.isoformat(), letter=one.letter, first=one.first, last=one.last, given=one.given)


@dataclass(frozen=True, slots=True)
class _Around:
    """What guests are told with."""

    who: Mapping[int, str]
    owed: Mapping[int, gates.Owed]
    names: Mapping[int, str]
    calls: Mapping[int, str]


def _guests(session: Session, store_id: int, day: date) -> list[Guest]:
    rows = queries.open_of_day(session, store_id, day)
    stays = {one.stay.id: one.stay for one in rows}
    parts: dict[int, list[Step]] = {one: [] for one in stays}
    for one in rows:
        parts[one.stay.id].append(one.step)
    steps = [one.step for one in rows]
    around = _Around(
        sending.who(session, store_id, list(stays.values())),
        gates.owed_by(session, list(stays.values())),
        accounts.names(session, {one.staff_id for one in steps if one.staff_id}),
        queries.call_uids(session, [one.id for one in steps if one.turn]),
    )
    return [_guest(stay, parts[stay.id], around) for stay in stays.values()]


def _guest(stay: Stay, steps: Iterable[Step], around: _Around) -> Guest:
    owed = around.owed[stay.id]
    return Guest(
        id=stay.id,
        ticket=stay.ticket,
        arrived_at=_said(stay.arrived_at),
        due_at=_said(stay.due_at),
        priority=stay.priority,
        who=around.who.get(stay.id, ""),
        due=owed.due,
        passed=owed.passed is not None,
        parts=[_part(one, around) for one in steps],
    )


def _part(step: Step, around: _Around) -> Part:
    return Part(
        id=step.id,
        station=step.station_id,
        machine=step.machine,
        state=step.state,
        since=_said(step.moved_at),
        queued_at=_said(step.queued_at),
        desk=step.desk_id,
        not_before=step.not_before,
        turn=step.turn,
        for_=around.names.get(step.staff_id or 0, ""),
        call=around.calls.get(step.id, ""),
    )


def _said(at: datetime | None) -> str:
    return at.isoformat() if at else ""
