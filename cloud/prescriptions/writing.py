"""Writing a prescription: a draft that saves itself with its checks beside it, and signing."""

from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel.ids import uuid7
from cloud.people import queries as people
from cloud.prescriptions import again, derived, door, forms, queries, services, source, tables
from cloud.prescriptions.checks import whole
from cloud.prescriptions.choices import Kind, Origin
from cloud.prescriptions.errors import NoSuchDraft, NotIssuable
from cloud.prescriptions.models import Draft
from cloud.prescriptions.queries import Shown
from cloud.web.languages import current_language

WHY = "why."
GROUPS = (
    *("use", "design", "lens", "contact", "add_class", "dominance", "replacement", "wear"),
    *("drug_form", "drug_eye"),
)
NOT_TYPED = ("csrf_token", "go", "kind", "origin", "replaces_id", "encounter_id", "element")


@needs(May.PRESCRIBE)
def write(patient_id: int, kind: str, origin: str = "own") -> ResponseReturnValue:
    """An empty form, or one filled from a refraction of the record or from what it shall replace."""
    page = door.chart(patient_id)
    begun = _begun(page["patient"].id, Kind(kind))
    entered = begun.pop("entered") | {"jurisdiction": queries.jurisdiction(db()) or "other"}
    if origin == "own":
        entered.setdefault("licence", queries.licence(db(), me().staff_id))
    return _form(page, uuid7(), Kind(kind), Origin(origin), entered, begun)


def _begun(patient_id: int, kind: Kind) -> dict[str, Any]:
    """Where it starts from, by the address: ids alone, never a value."""
    encounter_id = request.args.get("encounter_id", type=int)
    element, replaces_id = request.args.get("element", "")[:60], request.args.get("replaces", type=int)
    entered = dict[str, str]()
    if replaces_id is not None:
        entered = again.typed(_replaced(patient_id, replaces_id, kind).written)
    elif encounter_id is not None and kind == Kind.SPECTACLE:
        found = source.refraction_of(db(), encounter_id, element, patient_id)
        entered = again.from_refraction(found) if found else {}
    return {"entered": entered, "encounter_id": encounter_id, "element": element, "replaces_id": replaces_id}


def _replaced(patient_id: int, prescription_id: int, kind: Kind) -> Shown:
    shown = queries.one(db(), prescription_id, door.today())
    if shown.row.patient_id not in people.ids_of(db(), patient_id) or shown.row.kind != kind or shown.ending:
        abort(404)
    return shown


@needs(May.PRESCRIBE)
def draft(key: UUID) -> ResponseReturnValue:
    """Go on with a draft."""
    found = queries.draft(db(), key, me().staff_id)
    if found.author_id != me().staff_id or found.ended_at is not None:
        raise NoSuchDraft(key)
    page = door.chart(found.patient_id)
    begun = {name: getattr(found, name) for name in ("encounter_id", "element", "replaces_id")}
    return _form(page, key, Kind(found.kind), Origin(found.origin), found.entered, begun)


@needs(May.PRESCRIBE)
def save(patient_id: int, key: UUID) -> ResponseReturnValue:
    """Keep the draft as typed; answers with what the checks say, or goes where the button said."""
    patient = people.patient(db(), patient_id)
    kept = _kept(patient.id, key)
    if request.form.get("go") == "second":
        return redirect(url_for(".second", key=key), 303)
    if request.form.get("go") == "draft":
        return redirect(url_for(".draft", key=key), 303)
    if request.form.get("go") == "list":
        return redirect(url_for(".of_patient", patient_id=patient.id), 303)
    looked = look(patient, Kind(kept.kind), Origin(kept.origin), kept.entered)
    return render_template("prescriptions/checks_part.html", **looked, saved_at=kept.saved_at)


@needs(May.PRESCRIBE)
def issue(patient_id: int, key: UUID) -> ResponseReturnValue:
    """Sign, or show what stands in the way; the draft is kept either way."""
    page = door.chart(patient_id)
    kept = _kept(page["patient"].id, key)
    kind, origin = Kind(kept.kind), Origin(kept.origin)
    looked = look(page["patient"], kind, origin, kept.entered)
    try:
        row = _issue(kept, looked)
    except NotIssuable:
        begun = {name: getattr(kept, name) for name in ("encounter_id", "element", "replaces_id")}
        # what was typed is saved by the browser's own autosave; a refusal itself changes nothing
        return _form(page, key, kind, origin, kept.entered, begun), 422
    return redirect(url_for(".prescription", prescription_id=row.id), 303)


def _issue(kept: Draft, looked: dict[str, Any]) -> Any:
    if looked["errors"] or kept.origin != Origin.OWN:
        raise NotIssuable
    return services.issue(db(), kept, looked["written"], looked["findings"], looked["reasons"], by=me().staff_id)


@needs(May.PRESCRIBE)
def discard(key: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    found = queries.draft(db(), key, me().staff_id, to_write=True)
    if found.author_id != me().staff_id:
        raise NoSuchDraft(key)
    services.discard(db(), found, by=me().staff_id)
    return redirect(url_for(".of_patient", patient_id=found.patient_id), 303)


def _kept(patient_id: int, key: UUID) -> Draft:
    """The draft with what was typed; made at its first saving. One is only ever its author's, and this patient's."""
    try:
        kept = queries.draft(db(), key, me().staff_id, to_write=True)
    except NoSuchDraft:
        kept = _first(patient_id, key)
    if kept.author_id != me().staff_id or kept.patient_id != patient_id:
        raise NoSuchDraft(key)
    services.save(kept, typed())
    db().flush()
    return kept


def _first(patient_id: int, key: UUID) -> Draft:
    store, kind, origin = me().store, request.form.get("kind", ""), request.form.get("origin", "")
    if store is None or kind not in set(Kind) or origin not in set(Origin):
        abort(400)
    replaces_id = request.form.get("replaces_id", type=int)
    if replaces_id is not None:
        _replaced(patient_id, replaces_id, Kind(kind))
    more: dict[str, Any] = {"replaces_id": replaces_id, "encounter_id": request.form.get("encounter_id", type=int)}
    more["element"] = request.form.get("element", "")[:60] or None
    where = {"patient_id": patient_id, "store_id": store.id}
    return services.begin(db(), key=key, **where, kind=Kind(kind), by=me().staff_id, origin=Origin(origin), **more)


def typed() -> dict[str, str]:
    """The form as typed, without what is not the prescription's."""
    found = {name: value for name, value in request.form.items() if name not in NOT_TYPED}
    if "\0" in "".join(found.values()):
        abort(400)
    return found


def look(patient: Any, kind: Kind, origin: Origin, entered: dict[str, str]) -> dict[str, Any]:
    """What a form says, what cannot be read in it, what the checks find, and what is calculated beside it."""
    parsed = forms.parse(kind, entered, door.writer(patient, origin))
    reasons = {name.removeprefix(WHY): text.strip() for name, text in entered.items() if name.startswith(WHY)}
    findings = whole.found(parsed.written, door.known(patient, parsed.written)) if not parsed.errors else ()
    return {
        **{"written": parsed.written, "errors": parsed.errors, "findings": findings, "reasons": reasons},
        **{"unmet": whole.unmet(findings, reasons), "beside": derived.of(parsed.written)},
        **{"language": current_language(), "entered": entered, "limits": tables.limits()["version"]},
    }


def _form(
    page: dict[str, Any], key: UUID, kind: Kind, origin: Origin, entered: dict[str, str], begun: dict[str, Any]
) -> str:
    language = current_language()
    lists = {group: tables.options(group, language) for group in GROUPS}
    looked = look(page["patient"], kind, origin, entered)
    more = {"key": key, "kind": kind, "origin": origin, "begun": begun, "lists": lists, "prescriber": me().name}
    more |= {"jurisdictions": tables.jurisdictions(language), "drug_lines": forms.DRUG_LINES, "saved_at": None}
    more["is_fresh"] = set(entered) <= {"licence", "jurisdiction"}
    if more["is_fresh"]:
        looked["findings"] = ()
    return render_template("prescriptions/write.html", **page | looked | more)
