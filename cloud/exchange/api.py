"""Booking for other programs: what is free, a visit, calling it off. Keys of a chain, idempotent where it matters."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from cloud.booking import entries, finding, once, services
from cloud.booking.asking import Ask
from cloud.booking.choices import By, Kind, State
from cloud.booking.errors import Gone, NoSuchMove, NotOffered, OtherQuestion, Overlaps
from cloud.booking.models import Visit
from cloud.exchange import queries, saying
from cloud.exchange.door import Enter, keyed, keyed_anew
from cloud.exchange.queries import Caller, Told
from cloud.schedule.choices import Channel, Who

bp = Blueprint("exchange_api", __name__, url_prefix="/api/v1", description="Booking for other programs")
MOST_DAYS, LONGEST_KEY = 31, 200
KEYED: list[dict[str, list[str]]] = [{"key": []}]


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be booked: a type in a store at an instant, for the person with this record number."""

    store: str
    type: str
    at: datetime
    record_number: str


def _texts(*names: str) -> list[dict[str, Any]]:
    return [{"in": "query", "name": name, "required": True, "schema": {"type": "string"}} for name in names]


@bp.get("/slots")
@bp.doc(
    summary="When a visit of a type can begin in a store",
    security=KEYED,
    parameters=_texts("store", "type", "from", "to"),
)
@keyed
def slots(caller: Caller) -> ResponseReturnValue:
    """From one day to another, both included, at most 31 of them. Days are the store's, answers instants."""
    first, last = _day("from"), _day("to")
    there = queries.place_and_kind(caller.session, request.args.get("store", ""), request.args.get("type", ""))
    if there is None:
        return _refused(404, "no_such_store_or_type")
    if first is None or last is None or not first <= last <= first + timedelta(days=MOST_DAYS - 1):
        return _refused(422, "from_and_to")
    found = finding.by_day(caller.session, Ask(*there, Who.EXISTING, Channel.ONLINE), first, last)
    return _answer(_said(found))


@bp.post("/visits")
@bp.doc(
    summary="Book a visit",
    security=KEYED,
    parameters=[{"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string"}}],
    requestBody={
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["store", "type", "at", "record_number"],
                    "properties": {
                        "store": {"type": "string"},
                        "type": {"type": "string"},
                        "at": {"type": "string", "format": "date-time"},
                        "record_number": {"type": "string"},
                    },
                }
            }
        },
    },
)
@keyed_anew
def book(enter: Enter) -> ResponseReturnValue:
    """The same request again, under the same Idempotency-Key, has the same answer and books nothing."""
    return _answered(lambda: once.tried(enter, _asked))


@bp.get("/visits/<uuid:uid>")
@bp.doc(summary="How a visit is", security=KEYED)
@keyed
def visit(caller: Caller, uid: UUID) -> ResponseReturnValue:
    """By the name it keeps when it is moved."""
    found = queries.visit(caller.session, uid)
    return _json(_plain(caller.session, found)) if found else _refused(404, "no_such_visit")


@bp.post("/visits/<uuid:uid>/cancel")
@bp.doc(summary="Call a visit off", security=KEYED)
@keyed
def cancel(caller: Caller, uid: UUID) -> ResponseReturnValue:
    """Twice is once. Too late where the type's own time for it is over."""
    found = queries.visit(caller.session, uid)
    if found is None:
        return _refused(404, "no_such_visit")
    if found.state == State.CANCELLED:
        return _json(_plain(caller.session, found))
    if services.is_late(caller.session, found):
        return _refused(409, "too_late")
    try:
        services.turn(caller.session, found, State.CANCELLED, by=None, through=By.SYSTEM)
    except NoSuchMove:
        return _refused(409, "is_over")
    _note(caller.session, found, Kind.CANCELLED)
    return _json(_plain(caller.session, found))


def _asked(caller: Caller) -> tuple[int, dict[str, Any]]:
    """What is wanted is read behind the door: whoever has no key learns nothing but that."""
    name = request.headers.get("Idempotency-Key", "")
    if not 0 < len(name) <= LONGEST_KEY:
        return 400, {"error": "idempotency_key"}
    try:
        wanted = msgspec.json.decode(request.get_data(), type=Wanted)
    except msgspec.MsgspecError:
        return 422, {"error": "body"}
    if wanted.at.tzinfo is None or "\0" in wanted.record_number + wanted.store + wanted.type:
        return 422, {"error": "body"}
    return _booked(caller, name, wanted)


def _booked(caller: Caller, name: str, wanted: Wanted) -> tuple[int, dict[str, Any]]:
    session = caller.session
    there = queries.place_and_kind(session, wanted.store, wanted.type)
    patient = queries.patient(session, wanted.record_number)
    if there is None or patient is None:
        return 404, {"error": "no_such_store_type_or_person"}
    said = {"at": wanted.at.isoformat(), "of": [*there, patient]}
    key = hashlib.sha256(f"{caller.key_id} {name}".encode()).hexdigest()
    ask = Ask(*there, Who.EXISTING, Channel.ONLINE)

    def deed() -> dict[str, Any]:
        made = services.book(session, ask, wanted.at, patient, channel=Channel.ONLINE)
        _note(session, made, Kind.BOOKED)
        return saying.plain(Told(made, wanted.type, (wanted.store, ""), (wanted.record_number, "")))

    return 201, once.once(session, key, said, deed)


def _note(session: Session, visit: Visit, kind: Kind) -> None:
    """The desk sees it at once, as it does what patients do themselves."""
    entries.note(session, kind, store_id=visit.store_id, visit_id=visit.id, patient_id=visit.patient_id)


def _answered(deed: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    try:
        status, told = deed()
    except Gone as gone:
        return _refused(409, "gone", others=[one.isoformat() for one in gone.others])
    except NotOffered:
        return _refused(409, "not_offered")
    except Overlaps:
        return _refused(409, "overlaps")
    except OtherQuestion:
        return _refused(422, "other_question")
    return _json(told, status)


def _plain(session: Session, found: Visit) -> dict[str, Any]:
    return saying.plain(queries.told(session, [found])[0])


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _said(found: tuple[tuple[date, Sequence[datetime]], ...]) -> bytes:
    return msgspec.json.encode({"slots": [at.isoformat() for _on, some in found for at in some]})


def _refused(status: int, why: str, **more: object) -> Response:
    return _json({"error": why, **more}, status)


def _json(told: object, status: int = 200) -> Response:
    return _answer(msgspec.json.encode(told), status)


def _answer(said: bytes, status: int = 200) -> Response:
    return Response(said, status, {"Cache-Control": "no-store"}, mimetype="application/json")
