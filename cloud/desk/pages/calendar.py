"""The calendar: a day of everybody, a week of somebody; on paper; and visits found by whose they are."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.booking import listing
from cloud.booking.choices import MOVES, State
from cloud.desk import board, wording
from cloud.desk.pages.blueprint import bp, day_asked, store_id, today, zone
from cloud.kernel.clock import local
from cloud.people import queries as people
from cloud.schedule.models import Resource
from cloud.slots import day as days

KEPT = ("day", "view", "by", "of", "type", "who", "patient")
FOUND = 8  # people a search of visits looks at


@bp.get("/calendar")
@needs(May.SEE_SCHEDULE)
def calendar() -> ResponseReturnValue:
    """A day or a week of the store one works in."""
    if me().store is None:
        return render_template("desk/calendar.html", board=None, **_asked())
    return render_template("desk/calendar.html", undone=_undoable(), **_page())


@bp.get("/calendar/part")
@needs(May.SEE_SCHEDULE)
def calendar_part() -> ResponseReturnValue:
    """The living part of it."""
    store_id()
    return render_template("desk/calendar_part.html", **_page())


def _asked() -> dict[str, Any]:
    """What the address asks for, in words this page knows."""
    on, by = day_asked(), request.args.get("by", "person")
    week = request.args.get("view") == "week"
    by = by if by in board.SORTS else "person"
    return {"on": on, "week": week, "by": by, "today": today(), "zone": zone(), "kinds": wording.kinds()}


def _page() -> dict[str, Any]:
    asked = _asked()
    shown = board.week(asked["on"]) if asked["week"] else [asked["on"]]
    around = board.read(db(), store_id(), shown)
    everybody = board.of_sort(around.plan, asked["by"], shown)
    some = _chosen(everybody) if asked["week"] else everybody
    built = board.build(around, shown, some) if some else None
    return {
        **asked,
        **{"board": built, "everybody": everybody, "of": some[0] if asked["week"] and some else None, "days": shown},
        **{"total": len(around.visits), "states": wording.states(), "weekday": wording.weekday},
        **{"title": _title(shown), "address": _address, "step": timedelta(days=7 if asked["week"] else 1)},
        **{"onward": _onward(), "last": shown[-1], "first": shown[0]},
        **{"may_book": May.BOOK in me().may, "movable": movable, "arrives": arrives, "offset": _offset},
    }


def _chosen(everybody: Sequence[Resource]) -> list[Resource]:
    wanted = request.args.get("of", type=int)
    return [one for one in everybody if one.id == wanted] or list(everybody[:1])


def _title(shown: Sequence[date]) -> str:
    if len(shown) == 1:
        return wording.whole_day(shown[0])
    return f"{wording.weekday(shown[0])} – {wording.weekday(shown[-1])}"


def _address(**changed: Any) -> str:
    """This page with some of what it asks for changed."""
    kept: dict[str, Any] = {name: request.args[name] for name in KEPT if request.args.get(name)}
    return url_for("desk.calendar", **{name: what for name, what in {**kept, **changed}.items() if what})


def _onward() -> dict[str, str]:
    """What the counter knew already, so that a slot leads back to it."""
    return {name: request.args[name] for name in ("type", "who", "patient") if request.args.get(name)}


def _offset(at: datetime) -> str:
    """How far the store's clock is from UTC at an instant, as ``+01:00``."""
    return local(at, zone()).isoformat()[-6:]


def movable(state: str) -> bool:
    """Whether a visit can still be at another time."""
    return State.MOVED in MOVES[State(state)]


def arrives(state: str) -> bool:
    """Whether somebody who is expected can be said to be here."""
    return State.ARRIVED in MOVES[State(state)] and state in (State.BOOKED, State.CONFIRMED)


def _undoable() -> Any:
    """The visit that was moved just now, while it can be put back."""
    moved = request.args.get("moved", type=int)
    if not moved or May.BOOK not in me().may:
        return None
    visit = listing.one(db(), moved)
    was = listing.moved_from(db(), moved)
    if was is None or not movable(visit.state):
        return None
    return {"visit": visit, "was": was, "patient": people.patient(db(), visit.patient_id)}


@bp.get("/calendar/paper")
@needs(May.SEE_SCHEDULE)
def paper() -> ResponseReturnValue:
    """The day of everybody of one sort, a list each, for the wall and for the day the line is down."""
    asked = _asked()
    around = board.read(db(), store_id(), [asked["on"]])
    everybody = board.of_sort(around.plan, asked["by"], [asked["on"]])
    built = board.build(around, [asked["on"]], everybody) if everybody else None
    page = {"board": built, "states": wording.states(), "title": wording.whole_day(asked["on"])}
    return render_template("desk/paper.html", **asked, **page)


@bp.get("/calendar/search")
@needs(May.SEE_SCHEDULE, May.SEE_PATIENTS)
def search() -> ResponseReturnValue:
    """Visits by name, telephone or record number of whose they are, on one day or any."""
    words, on = request.args.get("q", "").strip(), request.args.get("day", "")
    found = people.search(db(), words, FOUND) if words else ()
    around = None
    if on:
        asked = days.of(day_asked(), zone())
        around = asked.begins, asked.ends
    visits = listing.of_patients(db(), store_id(), [one.id for one in found], around) if found else ()
    return render_template(
        "desk/search.html",
        words=words,
        on=on,
        visits=visits,
        patients={one.id: one for one in found},
        types=board.named_types(db()),
        states=wording.states(),
    )
