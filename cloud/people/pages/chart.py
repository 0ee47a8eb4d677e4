"""What every page about one person shows: the banner, the tabs, and that somebody looked."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import default_exceptions

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, someone
from cloud.kernel import audit
from cloud.people import queries, wording
from cloud.people.errors import NoSuchEntry, NoSuchPatient, NotMergeable, Stale
from cloud.people.pages.blueprint import bp
from cloud.web.error_pages import refused

CODES = {NoSuchPatient: 404, NoSuchEntry: 404, NotMergeable: 409, Stale: 409}


def around(patient_id: int, page: str) -> dict[str, Any]:
    """The open record with its banner, for the page called so; the look goes into the audit trail."""
    patient = queries.patient(db(), patient_id)
    audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=patient.id, page=page)
    return {
        "patient": patient,
        "banner": queries.banner(db(), patient, me().roles),
        "page": page,
        "words": wording,
        "labels": wording.fields(),
        "may": {right.value for right in me().may},
        "May": May,
    }


def back(endpoint: str, patient_id: int, anchor: str = "") -> ResponseReturnValue:
    """To the page where it was done."""
    return redirect(url_for(f"people.{endpoint}", patient_id=patient_id, _anchor=anchor or None), 303)


@bp.before_app_request
def lead_to_the_open_record() -> ResponseReturnValue | None:
    """Whoever opens a page of an absorbed record, in any room, gets the same page of the one that is open."""
    parts = request.view_args or {}
    if request.method != "GET" or "patient_id" not in parts or someone() is None:
        return None
    try:
        found = queries.record(db(), parts["patient_id"])
    except NoSuchPatient:
        return None
    if found.merged_into is None:
        return None
    if "HX-Request" not in request.headers:
        flash(_("Record %(number)s was merged into this one.", number=found.record_number), "info")
    address = {**request.args.to_dict(), **parts, "patient_id": found.merged_into}
    return redirect(url_for(str(request.endpoint), **address), 303)


def _answer(code: int) -> Callable[[Exception], ResponseReturnValue]:
    def answer(_refusal: Exception) -> ResponseReturnValue:
        return refused(default_exceptions[code]())

    return answer


for _refusal, _code in CODES.items():
    bp.register_error_handler(_refusal, _answer(_code))
