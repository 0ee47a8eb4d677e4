"""Several visits in one go: the same again every so many weeks, and a family that comes together."""

from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import once, parties, series
from cloud.booking.asking import Ask
from cloud.booking.errors import Gone, NotOffered, NotRepeated, Overlaps, TooMany
from cloud.booking.parties import SIDE_BY_SIDE, Company
from cloud.desk import wording
from cloud.desk.pages.blueprint import bp, instant, zone
from cloud.desk.pages.counter import Wish, family, kept, wish_asked
from cloud.schedule.choices import Channel
from cloud.schedule.models import Type

MOST_WEEKS, MOST_VISITS = 26, 52
WAIT = 30  # minutes between the end of one and the coming of the next, at most


@bp.get("/booking/series")
@needs(May.BOOK)
def plan_series() -> ResponseReturnValue:
    """Every visit of a series, with what can be had where the same time cannot."""
    return _series_page()


def _series_page(says: str = "", status: int = 200) -> tuple[str, int]:
    wish, first, rule = _repeated()
    wished: list[series.Wished] = []
    try:
        wished = series.plan(db(), _ask(wish), first, rule)
    except (NotOffered, NotRepeated, TooMany):
        says = says or _("Such a series cannot be booked: choose one to 52 visits of a type this store offers.")
    told = {"wish": wish, "wished": wished, "kept": kept(), "says": says, "zone": zone(), "first": first}
    named = wording.said(wish.type.names, wish.type.code) if wish.type else ""
    return render_template("desk/series.html", type=named, weekday=wording.weekday, **_told(), **told), status


def _repeated() -> tuple[Wish, datetime, str]:
    """Whose series, its first visit, and its rule. Raises BadRequest."""
    wish, first = wish_asked(), instant(request.values.get("time", ""))
    if wish.ask is None or wish.patient is None:
        raise BadRequest
    every, count = (_number(name, most) for name, most in (("every", MOST_WEEKS), ("count", MOST_VISITS)))
    return wish, first, f"FREQ=WEEKLY;INTERVAL={every};COUNT={count}"


def _told() -> dict[str, int]:
    return {"every": _number("every", MOST_WEEKS), "count": _number("count", MOST_VISITS)}


def _number(name: str, most: int) -> int:
    return min(max(request.values.get(name, 1, type=int), 1), most)


def _ask(wish: Wish) -> Ask:
    if wish.ask is None:
        raise BadRequest
    return wish.ask


@bp.post("/booking/series")
@needs(May.BOOK)
def book_series() -> ResponseReturnValue:
    """The times that were accepted, all or none."""
    wish, _first, _rule = _repeated()
    ask, times = _ask(wish), [instant(one) for one in request.form.getlist("accepted") if one]
    if not times:
        return _series_page(_("Choose at least one of them."), 422)

    def did(work: Session) -> int:
        told = {"channel": Channel.DESK, "booked_by": me().staff_id}
        return len(series.book(work, ask, times, wish.patient.id, **told))

    try:
        count = once.settled(engine(), me().tenant_id, did)
    except (Gone, NotOffered, TooMany):
        return _series_page(_("One of these times is taken meanwhile. Nothing is booked."), 409)
    except Overlaps:
        return _series_page(_("The patient has another visit at one of these times. Nothing is booked."), 409)
    flash(ngettext("%(num)s visit is booked.", "%(num)s visits are booked.", count), "good")
    return redirect(url_for("desk.calendar", day=wish.on), 303)


# --- a family ----------------------------------------------------------------------------------------------------


@bp.get("/booking/party")
@needs(May.BOOK)
def plan_party() -> ResponseReturnValue:
    """When all of them can come."""
    return _party_page()


def _party_page(says: str = "", status: int = 200) -> tuple[str, int]:
    wish, members = wish_asked(), _members()
    times: list[datetime] = []
    try:
        times = parties.times(db(), _company(wish, members), wish.on, wish.on)[wish.on]
    except (NotOffered, TooMany):
        says = says or _("So many cannot be booked together, or not for this type.")
    named = wording.said(wish.type.names, wish.type.code) if wish.type else ""
    told = {"wish": wish, "members": members, "times": times, "kept": kept(), "says": says, "zone": zone()}
    told |= {"apart": request.values.get("apart", ""), "whole_day": wording.whole_day, "type": named}
    return render_template("desk/party.html", **told), status


def _members() -> list[Any]:
    """The patient and those of their family that were ticked. Raises BadRequest."""
    patient = wish_asked().patient
    if patient is None:
        raise BadRequest
    ticked = set(request.values.getlist("with", type=int))
    return [patient, *(one for one in family(patient.id) if one.id in ticked)]


def _company(wish: Wish, members: list[Any]) -> Company:
    if wish.ask is None or wish.type is None:
        raise BadRequest
    asks = tuple(Ask(wish.ask.store_id, wish.type.id, wish.who, Channel.DESK, one.birth_date) for one in members)
    return Company(asks, _apart(wish.type))


def _apart(of: Type) -> tuple[int, int]:
    return (of.shown, of.shown + WAIT) if request.values.get("apart") == "after" else SIDE_BY_SIDE


@bp.post("/booking/party")
@needs(May.BOOK)
def book_party() -> ResponseReturnValue:
    """All of them, or nobody."""
    wish, members, at = wish_asked(), _members(), instant(request.values.get("time", ""))
    company, ids = _company(wish, members), [one.id for one in members]

    def did(work: Session) -> date:
        told = {"channel": Channel.DESK, "booked_by": me().staff_id}
        parties.book(work, company, at, ids, **told)
        return wish.on

    try:
        on = once.settled(engine(), me().tenant_id, did)
    except (Gone, NotOffered, TooMany):
        return _party_page(_("That time is taken meanwhile. Nobody is booked."), 409)
    except Overlaps:
        return _party_page(_("One of them has another visit at that time. Nobody is booked."), 409)
    flash(ngettext("%(num)s visit is booked.", "%(num)s visits are booked.", len(ids)), "good")
    return redirect(url_for("desk.calendar", day=on), 303)
