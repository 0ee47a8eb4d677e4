"""The person part of a record to take away: on paper, and for machines."""

from datetime import date, datetime
from typing import Any

from flask import Response, json, render_template
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel import audit
from cloud.people import queries, wording
from cloud.people.models import Patient
from cloud.people.pages.blueprint import bp
from cloud.people.pages.details import known
from cloud.people.rules import treats

PERSON = (
    *("record_number", "family_name", "given_name", "middle_name", "native_name", "preferred_name", "birth_date"),
    *("birth_year", "sex", "gender", "id_kind", "id_number", "occupation", "language", "interpreter", "roles"),
    *("status", "moved_to", "deceased_on", "created_at"),
)


@bp.get("/patients/<int:patient_id>/details/print")
@needs(May.SEE_PATIENTS)
def paper(patient_id: int) -> ResponseReturnValue:
    """One sheet of paper."""
    patient = _looked(patient_id, "printed")
    labels = wording.fields()
    facts = [(labels[name], wording.value(name, value)) for name, value in known(patient).items() if name in labels]
    return render_template(
        "people/paper.html",
        patient=patient,
        store=me().store,
        facts=[(label, value) for label, value in facts if value is not None and not isinstance(value, int)],
        contacts=queries.contacts(db(), patient_id),
        relatives=queries.relatives(db(), patient_id),
        allergies=queries.allergies(db(), patient_id) if treats(me().roles) else None,
        consents=queries.standing(queries.consents(db(), patient_id)),
        words=wording,
    )


@bp.get("/patients/<int:patient_id>/person.json")
@needs(May.SEE_PATIENTS)
def exported(patient_id: int) -> ResponseReturnValue:
    """Everything this room knows of the person that the asker may see, as JSON."""
    patient = _looked(patient_id, "exported")
    text = json.dumps(told(patient), ensure_ascii=False, indent=1, default=_plain, sort_keys=False)
    name = f'attachment; filename="{patient.id}-person.json"'
    return Response(
        text, mimetype="application/json", headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )


def _looked(patient_id: int, verb: str) -> Patient:
    patient = queries.patient(db(), patient_id)
    audit.note(db(), by=me().staff_id, verb=verb, kind="patient", subject=patient.id)
    return patient


def told(patient: Patient) -> dict[str, Any]:
    """What this room knows of the person that the asker may see, as plain values, dates and moments."""
    one = patient.id
    found: dict[str, Any] = {"format": "emmetra.person/1"}
    found["person"] = {name: getattr(patient, name) for name in PERSON}
    found["also_numbered"] = queries.banner(db(), patient, me().roles).also_numbered
    found["contacts"] = [_of(row, "kind value label preferred verified_at") for row in queries.contacts(db(), one)]
    found["relatives"] = [
        {
            "record_number": each.other.record_number,
            "outward": each.outward,
            **_of(each.tie, "kind may_consent emergency"),
        }
        for each in queries.relatives(db(), one)
    ]
    found["consents"] = [
        _of(row, "purpose channel state text_version method at") for row in queries.consents(db(), one)
    ]
    wishes = queries.preferences(db(), one).values()
    found["preferences"] = [_of(row, "purpose channels time_of_day at") for row in wishes]
    found["tags"] = [name for _, name in queries.tags(db(), one)]
    if treats(me().roles):
        found["allergy_state"] = patient.allergy_state
        found["allergies"] = [_of(row, "substance reaction severity noted_at") for row in queries.allergies(db(), one)]
    return found


def _of(row: Any, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
