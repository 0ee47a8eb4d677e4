"""The whole record as one file to take along."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.prescriptions import typeset
from cloud.web import times
from cloud.web.error_pages import refused
from cloud.whole import gathering, printed
from cloud.whole.bundle import Part, packed
from cloud.whole.gathering import Whose

bp = Blueprint("whole", __name__)
PDF = "record.pdf"


@bp.errorhandler(NoSuchPatient)
def not_there(_refusal: LookupError) -> ResponseReturnValue:
    """Not in this chain, or never was."""
    return refused(NotFound())


@bp.get("/patients/<int:patient_id>/record.zip")
@needs(May.SEE_RECORD)
def record(patient_id: int) -> ResponseReturnValue:
    """A ZIP: everything as JSON, the signed state as PDF, and a manifest with a digest of each."""
    patient, moment = people.patient(db(), patient_id), now()
    ids = people.ids_of(db(), patient.id)
    whose = Whose(patient, ids, tuple(me().roles), times.in_store(moment).date())
    parts = gathering.parts(db(), whose)
    page, standing = printed.record(db(), whose, moment, me())
    parts.append(Part(PDF, typeset.pdf("record", page, printed.PAPER), "application/pdf", standing))
    audit.note(db(), by=me().staff_id, verb="exported", kind="patient", subject=patient.id, what="whole record")
    return _file(packed(parts, _about(whose, parts, moment)), patient.id)


def _about(whose: Whose, parts: list[Part], moment: datetime) -> dict[str, Any]:
    """Who took it, when, of whom; and the names behind the numbers of staff."""
    return {
        **{"exported_at": moment, "exported_by": {"id": me().staff_id, "name": me().name}, "chain": me().chain},
        "patient": {"id": whose.patient.id, "record_number": whose.patient.record_number, "record_ids": whose.ids},
        "staff": gathering.staff(db(), parts[:-1]),
    }


def _file(data: bytes, patient_id: int) -> Response:
    name = f'attachment; filename="record-{patient_id}.zip"'
    return Response(
        data, mimetype="application/zip", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )
