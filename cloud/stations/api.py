"""Stations for other programs: who waits, and the same moves with the same refusals as on the pages, as JSON."""

from collections.abc import Iterable
from typing import Any

import msgspec
from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.calls import sending
from cloud.queue import calling, queries, services
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.choices import Through
from cloud.queue.errors import NoSuch, NotDrawn, Refused
from cloud.queue.models import Step
from cloud.queue.queries import InLine
from cloud.stations import wording

bp = Blueprint("stations_api", __name__, url_prefix="/api/v1", description="Who waits at which station, and calls")


@bp.get("/stations")
@needs(May.WORK_STATIONS)
def stations() -> ResponseReturnValue:
    """Stations of the store one works in, each with its line in the order of the calls to come."""
    there = queries.stations(db(), _store())
    rows = queries.open_steps(db(), [one.id for one in there])
    return _json(
        {
            "stations": [
                {
                    **{"id": one.id, "sort": one.sort, "names": one.names, "paid_first": one.paid_first},
                    "line": [_plain(row) for row in rows if row.step.station_id == one.id],
                }
                for one in there
            ]
        }
    )


@bp.post("/stations/<int:station_id>/next")
@needs(May.WORK_STATIONS)
def call_next(station_id: int) -> ResponseReturnValue:
    """Call whose turn it is; ``desk`` is the door they are called to. 409 where nobody is."""
    try:
        station = queries.station(db(), station_id, _store())
        number = _told().get("desk")
        desk = queries.desk(db(), number, station.id) if isinstance(number, int) else None
        one, _call = sending.next_(db(), station, desk, by=me().staff_id, through=Through.API)
    except NoSuch:
        abort(404)
    except Refused as refusal:
        return _refused(refusal)
    return _json(_plain(one))


@bp.post("/steps/<int:step_id>/<becomes>")
@needs(May.WORK_STATIONS)
def turn(step_id: int, becomes: str) -> ResponseReturnValue:
    """Move a step on; ``reason`` where one is needed. 404 for what is not there, 409 for what cannot be.

    ``moved`` hands on to ``station``, there to ``staff`` alone where somebody is named; ``planned`` puts ``station``
    after it. Both answer with the step at that station.
    """
    if becomes not in set(State):
        abort(404)
    try:
        one = queries.step(db(), step_id, _store())
        found = _move(one, State(becomes))
    except NoSuch:
        abort(404)
    except Refused as refusal:
        return _refused(refusal)
    return _json(_plain(found))


def _move(one: InLine, becomes: State) -> InLine:
    stamp: dict[str, Any] = {"by": me().staff_id, "through": Through.API}
    why = str(_told().get("reason", "")).strip()[:200]
    match becomes:
        case State.CALLED:
            sending.this(db(), one, None, **stamp)
        case State.MISSED:
            calling.missed(db(), one, **stamp)
        case State.MOVED:
            return InLine(services.transfer(db(), one, _station(), staff_id=_staff(), why=why, **stamp), one.stay)
        case State.PLANNED:
            return InLine(_plan(one, stamp), one.stay)
        case _:
            services.turn(db(), one, becomes, why=why, **stamp)
    return one


def _plan(one: InLine, stamp: dict[str, Any]) -> Step:
    """Raises NotDrawn once somebody has gone, NoSuch."""
    if one.stay.state != Here.HERE:
        raise NotDrawn(one.stay.machine, one.stay.state, str(State.PLANNED))
    return services.line_up(db(), one.stay, _station(), planned=True, **stamp)


def _station() -> int:
    """The one that is named, of those that are open. Raises NoSuch."""
    return _named("station", (one.id for one in queries.stations(db(), _store())))


def _staff() -> int | None:
    """Who is named, of those at work in the store; None where nobody is. Raises NoSuch."""
    if _told().get("staff") is None:
        return None
    return _named("staff", (one.id for one in accounts.staff_of(db(), _store())))


def _named(what: str, there: Iterable[int]) -> int:
    wanted = _told().get(what)
    found = next((one for one in there if one == wanted), None)
    if found is None:
        raise NoSuch
    return found


def _store() -> int:
    store = me().store
    if store is None:
        raise NoSuch
    return store.id


def _told() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _plain(one: InLine) -> dict[str, object]:
    step, stay = one.step, one.stay
    return {
        **{"id": step.id, "ticket": stay.ticket, "patient_id": stay.patient_id, "state": step.state},
        **{
            "desk": step.desk_id,
            "before": one.before,
            "queued_at": step.queued_at,
            "turn": step.turn,
            "priority": stay.priority,
        },
    }


def _json(found: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(found), status, mimetype="application/json")


def _refused(refusal: Refused) -> Response:
    """Nothing was changed; ``error`` names the refusal, ``text`` says it in the reader's language."""
    return _json({"error": type(refusal).__name__, "text": wording.refusal(refusal)}, 409)


@bp.errorhandler(NoSuch)
def _missing(_refusal: NoSuch) -> ResponseReturnValue:
    abort(404)
