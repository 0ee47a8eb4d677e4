"""A call on its way to the callers of the store, and what they have answered so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from cloud.calls.choices import CALLERS, LANGUAGES, Fate, Who
from cloud.calls.naming import spoken
from cloud.fleet import commands
from cloud.fleet import queries as fleet
from cloud.fleet.choices import GONE, ONLINE
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.people import queries as people
from cloud.queue import calling, queries
from cloud.queue.choices import Through
from cloud.queue.models import Call, Desk, Station, Stay, Step
from protocols.envelope.calls import Called, Printed

DRAWN = "queue.shown"  # a screen has nothing to draw anew when another has drawn a call
UNDER_WAY = ("queued", "sent", "running")
AWAY = _l("The gateway of this store could not be reached: nothing was printed, spoken or shown there.")


@dataclass(frozen=True, slots=True)
class Told:
    """One caller's answer; ``caller`` is empty where the gateway itself answered for all of them."""

    caller: str
    fate: Fate
    why: object = ""  # words, perhaps of the page that shows them
    at: datetime | None = None


def next_(
    session: Session, station: Station, desk: Desk | None, *, by: int | None, through: Through = Through.PAGE
) -> tuple[queries.InLine, Call]:
    """Call whose turn it is, wherever the store calls people. Raises NobodyWaits."""
    one, call = calling.next_(session, station.id, desk, by=by, through=through)
    _send(session, one, call, station, desk)
    return one, call


def this(
    session: Session,
    one: queries.InLine,
    desk: Desk | None,
    *,
    by: int | None,
    through: Through = Through.PAGE,
) -> Call:
    """Call somebody out of turn, or once more. Raises NotDrawn, NotPaid, Moved."""
    call = calling.this(session, one, desk, by=by, through=through)
    station = queries.station(session, one.step.station_id, one.stay.store_id)
    _send(session, one, call, station, desk or _desk(session, call, station))
    return call


def _desk(session: Session, call: Call, station: Station) -> Desk | None:
    return queries.desk(session, call.desk_id, station.id) if call.desk_id else None


def _send(session: Session, one: queries.InLine, call: Call, station: Station, desk: Desk | None) -> None:
    saying = queries.saying(session, station.store_id)
    call.who = who(session, station.store_id, [one.stay]).get(one.stay.id, "")
    told = Called(
        call=str(call.uid),
        ticket=one.stay.ticket,
        station=station.sort,
        place=dict((desk or station).names),  # type: ignore[arg-type]
        turn=call.turn,
        who=call.who,
        room=desk.number if desk else None,
        languages=list(saying.languages if saying else LANGUAGES),  # type: ignore[arg-type]
    )
    there = _callers(session, station.store_id)
    call.orders = [_order(session, one, "call_patient", told, call.by) for one in there if one.state == ONLINE]
    call.away = bool(there) and not call.orders
    session.flush()


def who(session: Session, store_id: int, stays: Sequence[Stay]) -> dict[int, str]:
    """What may be said aloud of each of these, by stay; of who is not in it nothing but the number."""
    saying = queries.saying(session, store_id)
    if saying is None or saying.who == Who.NUMBER:
        return {}
    known = people.named(session, {one.patient_id for one in stays if one.patient_id})
    named = {one.id: known[one.patient_id] for one in stays if one.patient_id in known}
    return {id_: spoken(saying.who, one.family_name, one.given_name or "")[:60] for id_, one in named.items()}


def _callers(session: Session, store_id: int, families: Sequence[str] = CALLERS) -> list[Any]:
    """Gateways of a store that have something to call with, whether they are there or not."""
    known = [one for one in fleet.instruments(session, store_id) if one.state != GONE]
    having = {one.gateway_id for one in known if one.family in families}
    return [one for one in fleet.gateways(session, store_id) if one.id in having]


def _order(session: Session, gateway: Any, verb: str, told: Called | Printed, by: int | None) -> int:
    args = msgspec.to_builtins(told)
    return commands.command(session, gateway, verb, by=by, args=args).id


def ticket(session: Session, stay: Stay, *, link: str, lines: Sequence[str], heading: str, by: int | None) -> list[int]:
    """Print a ticket at the store; the orders it became, none where the store has no printer."""
    told = Printed(ticket=stay.ticket, heading=heading, lines=list(lines), link=link)
    there = [one for one in _callers(session, stay.store_id, ("escpos",)) if one.state == ONLINE]
    return [_order(session, gateway, "print_ticket", told, by) for gateway in there[:1]]


def fates(session: Session, call: Call) -> list[Told]:
    """How a call fares, caller by caller; the screens of the practice first."""
    found = [Told("", Fate.SHOWN, at=call.shown_at)] if call.shown_at else []
    found += [Told("", Fate.FAILED, AWAY, call.at)] if call.away else []
    found += [Told(name, Fate(one["state"]), one.get("why", "")) for name, one in call.told.items()]
    orders = [commands.by_id(session, number) for number in call.orders]
    return [*found, *(told for order in orders if order is not None for told in _answers(order))]


def printed(session: Session, orders: Sequence[int]) -> list[Told]:
    """How tickets fare."""
    found = [commands.by_id(session, number) for number in orders]
    return [told for order in found if order is not None for told in _answers(order)]


def _answers(order: Any) -> Iterator[Told]:
    callers = (order.result or {}).get("callers", {})
    if not callers:
        failed = order.state not in (*UNDER_WAY, "done")
        yield Told("", Fate.FAILED if failed else Fate.WAITING, order.why or "")
        return
    for name, one in callers.items():
        late = one["state"] == Fate.WAITING and order.state not in UNDER_WAY
        yield Told(name, Fate.FAILED if late else Fate(one["state"]), one.get("why") or (order.why or "") * late)


def drawn(session: Session, call: Call) -> None:
    """A screen has drawn it: the first one counts, and is told to the staff's pages alone."""
    if call.shown_at is not None:
        return
    first = update(Call).where(Call.id == call.id, Call.shown_at.is_(None)).values(shown_at=now()).returning(Call.id)
    if session.execute(first).first() is not None:
        of = {"tenant_id": call.tenant_id, "store_id": call.store_id}
        announce(session, Fact(topic=DRAWN, subject=str(call.step_id), **of))
    session.refresh(call)


def shown(session: Session, store_id: int, count: int, station_ids: Sequence[int]) -> list[tuple[Call, Step, Stay]]:
    """The calls a screen shows, newest first: those of its stations, people who are called or just went in."""
    found = queries.calls(session, store_id, count * 3)
    mine = [row for row in found if not station_ids or row[1].station_id in station_ids]
    return mine[:count]
