"""Signed records for other programs: JSON, read only. There is deliberately no way to write to a record here."""

from collections.abc import Sequence

import msgspec
from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import queries, revisions
from cloud.clinic.errors import NoSuchEncounter, NoSuchVersion
from cloud.clinic.models import Version
from cloud.clinic.queries import Visit
from cloud.clinic.views import record as pages
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.readings import services as readings

bp = Blueprint("clinic_api", __name__, url_prefix="/api/v1", description="Examination records as they were signed")
PAGE = 20


@bp.get("/patients/<int:patient_id>/record")
@needs(May.SEE_RECORD)
def record(patient_id: int) -> ResponseReturnValue:
    """What stands signed of each visit, newest first; ``before`` pages on from a visit."""
    try:
        ids = people.ids_of(db(), patient_id)
        shown = queries.visits(db(), ids, before=request.args.get("before", type=int), limit=PAGE)
    except (NoSuchPatient, NoSuchEncounter):
        abort(404)
    readings.looked(db(), patient_id=ids[0], by=me().staff_id)
    more = shown[-1].encounter.id if len(shown) == PAGE else None
    return _json({"patient_id": ids[0], "visits": [_visit(one) for one in shown if one.version], "before": more})


@bp.get("/examinations/<int:encounter_id>")
@needs(May.SEE_RECORD)
def examination(encounter_id: int) -> ResponseReturnValue:
    """One examination: what stands, or the version asked for by ``version`` or by a moment, ``at``."""
    try:
        visit = queries.visit(db(), encounter_id)
        if visit.version is None:
            raise NoSuchVersion(encounter_id)
        shown = pages.chosen(visit)
    except (NoSuchEncounter, NoSuchVersion):
        abort(404)
    readings.looked(db(), patient_id=visit.encounter.patient_id, by=me().staff_id)
    troubles = revisions.troubles(shown.versions, shown.version, shown.sheet)
    whole = {**_version(shown.version), "verified": not troubles, "troubles": troubles}
    return _json({**_head(visit), **whole, "versions": [_outline(one) for one in shown.versions]})


def _visit(visit: Visit) -> dict[str, object]:
    return {**_head(visit), **(_version(visit.version) if visit.version else {})}


def _head(visit: Visit) -> dict[str, object]:
    one = visit.encounter
    about = {"id": one.id, "patient_id": one.patient_id, "template": one.template, "began_at": one.began_at}
    return {**about, "store_id": one.store_id, "state": visit.state}


def _version(version: Version) -> dict[str, object]:
    """The signed text as it stands; its SHA-256 is that of its UTF-8 bytes."""
    return {**_outline(version), "record": msgspec.Raw(version.body.encode())}


def _outline(version: Version) -> dict[str, object]:
    names: Sequence[str] = ("number", "act", "signed_at", "signed_by", "second_by", "reason_code", "reason")
    return {name: getattr(version, name) for name in (*names, "sha256", "previous")}


def _json(value: object) -> ResponseReturnValue:
    return Response(msgspec.json.encode(value), mimetype="application/json", headers={"Cache-Control": "no-store"})
