"""Adding a person: a short form, more on demand, and a look at who it might be already."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import phones, queries, services, wording
from cloud.people.choices import ContactKind
from cloud.people.errors import RecordNumberTaken
from cloud.people.forms import MORE, SHORT, PersonForm
from cloud.people.pages.blueprint import bp
from cloud.people.queries import Match


@bp.get("/patients/new")
@needs(May.EDIT_PATIENTS)
def new() -> ResponseReturnValue:
    """The empty form."""
    return _page(PersonForm.of((*SHORT, *MORE), {"phone": request.args.get("phone")}))


@bp.post("/patients/new")
@needs(May.EDIT_PATIENTS)
def create() -> ResponseReturnValue:
    """Add the person; show what does not fit, or who they may be already and nobody said they are not."""
    form = PersonForm.parse((*SHORT, *MORE), request.form)
    phone = form.values.get("phone")
    if phone and not phones.fits(ContactKind.PHONE, phone):
        form.errors.setdefault("phone", _("A telephone number has 5 to 15 digits."))
    if form.errors:
        return _page(form), 422
    matches = _matches(form)
    # the button that says so carries them; Enter in a field only looks again
    apart = set(request.form.get("apart", "").split(","))
    if not {str(match.patient.id) for match in matches} <= apart:
        return _page(form, matches), 409
    try:
        return _created(form, [match.patient.id for match in matches])
    except RecordNumberTaken:
        form.errors["record_number"] = _("Another patient already has this record number.")
    return _page(form, matches), 422


def _page(form: PersonForm, matches: Sequence[Match] = ()) -> str:
    options = {name: wording.coded(name) for name in ("sex", "id_kind", "language")}
    return render_template(
        "people/new.html",
        form=form,
        short=SHORT,
        more=MORE,
        matches=matches,
        labels=wording.fields(),
        options=options,
        reasons=wording.reasons(),
        open_more=any(form.texts.get(entry.name) for entry in MORE),
        chart="readings.chart" if May.SEE_READINGS in me().may else "people.details",
    )


def _matches(form: PersonForm) -> list[Match]:
    names = ("family_name", "given_name", "birth_date", "birth_year", "sex", "id_number")
    known = {name: form.values.get(name) for name in names} | {"given_name": form.values.get("given_name") or ""}
    return queries.likely(db(), queries.traits(**known, telephones=[form.values.get("phone") or ""]))


def _created(form: PersonForm, apart: list[int]) -> ResponseReturnValue:
    store, values = me().store, dict(form.values)
    number = values.pop("record_number") or ""
    home = store.id if store else None
    made = services.register(
        db(), **values, record_number=number, home_store_id=home, apart_from=apart, by=me().staff_id
    )
    if "then" in request.args and May.BOOK in me().may:  # back to the counter, with what was filled in there
        kept = urlencode(dict(parse_qsl(request.args["then"])) | {"patient": str(made.id), "who": "new"})
        return redirect(f"{url_for('desk.counter')}?{kept}", 303)
    chart = "readings.chart" if May.SEE_READINGS in me().may else "people.details"
    return redirect(url_for(chart, patient_id=made.id), 303)
