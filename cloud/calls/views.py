"""The waiting-room screen: a page for a television, readable across the room, that says when it has drawn a call."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine, public
from cloud.calls import screens, sending
from cloud.calls.choices import LANGUAGES, SHOWN
from cloud.kernel.clock import now
from cloud.kernel.database import let_in
from cloud.kernel.hashing import digest
from cloud.kernel.live import Closed, Hub
from cloud.queue import queries
from cloud.queue.choices import SERVED
from cloud.queue.choices import Step as State
from cloud.queue.errors import NoSuch
from cloud.queue.models import Screen

bp = Blueprint("calls", __name__, template_folder="templates")
DOOR = "queue_screen_holder"
HUB = "emmetra.hub"
SEEN = timedelta(minutes=1)  # so often it is written down that somebody reads it
FRESH_SECONDS = 5  # a call blinks so long
CLOSED = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@bp.get("/screen/<token>")
@public
def screen(token: str) -> ResponseReturnValue:
    """The page of a screen."""
    return Response(_drawn(token, "calls/screen.html"), headers=CLOSED)


@bp.get("/screen/<token>/part")
@public
def screen_part(token: str) -> ResponseReturnValue:
    """Its living part."""
    return Response(_drawn(token, "calls/screen_part.html"), headers=CLOSED)


def _drawn(token: str, template: str) -> str:
    with let_in(engine(), DOOR, digest(token)) as inside:
        if inside is None:
            abort(404)
        session, found = inside
        return render_template(template, token=token, **_page(session, screens.screen(session, found.screen_id)))


def _page(session: Session, shown: Screen) -> dict[str, Any]:
    if shown.seen_at is None or now() - shown.seen_at > SEEN:
        shown.seen_at = now()
    rows = sending.shown(session, shown.store_id, SHOWN, shown.stations)
    saying = queries.saying(session, shown.store_id)
    stations = queries.stations(session, shown.store_id)
    doors = {one.id: one for one in queries.desks(session, [one.id for one in stations])}
    return {
        **{"rows": rows, "screen": shown, "store": accounts.store(session, shown.store_id), "moment": now()},
        **{"doors": doors, "stations": {one.id: one for one in stations}, "fresh": FRESH_SECONDS},
        **{"languages": saying.languages if saying else list(LANGUAGES), "here": (State.CALLED, *SERVED)},
        "waiting": _waiting(session, shown, [one.id for one in stations]),
    }


def _waiting(session: Session, shown: Screen, all_: list[int]) -> dict[int, list[str]]:
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
    with let_in(engine(), DOOR, digest(token)) as inside:
        if inside is None:
            abort(404)
        session, found = inside
        one = screens.screen(session, found.screen_id)
        for call, _step, _stay in sending.shown(session, one.store_id, SHOWN, one.stations):
            if f"{call.uid}/{call.turn}" in drawn:
                sending.drawn(session, call)
    return Response("", 204, CLOSED)


@bp.get("/screen/<token>/live")
@public
def live(token: str) -> ResponseReturnValue:
    """A word whenever the queue of the screen's store has changed; never what."""
    with let_in(engine(), DOOR, digest(token)) as inside:
        if inside is None:
            abort(404)
        session, found = inside
        store, tenant = screens.screen(session, found.screen_id).store_id, found.of_tenant
    hub: Hub = current_app.extensions[HUB]
    return Response(
        _words(hub, store, tenant), mimetype="text/event-stream", headers=CLOSED | {"X-Accel-Buffering": "no"}
    )


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
