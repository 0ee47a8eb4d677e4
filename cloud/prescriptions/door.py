"""What every page of the room needs: whose chart it is, what day it is here, and an answer to every refusal."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from cloud.accounts.gate import db, me
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.prescriptions import printing, queries, services, tables
from cloud.prescriptions.checks.finding import Known
from cloud.prescriptions.choices import Kind, Origin
from cloud.prescriptions.errors import AlreadyEnded, DraftEnded, NoSuchDraft, NoSuchPrescription, SamePerson
from cloud.prescriptions.forms import Writer
from cloud.prescriptions.queries import Shown
from cloud.prescriptions.values import Written
from cloud.web.error_pages import refused
from cloud.web.frame import current_frame
from cloud.web.languages import current_language

CODES: dict[type[Exception], int] = {
    **{NoSuchPrescription: 404, NoSuchDraft: 404, NoSuchPatient: 404},
    **{AlreadyEnded: 409, DraftEnded: 409, SamePerson: 409},
}


def install_refusals(blueprint: Blueprint) -> None:
    """Answer refusals of this room's services."""
    for refusal, code in CODES.items():
        blueprint.register_error_handler(refusal, _answer(code))


def _answer(code: int) -> Callable[[Exception], ResponseReturnValue]:
    def answer(_refusal: Exception) -> ResponseReturnValue:
        # abort() would be a failure of this handler, and so a 500
        return refused(default_exceptions[code]())

    return answer


def zone() -> str:
    """The time zone one works in."""
    store = me().store
    return store.zone if store else "UTC"


def today() -> date:
    """The day on this store's calendar."""
    return queries.today(zone())


def chart(patient_id: int) -> dict[str, Any]:
    """What stands above a page of a chart; whoever asks is written into the trail."""
    patient = people.patient(db(), patient_id)
    services.looked(db(), patient_id=patient.id, by=me().staff_id)
    banner = people.banner(db(), patient, me().roles)
    return {"patient": patient, "banner": banner, "today": today(), "language": current_language(), "word": word}


def word(group: str, code: str | None) -> str:
    """What a code is called in the language of the page."""
    return tables.word(group, code, current_language())


def writer(patient: Any, origin: Origin) -> Writer:
    """Who writes, for somebody who may be a child."""
    known = Known(today(), patient.birth_date)
    child = known.age is not None and known.age < tables.limits()["spectacle"]["child_age"]
    return Writer(me().name, today(), child, origin)


def known(patient: Any, written: Written) -> Known:
    """What the checks may know about the patient; allergies only where a drug asks for them."""
    allergies = None
    if written.head.kind == Kind.DRUG and patient.allergy_state != "not_asked":
        allergies = tuple(one.substance for one in people.allergies(db(), patient.id))
    last = queries.last(db(), patient.id, written)
    return Known(today(), patient.birth_date, allergies, last)


def eyes(shown: Shown) -> list[dict[str, Any]]:
    """The table of eyes in the notation and language of the page."""
    return printing.sheets(shown, current_language(), current_frame().notation)


def drugs(shown: Shown) -> list[dict[str, Any]]:
    """The drugs in the language of the page."""
    return printing.lines(shown, current_language())
