"""A person's details: sections that are read and, one at a time, edited."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel import audit
from cloud.people import queries, services, wording
from cloud.people.choices import LabelKind, Status
from cloud.people.errors import Stale
from cloud.people.forms import ALERT, ALLERGY, SECTIONS, TAG, PersonForm
from cloud.people.models import Patient
from cloud.people.pages.blueprint import bp
from cloud.people.pages.chart import around, back
from cloud.people.rules import kinds_for


@bp.get("/patients/<int:patient_id>/details")
@needs(May.SEE_PATIENTS)
def details(patient_id: int) -> ResponseReturnValue:
    """Everything about the person; ``edit`` names the section that is a form."""
    section = request.args.get("edit", "")
    may_edit = section in SECTIONS and May.EDIT_PATIENTS in me().may
    patient = queries.patient(db(), patient_id)
    forms = {section: PersonForm.of(SECTIONS[section], known(patient))} if may_edit else {}
    return shown(patient_id, forms)


@bp.post("/patients/<int:patient_id>/details/<section>")
@needs(May.EDIT_PATIENTS)
def save(patient_id: int, section: str) -> ResponseReturnValue:
    """Save one section, or show what does not fit or what somebody else saved meanwhile."""
    form = PersonForm.parse(SECTIONS.get(section) or abort(404), request.form)
    _check(form, section, queries.patient(db(), patient_id))
    opened = request.form.get("version", type=int) or abort(400)
    if form.errors:
        return shown(patient_id, {section: form}), 422
    try:
        services.edit(db(), patient_id, _stored(form), opened=opened, by=me().staff_id)
    except Stale as refusal:
        _tell(form, refusal)
        return shown(patient_id, {section: form}), 409
    return back("details", patient_id, section)


@bp.post("/patients/<int:patient_id>/document")
@needs(May.SEE_PATIENTS)
def reveal(patient_id: int) -> ResponseReturnValue:
    """Show the document's number in full; that somebody looked is kept."""
    patient = queries.patient(db(), patient_id)
    audit.note(db(), by=me().staff_id, verb="revealed", kind="patient", subject=patient.id, field="id_number")
    return shown(patient_id, {}, number=patient.id_number)


def shown(patient_id: int, forms: dict[str, PersonForm], *, number: str | None = None) -> str:
    """The page; ``forms`` by section are open, every other section is read."""
    page = around(patient_id, "details")
    patient: Patient = page["patient"]
    small = {
        name: PersonForm.of(entries, {}) for name, entries in (("allergy", ALLERGY), ("alert", ALERT), ("tag", TAG))
    }
    return render_template(
        "people/details.html",
        **page,
        sections=_sections(patient),
        forms=small | forms,
        open=set(forms),
        options=_options(patient),
        number=number,
        allergies=queries.allergies(db(), patient.id),
        alerts=queries.alerts(db(), patient.id, me().roles),
        tags=queries.tags(db(), patient.id),
        known_tags=queries.labels(db()).values(),
    )


def known(patient: Patient) -> dict[str, Any]:
    """The record's fields as forms name them."""
    fields = {entry.name: getattr(patient, entry.name, None) for entries in SECTIONS.values() for entry in entries}
    classes = queries.labels(db(), LabelKind.CLASS) if patient.class_id else {}
    return {**fields, "customer_class": classes.get(patient.class_id or 0)}


def _sections(patient: Patient) -> dict[str, list[tuple[str, Any]]]:
    """Every section as pairs of label and words."""
    labels, fields = wording.fields(), known(patient)
    if patient.home_store_id:
        fields["home_store_id"] = accounts.store(db(), patient.home_store_id).name
    return {
        section: [(labels[one.name], wording.value(one.name, fields[one.name])) for one in entries]
        for section, entries in SECTIONS.items()
    }


def _options(patient: Patient) -> dict[str, dict[str, str]]:
    """The words of what can be chosen, by field."""
    kinds = wording.alert_kinds()
    coded = {
        name: wording.coded(name) for name in ("sex", "id_kind", "language", "roles", "status", "severity", "seen_by")
    }
    return coded | {
        "home_store_id": _stores(patient),
        "kind": {kind.value: kinds[kind] for kind in kinds_for(me().roles)},
        "customer_class": dict.fromkeys(queries.labels(db(), LabelKind.CLASS).values(), ""),
    }


def _stores(patient: Patient) -> dict[str, str]:
    """Stores somebody here can choose, and the one that is chosen."""
    chosen = [accounts.store(db(), patient.home_store_id)] if patient.home_store_id else []
    return {str(store.id): store.name for store in (*me().stores, *chosen)}


def _check(form: PersonForm, section: str, patient: Patient) -> None:
    """What only this page knows of."""
    values = form.values
    if section == "background" and values.get("home_store_id") not in (None, *_stores(patient)):
        form.errors["home_store_id"] = _("Choose one from the list.")
    if section == "status":
        for name, status in (("deceased_on", Status.DECEASED), ("moved_to", Status.MOVED)):
            if values.get(name) and values.get("status") != status:
                form.errors[name] = _("This does not go with the status above.")
    if section == "background" and not values.get("roles"):
        form.errors["roles"] = _("Choose at least one.")


def _stored(form: PersonForm) -> dict[str, Any]:
    """The values as the record holds them."""
    values = dict(form.values)
    if "customer_class" in values:
        name = values.pop("customer_class")
        values["class_id"] = services.label(db(), LabelKind.CLASS, name) if name else None
    if "home_store_id" in values:
        values["home_store_id"] = int(values["home_store_id"]) if values["home_store_id"] else None
    return values


def _tell(form: PersonForm, refusal: Stale) -> None:
    """Say at each field what stands there now; what was typed stays in the form."""
    who = accounts.names(db(), {refusal.by} if refusal.by else set()).get(refusal.by or 0) or _("Somebody")
    for name, value in refusal.theirs.items():
        said = wording.value(name, value)
        text = _("nothing") if said is None else str(said)
        words = _(
            "%(who)s saved “%(value)s” meanwhile. Yours is kept here: save again to replace theirs.",
            who=who,
            value=text,
        )
        form.errors["customer_class" if name == "class_id" else name] = words
    if not refusal.theirs:
        raise refusal
