"""A request: who asks, times that would suit, and one of three answers to it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import finding, once, pending, requests
from cloud.booking.asking import Ask
from cloud.booking.errors import Gone, NobodyKnown, NotOffered, Overlaps, TooMany, WantsReason, WishOver
from cloud.desk import wording
from cloud.desk.pages.blueprint import bp, instant
from cloud.desk.pages.queue import windows
from cloud.kernel import audit
from cloud.kernel.clock import local, now
from cloud.people import phones
from cloud.people import queries as people
from cloud.people import services as registering
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Channel, Who
from cloud.slots.day import first_real

OFFERED = 8  # people who may be the one who asks


@bp.get("/queue/requests/<int:request_id>")
@needs(May.BOOK)
def wish(request_id: int) -> ResponseReturnValue:
    """What somebody asks for, and times that would suit."""
    found = pending.request(db(), request_id)
    if found.patient_id:
        audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=found.patient_id, page="request")
    return _page(found)


def _page(found: Any, wrong: str = "") -> str:
    store = accounts.store(db(), found.store_id)
    types = schedule.booked_by(db(), found.store_id, Channel.DESK)
    chosen = request.values.get("type", type=int) or found.type_id
    words = request.args.get("q", "").strip() or _guess(found)
    some = people.search(db(), words, OFFERED + 1) if words and not found.patient_id else ()
    patient = people.patient(db(), found.patient_id) if found.patient_id else None
    return render_template(
        "desk/request.html",
        one=found,
        wrong=wrong,
        store=store,
        words=words,
        found=some[:OFFERED],
        more=len(some) > OFFERED,
        patient=patient,
        types={one.id: wording.said(one.names, one.code) for one in types},
        type=chosen,
        days=_days(found, _ask(found, chosen), store.zone) if chosen else [],
        windows=windows(found),
        offered=pending.offered(db(), found.id),
        wishes=wording.wishes(),
        waits=found.state in requests.WAITS,
        whole_day=wording.whole_day,
        most=requests.MOST_TIMES,
    )


def _guess(found: Any) -> str:
    person = found.person or {}
    return " ".join(filter(None, (person.get("family", ""), person.get("given", ""))))


def _ask(found: Any, type_id: int) -> Ask:
    who = Who.EXISTING if found.patient_id and not found.person else Who.NEW
    return Ask(found.store_id, type_id, who, Channel.DESK)


def _days(found: Any, ask: Ask, name: str) -> list[tuple[date, list[datetime]]]:
    """For each window the times that are free in it."""
    told: dict[date, list[datetime]] = {}
    for text, first, last in found.windows:
        on = date.fromisoformat(text)
        if on >= local(now(), name).date():
            told.setdefault(on, []).extend(_within(ask, on, _at(on, first, name), _at(on, last, name)))
    return [(on, sorted(set(times))) for on, times in sorted(told.items())]


def _at(on: date, minutes: int, name: str) -> datetime:
    at = min(minutes, 24 * 60 - 1)
    return first_real(datetime.combine(on, time(at // 60, at % 60)), ZoneInfo(name), fold=int(minutes != at))


def _within(ask: Ask, on: date, first: datetime, last: datetime) -> Sequence[datetime]:
    return [at for at in finding.times(db(), ask, on, on).get(on, []) if first <= at <= last]


@bp.post("/queue/requests/<int:request_id>/known")
@needs(May.BOOK, May.EDIT_PATIENTS)
def known(request_id: int) -> ResponseReturnValue:
    """Who it is: somebody of the chain, or a new record with what they said of themselves."""
    found = pending.request(db(), request_id)
    patient = request.values.get("patient", type=int)
    if patient:
        requests.known_as(db(), found, people.patient(db(), patient).id)
    elif found.patient_id is None and found.person:
        requests.known_as(db(), found, _registered(found.person, found.store_id))
    return redirect(url_for("desk.wish", request_id=request_id), 303)


def _registered(person: dict[str, str], home: int) -> int:
    """A record of what somebody said of themselves."""
    born = person.get("born")
    made = registering.register(
        db(),
        family_name=person.get("family") or "?",
        given_name=person.get("given"),
        birth_date=date.fromisoformat(born) if born else None,
        language=person.get("language"),
        phone=person.get("phone") if phones.fits("phone", person.get("phone") or "") else None,
        home_store_id=home,
        by=me().staff_id,
    )
    return made.id


@bp.post("/queue/requests/<int:request_id>/book")
@needs(May.BOOK)
def answer(request_id: int) -> ResponseReturnValue:
    """One of the times is booked for them."""
    found = pending.request(db(), request_id)
    kind, at = request.values.get("type", type=int) or found.type_id, instant(request.values.get("time", ""))
    if kind is None:
        return _page(found, _("Choose a type first.")), 422

    def did(work: Session) -> int:
        mine = pending.request(work, request_id)
        return requests.answer_with(work, mine, _ask(mine, kind), at, by=me().staff_id).id

    return _settled(found, did)


@bp.post("/queue/requests/<int:request_id>/propose")
@needs(May.BOOK)
def propose(request_id: int) -> ResponseReturnValue:
    """Up to three times to choose from; each is kept for them until then."""
    found = pending.request(db(), request_id)
    kind = request.values.get("type", type=int) or found.type_id
    times = [instant(one) for one in request.form.getlist("times")]
    if kind is None or not times:
        return _page(found, _("Choose the type and one to three times.")), 422

    def did(work: Session) -> None:
        mine = pending.request(work, request_id)
        requests.propose(work, mine, _ask(mine, kind), times, by=me().staff_id)

    return _settled(found, did)


@bp.post("/queue/requests/<int:request_id>/decline")
@needs(May.BOOK)
def decline(request_id: int) -> ResponseReturnValue:
    """The practice cannot; the sentence is told to whoever asked."""
    found = pending.request(db(), request_id)
    why = " ".join(request.form.get("why", "").split())[:200]

    def did(work: Session) -> None:
        requests.decline(work, pending.request(work, request_id), by=me().staff_id, why=why)

    return _settled(found, did)


def _settled(found: Any, deed: Callable[[Session], Any]) -> ResponseReturnValue:
    try:
        told = once.settled(engine(), me().tenant_id, deed)
    except tuple(_refusals()) as refusal:
        return _page(found, _refusals()[type(refusal)]), 409
    if isinstance(told, int):
        flash(_("Booked."), "good")
        return redirect(url_for("desk.visit", visit_id=told), 303)
    return redirect(url_for("desk.queue"), 303)


def _refusals() -> dict[type[Exception], str]:
    return {
        Gone: _("One of these times is taken meanwhile. Nothing was changed."),
        NotOffered: _("This type is not booked at the desk for such a patient."),
        Overlaps: _("The patient has another visit at that time. Nothing is booked."),
        NobodyKnown: _("Say first who it is."),
        TooMany: _("At most three times."),
        WantsReason: _("Write a sentence that is told to whoever asked."),
        WishOver: _("This request was answered already."),
    }
