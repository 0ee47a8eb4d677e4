"""What somebody does at the end of their way: hold, book, ask, wait. Each wants a transaction of its own."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cloud.booking import asking, entries, finding, holding, once, parties, requests, services, waiting
from cloud.booking.choices import Kind
from cloud.booking.errors import RanOut
from cloud.booking.requests import Asked, Window
from cloud.booking.waiting import Wanted
from cloud.direct import charting, choosing, flows, tables, telling
from cloud.direct.doors import Shop
from cloud.direct.errors import TooManyOpen
from cloud.direct.models import Flow
from cloud.direct.telling import About
from cloud.direct.told import Told
from cloud.kernel.clock import now
from cloud.schedule.choices import Channel

AHEAD = timedelta(days=3 * 365)
FEW, STRETCH = 4, timedelta(days=14)  # so far ahead one looks for a day on which a family could come


def answer_flags(session: Session, shop: Shop, flow: Flow, answers: dict[str, bool]) -> bool:
    """Keep the answers; a yes stops everything and stands above all else in the practice's queue. Says whether."""
    so_far = flows.said(flow)
    version, questions = tables.red_flags()
    so_far.version, so_far.flags = version, {one.code: answers[one.code] for one in questions}
    alarm = any(so_far.flags.values())
    if alarm:
        choosing.release(session, so_far)
        so_far.alarmed, so_far.at = True, None
        _note(session, Kind.URGENT, shop, telling.about(session, shop, flow, so_far))
    flows.keep(session, flow, so_far)
    return alarm


def times(session: Session, shop: Shop, flow: Flow, first: date, last: date) -> dict[date, Sequence[datetime]]:
    """What everybody who was chosen can have, by day: when the first of them comes."""
    so_far = flows.said(flow)
    asked = choosing.asks(session, shop, so_far, choosing.members(session, shop, flow))
    if len(asked) == 1:
        return finding.times(session, asked[0], first, last)
    found = parties.times(session, choosing.company(session, so_far, asked), first, last)
    return {on: some for on, some in found.items() if some}


def next_day(session: Session, shop: Shop, flow: Flow, after: date) -> date | None:
    """The next day that has a time for everybody."""
    so_far = flows.said(flow)
    asked = choosing.asks(session, shop, so_far, choosing.members(session, shop, flow))
    if len(asked) == 1:
        return finding.next_day(session, asked[0], after)
    for number in range(FEW):
        first = after + timedelta(days=1) + number * STRETCH
        found = times(session, shop, flow, first, first + STRETCH - timedelta(days=1))
        if found:
            return min(found)
    return None


def hold(session: Session, shop: Shop, flow: Flow, at: datetime, holder: str) -> None:
    """Keep a time, and let go of the one before. Raises Gone, NotOffered, NotTheirs, TooManyHolds."""
    so_far = flows.said(flow)
    asked = choosing.asks(session, shop, so_far, choosing.members(session, shop, flow))
    choosing.release(session, so_far)
    if len(asked) == 1:
        kept = [holding.hold(session, asked[0], at, holder, _known(session, shop, so_far))]
    else:
        kept = parties.hold(session, choosing.company(session, so_far, asked), at, holder)
    so_far.holds = [token for _hold, token in kept]
    so_far.at, so_far.until, so_far.renewed = at, min(one.until for one, _token in kept), False
    so_far.key = secrets.token_hex(16)
    flows.keep(session, flow, so_far)


def _known(session: Session, shop: Shop, so_far: Told) -> Collection[int]:
    """Whom somebody with a chart had at their last visit; nobody is chosen again just so for somebody else."""
    [one] = so_far.people
    return asking.last_served(session, int(one[1:]), shop.store_id) if one.startswith("p") else ()


def renew(session: Session, flow: Flow) -> None:
    """The same time for once more as long. Raises RanOut."""
    so_far = flows.said(flow)
    kept = [holding.renew(session, token) for token in so_far.holds]
    if not kept:
        raise RanOut
    so_far.until, so_far.renewed = min(one.until for one in kept), True
    flows.keep(session, flow, so_far)


def book(session: Session, shop: Shop, flow: Flow, key: str) -> list[int]:
    """What is held becomes visits, once however often it is sent; who is new gets a chart in the same transaction.

    ``key`` is the one that stood on the page. Raises RanOut, Overlaps, TooManyOpen, OtherQuestion.
    """
    name = f"direct {flow.id} {key}"[:64]
    told = once.once(session, name, {"flow": flow.id}, lambda: {"visits": _book(session, shop, flow)})
    return [int(one) for one in told["visits"]]


def _book(session: Session, shop: Shop, flow: Flow) -> list[int]:
    so_far = flows.said(flow)
    if not so_far.holds:
        raise RanOut
    kept = [holding.held(session, token) for token in so_far.holds]
    about = telling.about(session, shop, flow, so_far)
    patients = list(charting.charted(session, shop, flow, so_far).values())
    for patient_id in patients:
        _refuse_many(session, shop, patient_id)
    told: dict[str, Any] = {"channel": Channel.ONLINE, "reason": so_far.reason or None}
    if len(patients) > 1:
        visits = parties.book_held(session, so_far.holds, patients, **told)
    else:
        visits = [services.book_held(session, kept[0], patients[0], **told)]
    for visit in visits:
        _note(session, Kind.BOOKED, shop, replace(about, patient_id=visit.patient_id), visit_id=visit.id)
    so_far.holds, so_far.until = [], None
    flow.visits = [visit.id for visit in visits]
    flows.keep(session, flow, so_far)
    return flow.visits


def request(session: Session, shop: Shop, flow: Flow, windows: tuple[Window, ...], reason: str) -> int:
    """Ask the practice for a visit; it takes up nobody's time. The request's number."""
    so_far = flows.said(flow)
    so_far.reason = reason
    about = telling.about(session, shop, flow, so_far)
    asked = Asked(
        store_id=shop.store_id,
        type_id=next(iter(so_far.types.values()), None),
        windows=windows,
        reason=reason or None,
        patient_id=about.patient_id,
        person=None if about.patient_id else telling.person(flow, so_far),
        new=about.new,
        answers=about.answers,
    )
    choosing.release(session, so_far)
    flow.request_id = requests.ask(session, asked).id
    flows.keep(session, flow, so_far)
    return flow.request_id


def wait(session: Session, shop: Shop, flow: Flow, wanted: Wanted) -> None:
    """Wait for a time; who is new gets a chart. Raises WaitsAlready."""
    so_far = flows.said(flow)
    about = telling.about(session, shop, flow, so_far)
    key = so_far.people[0]
    patient_id = charting.charted(session, shop, flow, so_far)[key]
    flows.keep(session, flow, so_far)
    waiting.join(session, patient_id, choosing.is_new(key), wanted)
    _note(session, Kind.WAITING, shop, replace(about, patient_id=patient_id))


def _refuse_many(session: Session, shop: Shop, patient_id: int) -> None:
    """Nobody books without end. Raises TooManyOpen."""
    if len(asking.others_of(session, patient_id, now(), now() + AHEAD)) >= shop.most:
        raise TooManyOpen


def _note(session: Session, kind: Kind, shop: Shop, about: About, **of: int) -> None:
    entries.note(
        session,
        kind,
        store_id=shop.store_id,
        patient_id=about.patient_id,
        new=about.new,
        answers=about.answers,
        **of,  # type: ignore[arg-type]
    )
