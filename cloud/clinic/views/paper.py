"""A signed record on paper: the same version gives the same page, whoever prints it and whenever."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, queries, sources
from cloud.clinic.errors import NoSuchVersion
from cloud.clinic.views import record
from cloud.clinic.views.door import bp


@bp.get("/examinations/<int:encounter_id>/print")
@needs(May.SEE_RECORD)
def paper(encounter_id: int) -> ResponseReturnValue:
    """One version of one record; nothing of the moment or of who prints stands on it."""
    visit = queries.visit(db(), encounter_id)
    if visit.version is None:
        raise NoSuchVersion(encounter_id)
    opened = chart.opened(db(), visit.encounter.patient_id, me())
    shown = record.chosen(visit)
    staff = {by for one in shown.versions for by in (one.signed_by, one.second_by) if by is not None}
    marks = sources.of(db(), [shown.sheet], staff)
    page = record.of(visit, shown, marks)
    return render_template(
        "clinic/paper.html", **opened.around, **page, reader=chart.reader(marks, visit.encounter), differences=None
    )
