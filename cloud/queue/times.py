"""How long one waits: what was, from the day's own stamps, and what is to come, as a range or not at all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.queue import queries, rules, spans
from cloud.queue.choices import SERVED
from cloud.queue.choices import Step as State
from cloud.queue.models import Move, Stay, Step
from cloud.queue.spans import Sum


@dataclass(frozen=True, slots=True)
class Line:
    """One step of somebody's day; seconds."""

    stay: Stay
    step: Step
    waited: float
    called: float
    served: float
    away: float


@dataclass(frozen=True, slots=True)
class Report:
    """A day: every step, and what is said of them by station and by person (of the serving)."""

    lines: Sequence[Line]
    waited: Mapping[int, Sum]
    served: Mapping[int, Sum]
    by_person: Mapping[int, Sum]
    whole: Sum | None


def report(session: Session, store_id: int, day: date, at: datetime | None = None) -> Report:
    """A store's day from its hand-offs; what lasts is counted up to now."""
    at = at or now()
    stays = {one.id: one for one in queries.stays(session, store_id, day)}
    found = spans.spans(queries.moves(session, list(stays)))
    steps = [one for rows in queries.steps_of(session, list(stays)).values() for one in rows]
    of = spans.by_subject(found)
    lines = [_line(stays[one.stay_id], one, of.get(one.id, []), at) for one in steps]
    whole = [one.seconds(at) for one in found if one.machine == "stay"]
    by_station = (_by_station(lines, "waited"), _by_station(lines, "served"))
    return Report(lines, *by_station, _by_person(found, at), spans.summed(whole))


def _line(stay: Stay, step: Step, found: list[spans.Span], at: datetime) -> Line:
    called = spans.seconds(found, [State.CALLED], at)
    return Line(stay, step, spans.waited(found, at), called, spans.served(found, at), spans.away(found, at))


def _by_station(lines: Sequence[Line], what: str) -> dict[int, Sum]:
    rows: dict[int, list[float]] = {}
    for one in lines:
        if getattr(one, what):
            rows.setdefault(one.step.station_id, []).append(getattr(one, what))
    return {station: total for station, row in rows.items() if (total := spans.summed(row))}


def _by_person(found: Sequence[spans.Span], at: datetime) -> dict[int, Sum]:
    rows: dict[int, list[float]] = {}
    for one in found:
        if one.state in SERVED and one.by is not None:
            rows.setdefault(one.by, []).append(one.seconds(at))
    return {person: total for person, row in rows.items() if (total := spans.summed(row))}


def estimate(session: Session, station_id: int, before: int) -> tuple[int, int] | None:
    """Minutes until somebody with so many before them is called, as a range; None where too little was seen today."""
    window, least = rules.waiting()
    since = now() - window
    query = select(Move.at).join(Step, (Step.tenant_id == Move.tenant_id) & (Step.id == Move.subject))
    query = query.where(Step.station_id == station_id, Move.machine == Step.machine, Move.at >= since)
    query = query.where(Move.was.in_((State.WAITING, State.RETURNED)), Move.becomes.in_((State.CALLED, *SERVED)))
    taken = list(session.scalars(query.order_by(Move.at)))
    if len(taken) < max(least, 2):
        return None
    low, high = spans.ahead(taken, before)
    return math.floor(low.total_seconds() / 60), max(1, math.ceil(high.total_seconds() / 60))
