"""Allergies, alerts and tags: small deeds on the details page."""

from collections.abc import Callable

from flask import abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries, services
from cloud.people.choices import AlertKind, AllergyStatus
from cloud.people.forms import ALERT, ALLERGY, TAG, Entry, PersonForm
from cloud.people.pages.blueprint import bp
from cloud.people.pages.chart import back
from cloud.people.pages.details import shown
from cloud.people.rules import kinds_for


def _small(
    patient_id: int, name: str, entries: tuple[Entry, ...], keep: Callable[[PersonForm], object]
) -> ResponseReturnValue:
    """Read a small form and keep what it says, or show what does not fit."""
    form = PersonForm.parse(entries, request.form)
    queries.patient(db(), patient_id)
    if form.errors:
        return shown(patient_id, {name: form}), 422
    keep(form)
    return back("details", patient_id, name)


@bp.post("/patients/<int:patient_id>/allergies")
@needs(May.WRITE_RECORD)
def note_allergy(patient_id: int) -> ResponseReturnValue:
    """Put a substance on the list."""
    return _small(
        patient_id,
        "allergy",
        ALLERGY,
        lambda form: services.note_allergy(db(), patient_id, **form.values, by=me().staff_id),
    )


@bp.post("/patients/<int:patient_id>/allergies/none")
@needs(May.WRITE_RECORD)
def no_allergies(patient_id: int) -> ResponseReturnValue:
    """Asked, and none is known."""
    if not services.no_allergies(db(), patient_id, by=me().staff_id):
        flash(_("There are allergies on the list. Settle those first; nothing was changed."), "warning")
    return back("details", patient_id, "allergy")


@bp.post("/patients/<int:patient_id>/allergies/<int:allergy_id>/<status>")
@needs(May.WRITE_RECORD)
def settle_allergy(patient_id: int, allergy_id: int, status: str) -> ResponseReturnValue:
    """Take a substance off the list: resolved, or entered in error."""
    if status not in (AllergyStatus.RESOLVED, AllergyStatus.ENTERED_IN_ERROR):
        abort(404)
    services.settle_allergy(db(), patient_id, allergy_id, status, by=me().staff_id)
    return back("details", patient_id, "allergy")


@bp.post("/patients/<int:patient_id>/alerts")
@needs(May.EDIT_PATIENTS)
def raise_alert(patient_id: int) -> ResponseReturnValue:
    """Warn everybody who may see this kind; nobody raises what they do not see themselves."""
    if request.form.get("kind") in set(AlertKind) - set(kinds_for(me().roles)):
        abort(403)
    return _small(
        patient_id, "alert", ALERT, lambda form: services.raise_alert(db(), patient_id, **form.values, by=me().staff_id)
    )


@bp.post("/patients/<int:patient_id>/alerts/<int:alert_id>/end")
@needs(May.EDIT_PATIENTS)
def end_alert(patient_id: int, alert_id: int) -> ResponseReturnValue:
    """It does not hold any more."""
    if alert_id not in {alert.id for alert in queries.alerts(db(), patient_id, me().roles)}:
        abort(404)
    services.end_alert(db(), patient_id, alert_id, by=me().staff_id)
    return back("details", patient_id, "alert")


@bp.post("/patients/<int:patient_id>/tags")
@needs(May.EDIT_PATIENTS)
def tag(patient_id: int) -> ResponseReturnValue:
    """Put a tag on."""
    return _small(
        patient_id, "tag", TAG, lambda form: services.tag(db(), patient_id, form.values["name"], by=me().staff_id)
    )


@bp.post("/patients/<int:patient_id>/tags/<int:tagging_id>/end")
@needs(May.EDIT_PATIENTS)
def untag(patient_id: int, tagging_id: int) -> ResponseReturnValue:
    """Take a tag off."""
    services.untag(db(), patient_id, tagging_id, by=me().staff_id)
    return back("details", patient_id, "tag")
