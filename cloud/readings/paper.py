"""Readings to take along, on paper or as a table: the same reading gives the same page, whoever prints it and when.

So nothing of the moment stands on it: no hour of printing, no name of who printed, no age as of today, and times in the
zone of the store where it was measured. A browser adds the date at the edge if its user wants it.
"""

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries as people
from cloud.readings import queries, services, spreadsheet
from cloud.readings.refusals import install_refusals

bp = Blueprint("paper", __name__, template_folder="templates")
install_refusals(bp)


@bp.get("/readings/<uuid:reading_id>/print")
@needs(May.SEE_READINGS)
def reading(reading_id: UUID) -> ResponseReturnValue:
    """One reading."""
    return _printed(reading_id, whole=False)


@bp.get("/readings/<uuid:reading_id>/transmission/print")
@needs(May.SEE_READINGS)
def transmission(reading_id: UUID) -> ResponseReturnValue:
    """Everything of the same transmission that belongs to the same patient."""
    return _printed(reading_id, whole=True)


MOST = 2000  # readings of one file


@bp.get("/patients/<int:patient_id>/readings.csv")
@needs(May.SEE_READINGS)
def values(patient_id: int) -> ResponseReturnValue:
    """A patient's readings as CSV, one value a line, the newest reading first."""
    people.patient(db(), patient_id)
    services.looked(db(), patient_id=patient_id, by=me().staff_id)
    text = spreadsheet.spreadsheet(queries.of_patient(db(), patient_id, limit=MOST))
    name = f'attachment; filename="readings-{patient_id}.csv"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": name, "Cache-Control": "no-store"})


def _printed(reading_id: UUID, *, whole: bool) -> str:
    one, row = queries.one(db(), reading_id), queries.row(db(), reading_id)
    patient = people.patient(db(), one.patient_id) if one.patient_id else None
    if patient is not None:
        services.looked(db(), patient_id=patient.id, by=me().staff_id)
    together = queries.transmission(db(), row) if whole else [one]
    hers = [each for each in together if each.patient_id == one.patient_id]
    shown = [each for group in queries.paired(hers) for each in group]
    page = {
        **{"one": one, "row": row, "patient": patient, "shown": shown},
        "store": accounts.store(db(), one.store_id),
        "names": accounts.names(db(), {each.decided_by for each in shown if each.decided_by}),
    }
    return render_template("readings/paper.html", **page)
