"""Readings for other programs: JSON, the same rules, the same row policies."""

from uuid import UUID

import msgspec
from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.readings import queries, services
from cloud.readings.errors import NoSuchReading
from cloud.readings.queries import Shown
from protocols import readings

bp = Blueprint("readings_api", __name__, url_prefix="/api/v1", description="Readings as instruments sent them")


@bp.get("/patients/<int:patient_id>/readings")
@needs(May.SEE_READINGS)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """A patient's latest readings, newest first."""
    try:
        people.patient(db(), patient_id)
    except NoSuchPatient:
        abort(404)
    services.looked(db(), patient_id=patient_id, by=me().staff_id)
    return _json({"readings": [_plain(one) for one in queries.of_patient(db(), patient_id)]})


@bp.get("/tray")
@needs(May.FILE_READINGS)
def tray() -> ResponseReturnValue:
    """Readings of the store one works in that belong to nobody yet."""
    store = me().store
    return _json({"readings": [_plain(one) for one in queries.tray(db(), store.id)] if store else []})


@bp.get("/readings/<uuid:reading_id>")
@needs(May.SEE_READINGS)
def reading(reading_id: UUID) -> ResponseReturnValue:
    """One reading."""
    try:
        shown = queries.one(db(), reading_id)
    except NoSuchReading:
        abort(404)
    if shown.patient_id is not None:
        services.looked(db(), patient_id=shown.patient_id, by=me().staff_id)
    return _json(_plain(shown))


def _plain(one: Shown) -> dict[str, object]:
    return {
        "id": one.id,
        "patient_id": one.patient_id,
        "state": one.state,
        "captured_at": one.captured_at,
        **({"stamped_at": one.stamped_at, "clock_rule": one.corrected.rule} if one.corrected else {}),
        "doubts": [{"code": d.code, "text": d.text} for d in one.doubts],
        "reading": msgspec.Raw(readings.to_json(one.reading)),
    }


def _json(value: object) -> ResponseReturnValue:
    return Response(msgspec.json.encode(value), mimetype="application/json", headers={"Cache-Control": "no-store"})
