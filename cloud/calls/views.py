"""The waiting-room screen: a page for a television, readable across the room, that says when it has drawn a call."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from time import monotonic
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine, public
from cloud.calls import screens, sending
from cloud.calls.choices import LANGUAGES, SHOWN
from cloud.calls.screens import Place
from cloud.kernel.clock import now
from cloud.kernel.database import let_in, unit_of_work
from cloud.kernel.hashing import digest
from cloud.kernel.live import Closed, Hub
from cloud.queue import queries
from cloud.queue.choices import SERVED
from cloud.queue.choices import Step as State
from cloud.queue.errors import NoSuch

T = TypeVar("T")
bp = Blueprint("calls", __name__, template_folder="templates")
DOOR = "queue_screen_holder"
HUB = "emmetra.hub"
SEEN_SECONDS = 60  # so often it is written down that somebody reads it
KNOWN = 4096  # screens a process knows the place of
NOTED = 512  # answers of screens that it need not look up again
FRESH_SECONDS = 5  # a call blinks so long
at_once = screens.Together()
CLOSED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@bp.get("/screen/<token>")
@public
def screen(token: str) -> ResponseReturnValue:
    """The page of a screen."""
    place = _known(token)
    with unit_of_work(place.engine, place.tenant_id) as session:
        page = render_template("calls/screen.html", token=token, **_page(session, place))
    return Response(page, headers=CLOSED)


@bp.get("/screen/<token>/part")
@public
def screen_part(token: str) -> ResponseReturnValue:
    """Its living part, drawn once for all who show the same and ask at the same time."""
    return Response(_shared(token, _part), headers=CLOSED)


def _part(session: Session, place: Place) -> str:
    """Nothing of whoever asks is in it: others are shown it, too."""
    return render_template("calls/screen_part.html", **_page(session, place))


def _known(token: str) -> Place:
    """Where an address leads."""
    return _shared(token, _itself)


def _itself(_session: Session, place: Place) -> Place:
    return place


def _shared(token: str, make: Callable[[Session, Place], T]) -> T:
    """What is made for all who ask at the same time; that their addresses lead there still is asked along with it."""
    shown = digest(token)
    place = _place(engine(), shown, int(monotonic() + _turn(shown)) // SEEN_SECONDS)
    made, leading = at_once.made((place, make), lambda: _within(place, make))
    if shown not in leading:
        abort(404)
    return made


def _within(place: Place, make: Callable[[Session, Place], T]) -> tuple[T, frozenset[str]]:
    with unit_of_work(place.engine, place.tenant_id) as session:
        return make(session, place), screens.leading(session, place.store_id)


def _turn(shown: str) -> int:
    """The second of its own in which a screen is looked up: a hall has many."""
    return int(shown[:4], 16) % SEEN_SECONDS


@lru_cache(maxsize=KNOWN)
def _place(of: Engine, shown: str, _while: int) -> Place:
    """What never changes of a screen; that somebody reads it is written down with it."""
    with let_in(of, DOOR, shown) as inside:
        if inside is None:
            abort(404)
        session, found = inside
        one = screens.screen(session, found.screen_id)
        one.seen_at = now()
        return Place(of, found.of_tenant, one.store_id, tuple(one.stations))


def _page(session: Session, shown: Place) -> dict[str, Any]:
    rows = sending.shown(session, shown.store_id, SHOWN, shown.stations)
    saying = queries.saying(session, shown.store_id)
    stations = queries.stations(session, shown.store_id)
    doors = {one.id: one for one in queries.desks(session, [one.id for one in stations])}
    return {
        **{"rows": rows, "store": accounts.store(session, shown.store_id), "moment": now()},
        **{"doors": doors, "stations": {one.id: one for one in stations}, "fresh": FRESH_SECONDS},
        **{"languages": saying.languages if saying else list(LANGUAGES), "here": (State.CALLED, *SERVED)},
        "waiting": _waiting(session, shown, [one.id for one in stations]),
    }


def _waiting(session: Session, shown: Place, all_: list[int]) -> dict[int, list[str]]:
    """Tickets in line, by station, as far as a screen has room for them."""
    wanted = shown.stations or all_
    found: dict[int, list[str]] = {one: [] for one in wanted}
    for one in queries.open_steps(session, wanted):
        if one.before is not None:
            found[one.step.station_id].append(one.stay.ticket)
    return {station: tickets for station, tickets in found.items() if tickets}


@bp.post("/screen/<token>/shown")
@public
def shown(token: str) -> ResponseReturnValue:
    """The screen has drawn these calls."""
    drawn = request.get_json(silent=True) or []
    if not isinstance(drawn, list) or len(drawn) > SHOWN or not all(isinstance(one, str) for one in drawn):
        abort(422)
    place, names = _known(token), frozenset(drawn)
    at_once.made((place, names), lambda: _note(place, names))
    return Response("", 204, CLOSED)


@lru_cache(maxsize=NOTED)
def _note(place: Place, drawn: frozenset[str]) -> None:
    """Once: what was drawn stays drawn, and a hall's screens all say so of the same calls."""
    with unit_of_work(place.engine, place.tenant_id) as session:
        for call, _step, _stay in sending.shown(session, place.store_id, SHOWN, place.stations):
            if f"{call.uid}/{call.turn}" in drawn:
                sending.drawn(session, call)


@bp.get("/screen/<token>/live")
@public
def live(token: str) -> ResponseReturnValue:
    """A word whenever the queue of the screen's store has changed; never what."""
    asks, hub = _known(token), current_app.extensions[HUB]
    words = _words(hub, asks.store_id, asks.tenant_id)
    return Response(words, mimetype="text/event-stream", headers=CLOSED | {"X-Accel-Buffering": "no"})


def _words(hub: Hub, store_id: int, tenant_id: int) -> Iterator[str]:
    with hub.page(tenant_id, 0) as page:
        yield "retry: 1000\n\n"
        try:
            while True:
                heard = page.next()
                if heard is None:
                    yield "event: beat\ndata: {}\n\n"
                elif (heard[1].topic, heard[1].store_id) == ("queue", store_id):
                    yield f"id: {heard[0]}\ndata: queue\n\n"
        except Closed:
            return


@bp.errorhandler(NoSuch)
def _ended(_refusal: NoSuch) -> ResponseReturnValue:
    abort(404)
