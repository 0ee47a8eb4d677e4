"""The read side of FHIR R4 for other practice systems: Appointment, Schedule, Slot; with a chain's key."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.booking import finding
from cloud.booking.asking import Ask
from cloud.booking.models import Visit
from cloud.exchange import fhir, queries
from cloud.exchange.door import keyed
from cloud.exchange.queries import Caller
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Channel, Who
from cloud.slots.day import of as day_of

bp = Blueprint("exchange_fhir", __name__, url_prefix="/fhir")
MEDIA = "application/fhir+json"


@bp.get("/metadata")
@keyed
def metadata(_caller: Caller) -> ResponseReturnValue:
    """What can be asked here."""
    kinds = [{"type": one, "interaction": [{"code": "read"}, {"code": "search-type"}]} for one in ("Appointment",)]
    kinds += [{"type": one, "interaction": [{"code": "search-type"}]} for one in ("Schedule", "Slot")]
    rest = [{"mode": "server", "resource": kinds}]
    told = {"resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1"}
    return _json({**told, "date": "2026-11-22", "format": [MEDIA], "rest": rest})


@bp.get("/Appointment/<uuid:uid>")
@keyed
def appointment(caller: Caller, uid: UUID) -> ResponseReturnValue:
    """One visit, by the name it keeps when it is moved."""
    found = queries.visit(caller.session, uid)
    if found is None:
        return _outcome(404, "not-found", "no such visit")
    told = queries.told(caller.session, [found])[0]
    return _json(fhir.appointment(told.visit, told.kind, told.store, told.patient))


@bp.get("/Appointment")
@keyed
def appointments(caller: Caller) -> ResponseReturnValue:
    """Visits of a store (``location``, its slug) on a day (``date=YYYY-MM-DD``, the store's), or by ``identifier``."""
    named = request.args.get("identifier", "").rpartition("|")[2]
    if named:
        found = [one for one in [_by_name(caller, named)] if one]
    else:
        store, on = queries.store_of(caller.session, request.args.get("location", "")), _day("date")
        if store is None or on is None:
            return _outcome(422, "required", "location and date, or identifier")
        day = day_of(on, store[1])
        found = list(queries.visits(caller.session, store[0], day.begins, day.ends))
    told = queries.told(caller.session, found)
    return _json(fhir.bundle([fhir.appointment(one.visit, one.kind, one.store, one.patient) for one in told]))


@bp.get("/Schedule")
@keyed
def schedules(caller: Caller) -> ResponseReturnValue:
    """A store (``location``) as a whole, whose free times ``Slot`` tells, and its people, rooms and devices."""
    slug = request.args.get("location", "")
    store = next((one for one in accounts.all_stores(caller.session) if one.slug == slug), None)
    if store is None:
        return _outcome(422, "required", "location")
    ours = schedule.resources(caller.session, store.id)
    named = [(f"store-{store.slug}", store.name), *((str(one.id), one.name) for one in ours)]
    return _json(fhir.bundle([fhir.schedule(id_, name, (store.slug, store.name)) for id_, name in named]))


@bp.get("/Slot")
@keyed
def slots(caller: Caller) -> ResponseReturnValue:
    """Times of a type (``service-type``) in a store (``location``) on a day (``start=YYYY-MM-DD``) that can be had."""
    store, on = queries.store_of(caller.session, request.args.get("location", "")), _day("start")
    kind = queries.kind(caller.session, request.args.get("service-type", "").rpartition("|")[2])
    if store is None or on is None or kind is None or kind.hidden:
        return _outcome(422, "required", "location, start and service-type")
    lasts = timedelta(minutes=kind.shown)
    times = finding.times(caller.session, Ask(store[0], kind.id, Who.EXISTING, Channel.ONLINE), on, on).get(on, [])
    return _json(
        fhir.bundle([fhir.slot(kind.code, f"store-{request.args['location']}", at, at + lasts) for at in times])
    )


def _by_name(caller: Caller, named: str) -> Visit | None:
    try:
        return queries.visit(caller.session, UUID(named))
    except ValueError:
        return None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, "")[:10])
    except ValueError:
        return None


def _outcome(status: int, code: str, says: str) -> Response:
    issue = {"severity": "error", "code": code, "diagnostics": says}
    return _json({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def _json(told: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status, {"Cache-Control": "no-store"}, mimetype=MEDIA)
