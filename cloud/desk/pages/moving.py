"""Another time for a visit: what is in the way is said before anything is saved; the last move can be undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import asking, finding, listing, once, overbooking, services, trying
from cloud.booking.asking import Ask, View
from cloud.booking.choices import By
from cloud.booking.errors import Gone, NoSuchMove, NotOffered, Overlaps, WantsReason
from cloud.booking.trying import Tried
from cloud.desk import board, wording
from cloud.desk.pages.blueprint import bp, day_asked, instant, today
from cloud.desk.pages.calendar import movable
from cloud.desk.pages.counter import wish_asked
from cloud.desk.reasons import speaker
from cloud.people import queries as people
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Channel, Who
from cloud.schedule.models import Resource
from cloud.web.times import when

LONGEST = 200  # letters of a reason


def _ask(found: Any, wanted: int | None = None) -> Ask:
    some = frozenset({wanted}) if wanted else frozenset[int]()
    who = Who(found.who)
    return Ask(found.store_id, found.type_id, who, Channel.DESK, besides=frozenset({found.id}), wanted=some)


@bp.get("/visits/<int:visit_id>/times")
@needs(May.BOOK)
def times(visit_id: int) -> ResponseReturnValue:
    """Times of a day at which it could be instead: for whoever has no pointer, or no script."""
    found = listing.one(db(), visit_id)
    store = accounts.store(db(), found.store_id)
    on = max(day_asked(), today())
    ask = _ask(found, request.args.get("wish", type=int))
    seen = asking.view(db(), ask, on, on) if movable(found.state) else None
    free = asking.times(seen, on) if seen else []
    return render_template(
        "desk/times.html",
        **{"visit": found, "patient": people.patient(db(), found.patient_id), "on": on, "store": store},
        **{"type": board.named_types(db()).get(found.type_id, ""), "times": free, "wishes": _wishes(found)},
        **{"next": finding.next_day(db(), ask, on) if not free and seen else None, "movable": movable(found.state)},
        **{"asked_wish": request.args.get("wish", ""), "today": today(), "whole_day": wording.whole_day},
        step=timedelta(days=1),
    )


def _wishes(found: Any) -> list[tuple[str, str]]:
    everybody = schedule.resources(db(), found.store_id)
    return [("", _("Anybody")), *((str(one.id), one.name) for one in everybody if one.kind == "person")]


@bp.get("/booking/marks")
@needs(May.BOOK)
def marks() -> ResponseReturnValue:
    """Where in the columns of a calendar a visit, or one of a type, could begin: instants by resource."""
    visit = request.args.get("visit", type=int)
    ask = _ask(listing.one(db(), visit)) if visit else wish_asked().ask
    if ask is None:
        raise BadRequest
    first, last = day_asked("first"), day_asked("last")
    days = [first + timedelta(days=number) for number in range(min((last - first).days, 6) + 1)]
    seen = asking.view(db(), ask, first, days[-1]) if days else None
    told = {one.id: _marked(seen, one.id, days) for one in _beginning(seen, whole=bool(visit))} if seen else {}
    return jsonify(told)


def _beginning(seen: View, whole: bool) -> list[Resource]:
    """Whoever serves a visit that is in the hand, at any part of it; of a type whoever serves its first segment."""
    if whole:
        return seen.able()
    skills = {need.skill for need in seen.recipe.needs.get(seen.recipe.segments[0].id, ())}
    return [one for one in seen.able() if skills & set(one.skills)]


def _marked(seen: View, resource_id: int, days: list[date]) -> list[str]:
    mine = replace(seen, ask=replace(seen.ask, wanted=frozenset({resource_id})))
    return [at.isoformat() for on in days for at in asking.times(mine, on)]


@bp.get("/visits/<int:visit_id>/try")
@needs(May.BOOK)
def tried(visit_id: int) -> ResponseReturnValue:
    """What would be in the way at another time; nothing is changed."""
    found = listing.one(db(), visit_id)
    at, wanted = instant(request.args.get("at", "")), request.args.get("resource", type=int)
    page = {
        **{"visit": found, "patient": people.patient(db(), found.patient_id), "at": at},
        **{"back": request.args.get("back", "")[:200], "type": board.named_types(db()).get(found.type_id, "")},
        **{"fits": False, "may_overbook": False, "near": (), "resource": None},
    }
    return render_template("desk/moving.html", **page | _answer(found, at, wanted))


def _answer(found: Any, at: datetime, wanted: int | None) -> dict[str, Any]:
    if not movable(found.state):
        return {"reasons": [_("This visit cannot be moved any more.")]}
    zone = accounts.store(db(), found.store_id).zone
    try:
        seen = trying.tried(db(), _ask(found, wanted), at, found.patient_id, zone)
    except NotOffered:
        return {"reasons": [_("This type is not booked here any more.")]}
    resource = seen.seen.plan.resources.get(wanted or 0)
    unable = (
        [_("%(name)s does not do this", name=resource.name)] if resource and resource not in seen.seen.able() else []
    )
    told = {
        "resource": resource,
        "near": [one for one in seen.near if one != found.shown_at],
        "fits": seen.fits and not unable,
    }
    beside = May.OVERBOOK in me().may and not unable and not seen.meets
    return {**told, "may_overbook": beside, "reasons": [*unable, *_said(seen)]}


def _said(seen: Tried) -> list[str]:
    """All that is in the way, in sentences."""
    speaks = speaker(db(), seen.seen, seen.why)
    meets = [_("The patient has another visit at %(time)s", time=when(one.shown_at)) for one in seen.meets]
    off = [] if seen.marked or seen.why else [_("This type does not begin at such a time")]
    return [*meets, *speaks.says(seen.why), *off]


@bp.post("/visits/<int:visit_id>/move")
@needs(May.BOOK)
def move(visit_id: int) -> ResponseReturnValue:
    """Another time, as a swap."""
    listing.one(db(), visit_id)
    at, wanted = (
        instant(request.values.get("instead") or request.values.get("at", "")),
        request.values.get("resource", type=int),
    )

    why = " ".join(request.form.get("why", "").split())[:LONGEST]
    beside = request.form.get("overbook") == "yes"
    if beside and May.OVERBOOK not in me().may:
        abort(403)

    def did(session: Session) -> int:
        found = listing.one(session, visit_id)
        if beside:
            some = _serving_then(session, found, wanted)
            return overbooking.move(session, found, _ask(found), at, resources=some, by=me().staff_id, why=why).id
        return services.move(session, found, _ask(found, wanted), at, by=me().staff_id, through=By.STAFF).id

    return _moved(visit_id, did)


def _serving_then(session: Session, found: Any, wanted: int | None) -> list[int]:
    """Whoever serves it now, with ``wanted`` in the place of whoever does the same."""
    everybody = {one.id: one for one in schedule.resources(session, found.store_id)}
    recipe = schedule.recipe(session, found.type_id)
    serve = {part.resource_id for part in listing.parts(session, [found.id]).get(found.id, ())}
    if wanted not in everybody or recipe is None:
        return sorted(serve)
    does = recipe.skills() & set(everybody[wanted].skills)
    return sorted({wanted, *(one for one in serve if not does & set(everybody[one].skills))})


@bp.post("/visits/<int:visit_id>/undo")
@needs(May.BOOK)
def undo(visit_id: int) -> ResponseReturnValue:
    """Back to where it was moved from, to whoever served it there."""
    found = listing.one(db(), visit_id)
    was = listing.moved_from(db(), found.id)
    if was is None:
        abort(409)
    parts = listing.parts(db(), [was.id]).get(was.id, ())
    at, served = was.shown_at, frozenset(part.resource_id for part in parts)

    def did(session: Session) -> int:
        found = listing.one(session, visit_id)
        ask = Ask(
            found.store_id, found.type_id, Who(found.who), Channel.DESK, besides=frozenset({visit_id}), wanted=served
        )
        return services.move(session, found, ask, at, by=me().staff_id, through=By.STAFF).id

    return _moved(visit_id, did, undone=True)


def _moved(visit_id: int, deed: Callable[[Session], int], undone: bool = False) -> ResponseReturnValue:
    try:
        new = once.settled(engine(), me().tenant_id, deed)
    except (Gone, NotOffered):
        flash(_("That time is taken meanwhile; the visit is where it was."), "warning")
        new = visit_id
    except Overlaps:
        flash(_("The patient has another visit at that time; the visit is where it was."), "warning")
        new = visit_id
    except NoSuchMove:
        flash(_("This visit cannot be moved any more; nothing was changed."), "warning")
        new = visit_id
    except WantsReason:
        flash(_("Say why it is put there all the same; the visit is where it was."), "warning")
        new = visit_id
    else:
        if undone:
            flash(_("The visit is back where it was."), "good")
    if request.form.get("back") == "visit":
        return redirect(url_for("desk.visit", visit_id=new), 303)
    return redirect(_calendar(None if undone or new == visit_id else new), 303)


def _calendar(moved: int | None) -> str:
    """The calendar as it was looked at, with the visit that was moved."""
    asked: dict[str, Any] = dict(parse_qsl(request.form.get("back", "").lstrip("?"))) | request.args.to_dict()
    kept = {name: asked[name] for name in ("day", "view", "by", "of") if name in asked}
    return url_for("desk.calendar", **kept, moved=moved)
