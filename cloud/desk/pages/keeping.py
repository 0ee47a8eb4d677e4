"""A time is held while somebody types, then booked; or somebody stands here and is taken now."""

from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import asking, glance, holding, listing, once, overbooking, services, waiting
from cloud.booking.asking import Ask
from cloud.booking.choices import By, State
from cloud.booking.errors import Gone, NotOffered, Overlaps, RanOut, TooManyHolds, WaitsAlready
from cloud.desk import board, wording
from cloud.desk.pages.blueprint import bp, day_asked, instant, today, zone
from cloud.desk.pages.counter import Wish, kept, links, page, patient_asked, searched, wish_asked
from cloud.kernel.clock import local, now
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Channel
from cloud.web.times import day as shown_day

LONGEST = 500  # letters of what the patient comes for


@bp.post("/booking/hold")
@needs(May.BOOK)
def hold() -> ResponseReturnValue:
    """Keep a time while somebody types."""
    wish, at = wish_asked(), instant(request.values.get("time", ""))
    if wish.ask is None:
        raise BadRequest
    ask = wish.ask
    try:
        _number, token = once.settled(
            engine(), me().tenant_id, lambda work: _held(work, ask, at, f"staff {me().staff_id}")
        )
    except (Gone, NotOffered):
        return _again(wish, _("That time is taken meanwhile. These are still there."))
    except TooManyHolds:
        return _again(wish, _("Three other times are being held for you already; finish one of them first."))
    session["desk_hold"] = token
    return redirect(url_for("desk.confirm", **kept()), 303)


def _held(work: Session, ask: Ask, at: datetime, holder: str) -> tuple[int, str]:
    held, token = holding.hold(work, ask, at, holder)
    return held.id, token


def _again(wish: Wish, says: str, status: int = 409) -> tuple[str, int]:
    return render_template("desk/counter.html", says=says, **page(wish)), status


@bp.get("/booking/confirm")
@needs(May.BOOK)
def confirm() -> ResponseReturnValue:
    """The time that is held, and for whom it will be booked."""
    try:
        held = holding.held(db(), session.get("desk_hold", ""))
    except RanOut:
        flash(_("The time was held for a while and is free again. Choose one."), "warning")
        return redirect(url_for("desk.counter", **kept()), 303)
    return _confirm_page(held)


def _confirm_page(held: Any, wrong: str = "", other: int | None = None) -> str:
    may_twice = schedule.policy(db(), held.store_id).overlap == "warn"
    shown = {
        **{"other": listing.one(db(), other) if other else None, "may_twice": may_twice, "typed": request.form},
        **searched(wish_asked()),
        **{"held": held, "type": board.named_types(db()).get(held.type_id, ""), "wrong": wrong, "zone": zone()},
        **{"serving": _serving(held), "whole_day": wording.whole_day, "on": local(held.shown_at, zone()).date()},
    }
    return render_template("desk/confirm.html", **shown, **links(kept()))


def _serving(held: Any) -> list[str]:
    names = schedule.names(db(), held.store_id)
    return list(dict.fromkeys(names.get(one, "") for one in listing.held_by(db(), held.id)))


@bp.post("/booking/confirm")
@needs(May.BOOK)
def book() -> ResponseReturnValue:
    """The held time becomes a visit."""
    patient = patient_asked(request.values.get("patient", type=int))
    token = session.get("desk_hold", "")
    if patient is None:
        return _refused(token, _("Choose whose visit it is."))
    told = {name: " ".join(request.form.get(name, "").split())[:LONGEST] or None for name in ("reason", "note")}
    try:
        visit = once.settled(engine(), me().tenant_id, lambda work: _booked(work, token, patient.id, told))
    except RanOut:
        flash(_("The time was held for a while and is free again. Choose one."), "warning")
        return redirect(url_for("desk.counter", **kept()), 303)
    except Overlaps as overlap:
        said = _("The patient has another visit at that time. Nothing is booked yet.")
        return _refused(token, said, overlap.other)
    session.pop("desk_hold", None)
    flash(_("Booked."), "good")
    return redirect(url_for("desk.visit", visit_id=visit), 303)


def _booked(work: Session, token: str, patient_id: int, told: dict[str, str | None]) -> int:
    held = holding.held(work, token)
    about: dict[str, Any] = {"channel": Channel.DESK, "booked_by": me().staff_id, **told}
    return services.book_held(work, held, patient_id, twice=request.form.get("twice") == "yes", **about).id


def _refused(token: str, wrong: str, other: int | None = None) -> ResponseReturnValue:
    try:
        return _confirm_page(holding.held(db(), token), wrong, other), 422
    except RanOut:
        return redirect(url_for("desk.counter", **kept()), 303)


@bp.post("/booking/let-go")
@needs(May.BOOK)
def let_go() -> ResponseReturnValue:
    """Another time is wanted: the held one is free again."""
    token = session.pop("desk_hold", "")
    once.settled(engine(), me().tenant_id, lambda work: holding.let_go(work, token))
    return redirect(url_for("desk.counter", **kept()), 303)


@bp.post("/booking/walk-in")
@needs(May.BOOK)
def walk_in() -> ResponseReturnValue:
    """Somebody stands here: the next free time of today, or now beside others with a reason; arrived at once."""
    wish = wish_asked()
    if wish.ask is None or wish.patient is None:
        return _again(wish, _("Choose the patient and the type of visit first."))
    ask, patient, why = wish.ask, wish.patient.id, " ".join(request.form.get("why", "").split())[:200]
    beside = request.form.get("beside") == "yes"
    if beside and May.OVERBOOK not in me().may:
        return _again(wish, _("Only clinicians and managers put a visit beside others."), 403)
    if beside and not ask.wanted:
        return _again(wish, _("Choose with whom: a visit beside others is somebody's."))
    if beside and not why:
        return _again(wish, _("Say why the visit is put beside others."))
    try:
        visit = once.settled(
            engine(), me().tenant_id, lambda work: _walked_in(work, ask, patient, why if beside else "")
        )
    except (Gone, NotOffered):
        return _again(wish, _("Nothing is free any more today."))
    except Overlaps:
        return _again(wish, _("The patient has another visit at that time. Nothing is booked."))
    return redirect(url_for("desk.visit", visit_id=visit), 303)


@bp.post("/booking/wait")
@needs(May.BOOK)
def wait() -> ResponseReturnValue:
    """Nothing suits: the patient is told when a time becomes free, until the day that was said."""
    wish = wish_asked()
    if wish.ask is None or wish.patient is None:
        return _again(wish, _("Choose the patient and the type of visit first."))
    ask, patient, until = wish.ask, wish.patient.id, max(day_asked("until"), today())
    wanted = waiting.Wanted(ask.type_id, frozenset({ask.store_id}), today(), until, ask.wanted)
    try:
        once.settled(engine(), me().tenant_id, lambda work: waiting.join(work, patient, ask.who, wanted).id)
    except WaitsAlready:
        return _again(wish, _("The patient is on the waiting list for this type already."))
    flash(_("On the waiting list until %(day)s.", day=shown_day(until)), "good")
    return redirect(url_for("desk.counter", **kept()), 303)


def _walked_in(work: Session, ask: Ask, patient_id: int, why: str) -> int:
    if why:
        visit = overbooking.overbook(
            work,
            ask,
            _this_quantum(),
            patient_id,
            resources=sorted(ask.wanted),
            by=me().staff_id,
            why=why,
            channel=Channel.DESK,
        )
    else:
        visit = services.book(work, ask, _next(work, ask), patient_id, booked_by=me().staff_id, channel=Channel.DESK)
    services.turn(work, visit, State.ARRIVED, by=me().staff_id, through=By.STAFF)
    return visit.id


def _next(work: Session, ask: Ask) -> datetime:
    on = today()
    seen = glance.view(work, ask, on, on)
    if seen is None:
        raise NotOffered(ask.type_id)
    times = asking.times(seen, on)
    if not times:
        raise Gone
    return times[0]


def _this_quantum() -> datetime:
    moment = now()
    return moment - timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
