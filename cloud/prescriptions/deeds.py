"""What is done with a signed prescription: put on paper, handed out, cancelled."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries as people
from cloud.prescriptions import door, printing, proving, queries, services, showing, tokens, typeset
from cloud.prescriptions.choices import Handed, ReleaseForm, State
from cloud.prescriptions.errors import ReasonNeeded
from cloud.prescriptions.printing import Letterhead, Mark
from cloud.prescriptions.queries import Shown
from cloud.prescriptions.sheet import NOTE, Sheet
from cloud.prescriptions.tables import codes
from cloud.web.filters import person_name
from cloud.web.frame import current_frame
from cloud.web.languages import LANGUAGES, current_language

PAPERS = ("a5", "a4")
ENDS = (State.CANCELLED, State.ENTERED_IN_ERROR)


@needs(May.SEE_RECORD)
def paper(prescription_id: int) -> ResponseReturnValue:
    """A new paper as PDF; every paper has a token of its own, and the log says that it was made."""
    shown = queries.one(db(), prescription_id, door.today())
    size, language = request.form.get("paper", "a5"), request.form.get("language", current_language())
    if size not in PAPERS or language not in LANGUAGES:
        abort(400)
    secret = tokens.fresh()
    address = url_for("verify.paper", token=secret.token, _external=True)
    page = url_for("verify.ask", _external=True).partition("://")[2]
    data = printing.sheet(shown, _letterhead(shown, language), Mark(address, page, tokens.grouped(secret.code)), size)
    made = typeset.pdf("prescription", data)
    proving.keep(db(), shown.row, secret, made, paper=size, language=language, by=me().staff_id)
    return _pdf(made, f"prescription-{shown.id}.pdf")


def _letterhead(shown: Shown, language: str) -> Letterhead:
    store, patient = accounts.store(db(), shown.row.store_id), people.patient(db(), shown.row.patient_id)
    who: dict[str, Any] = {
        "patient": person_name(patient, language),
        "born": patient.birth_date,
        "record_number": patient.record_number,
    }
    style = current_frame().notation
    return Letterhead(me().chain, store.name, store.zone, language=language, notation=style, **who)


def _pdf(made: bytes, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}"'}
    return Response(made, mimetype="application/pdf", headers=headers)


@needs(May.PRESCRIBE)
def end(prescription_id: int) -> ResponseReturnValue:
    """Cancel, or mark as an error; the row stays, with the reason beside it."""
    queries.row(db(), prescription_id)
    sheet = Sheet(request.form)
    state, reason = request.form.get("state"), request.form.get("reason", "other")
    why = sheet.text("why", NOTE)
    if state not in ENDS or reason not in codes("end_reason"):
        abort(400)
    try:
        if not sheet.errors:
            services.end(db(), prescription_id, State(state), reason=reason, why=why, by=me().staff_id)
    except ReasonNeeded:
        sheet.errors["why"] = _("Say why. The words stay with the prescription.")
    return _done(prescription_id, sheet.errors)


@needs(May.SEE_RECORD)
def release(prescription_id: int) -> ResponseReturnValue:
    """Keep that the patient got a copy."""
    queries.row(db(), prescription_id)
    sheet = Sheet(request.form)
    handed, form = request.form.get("handed"), request.form.get("form")
    if handed not in set(Handed) or form not in set(ReleaseForm):
        abort(400)
    told = {"received_by": sheet.text("received_by"), "evidence": sheet.text("evidence", NOTE)}
    _needed(sheet, ReleaseForm(form), told)
    if not sheet.errors:
        how: dict[str, Any] = {"handed": Handed(handed), "form": ReleaseForm(form), **told}
        services.release(db(), prescription_id, **how, by=me().staff_id)
    return _done(prescription_id, sheet.errors)


def _needed(sheet: Sheet, form: ReleaseForm, told: Mapping[str, str]) -> None:
    if not told["received_by"]:
        sheet.errors["received_by"] = _("Say who received it: the patient, or who for them.")
    if form == ReleaseForm.DIGITAL_DELIVERY and not told["evidence"]:
        sheet.errors["evidence"] = _("Say what proves the delivery, for instance the number of the message.")


def _done(prescription_id: int, errors: dict[str, str]) -> ResponseReturnValue:
    if errors:
        page = showing.one_page(prescription_id) | {"errors": errors, "entered": request.form}
        return render_template("prescriptions/prescription.html", **page), 422
    return redirect(url_for(".prescription", prescription_id=prescription_id), 303)
