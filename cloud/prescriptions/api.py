"""Prescriptions for other programs: JSON and FHIR R4, to read alone."""

from typing import Any

import msgspec
from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from cloud.accounts.choices import May
from cloud.accounts.gate import db, needs
from cloud.people.errors import NoSuchPatient
from cloud.prescriptions import door, fhir, queries
from cloud.prescriptions.errors import NoSuchPrescription
from cloud.prescriptions.queries import Shown
from cloud.prescriptions.values import plain

bp = Blueprint("prescriptions_api", __name__, url_prefix="/api/v1", description="Prescriptions as they were signed")


@bp.get("/patients/<int:patient_id>/prescriptions")
@needs(May.SEE_RECORD)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """Everything ever signed for a patient, newest first."""
    try:
        page = door.chart(patient_id)
    except NoSuchPatient:
        abort(404)
    found = queries.of_patient(db(), page["patient"].id, page["today"])
    return _json(msgspec.json.encode({"prescriptions": [_plain(one) for one in found]}))


@bp.get("/prescriptions/<int:prescription_id>")
@needs(May.SEE_RECORD)
def prescription(prescription_id: int) -> ResponseReturnValue:
    """One prescription."""
    return _json(msgspec.json.encode(_plain(_one(prescription_id))))


@bp.get("/prescriptions/<int:prescription_id>/fhir")
@needs(May.SEE_RECORD)
def as_fhir(prescription_id: int) -> ResponseReturnValue:
    """One prescription as a FHIR R4 VisionPrescription; drugs have none."""
    try:
        resource = fhir.vision_prescription(_one(prescription_id))
    except NoSuchPrescription:
        abort(404)
    return _json(fhir.as_json(resource), "application/fhir+json")


def _one(prescription_id: int) -> Shown:
    try:
        shown = queries.one(db(), prescription_id, door.today())
    except NoSuchPrescription:
        abort(404)
    door.chart(shown.row.patient_id)
    return shown


def _plain(one: Shown) -> dict[str, Any]:
    row, ending = one.row, one.ending
    ended = None
    if ending is not None:
        ended = {"reason": ending.reason, "why": ending.why, "at": ending.at, "replaced_by": one.replaced_by}
    return {
        **{"id": row.id, "key": row.key, "patient_id": row.patient_id, "state": one.state, "ended": ended},
        **{"issued_at": row.issued_at, "sha256": row.sha256, "replaces": row.replaces_id},
        **{"last_day": one.last_day, "findings": row.findings, "written": plain(one.written)},
    }


def _json(body: bytes, kind: str = "application/json") -> Response:
    return Response(body, mimetype=kind, headers={"Cache-Control": "no-store"})
