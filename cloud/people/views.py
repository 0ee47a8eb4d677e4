"""Adding a patient; the chart itself lies in the rooms above."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import services
from cloud.people.errors import RecordNumberTaken
from cloud.people.forms import PatientForm
from cloud.people.pages import bp


@bp.get("/patients/new")
@needs(May.EDIT_PATIENTS)
def new() -> ResponseReturnValue:
    """The empty form."""
    return render_template("people/new.html", form=PatientForm())


@bp.post("/patients/new")
@needs(May.EDIT_PATIENTS)
def create() -> ResponseReturnValue:
    """Add the patient, or show what does not fit."""
    form = PatientForm.parse(request.form)
    if not form.errors:
        try:
            return _created(form)
        except RecordNumberTaken:
            form.errors["record_number"] = _("Another patient already has this record number.")
    return render_template("people/new.html", form=form), 422


def _created(form: PatientForm) -> ResponseReturnValue:
    store = me().store
    patient = services.register(
        db(),
        record_number=form.record_number,
        family_name=form.family_name,
        given_name=form.given_name,
        birth_date=form.birth_date,
        phone=form.phone,
        language=form.language,
        home_store_id=store.id if store else None,
        by=me().staff_id,
    )
    target = "readings.chart" if May.SEE_READINGS in me().may else "people.patients"
    return redirect(url_for(target, patient_id=patient.id), 303)
