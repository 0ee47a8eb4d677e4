"""Registering somebody without an appointment: whose it is or a ticket alone, what for, with whom, how urgent."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.arrival import board, deeds, wording
from cloud.arrival.deeds import APPOINTMENT, Wish
from cloud.arrival.pages.blueprint import Refused, bp, did, doctors, number, store_id, why
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.queue import queries, services
from cloud.queue.errors import HereAlready
from cloud.queue.models import Kind
from cloud.web.languages import current_language

OFFERED = 8  # people a search offers


@bp.get("/arrivals/new")
@needs(May.BOOK, May.SEE_PATIENTS)
def new() -> ResponseReturnValue:
    """One page: who, then the rest."""
    return _page()


@bp.post("/arrivals/new")
@needs(May.BOOK, May.SEE_PATIENTS)
def register() -> ResponseReturnValue:
    """A ticket."""
    here, patient = store_id(), patient_asked()
    kind = next((one for one in queries.kinds(db(), here) if one.code == request.form.get("kind")), None)
    if kind is None:
        return _page({"kind": _("Choose a kind of registration.")}), 422
    told = (number("doctor", {one for one, _name in doctors()}), number("priority", {0, 1, 2}) or 0, why())
    if told[1] > kind.priority and not told[2]:
        return _page({"why": _("Say why somebody comes before others.")}), 422
    wish = Wish(kind, patient.id if patient else None, *told)
    try:
        stay = did(lambda session: deeds.register(session, wish, current_language(), by=me().staff_id).id)
    except HereAlready as known:
        return _page({"": wording.refusal(known)}, known.args[0]), 409
    except Refused as refusal:
        return _page({"": wording.refusal(refusal)}), 409
    return redirect(url_for("arrival.one", stay_id=stay), 303)


def _page(wrong: dict[str, str] | None = None, known: int | None = None) -> str:
    patient, words = patient_asked(), request.args.get("q", "").strip()
    found = people.search(db(), words, OFFERED + 1) if words and not patient else ()
    told = {"wrong": wrong or {}, "known": known, "typed": request.form, "patient": patient, "words": words}
    told |= {"found": found[:OFFERED], "more": len(found) > OFFERED, "doctors": doctors()}
    return render_template("arrival/new.html", **told, kinds=_kinds(patient), priorities=wording.priorities())


def _kinds(patient: Any) -> list[dict[str, Any]]:
    """What is offered: its fee for this patient, how many are left today."""
    day = queries.today(db(), store_id())
    return [
        {"code": one.code, "name": wording.said(one.names, one.code), "left": left, "fee": _fee(one, patient, day)}
        for one, left in board.left(db(), store_id())
        if one.code != APPOINTMENT
    ]


def _fee(kind: Kind, patient: Any, day: Any) -> str:
    fee = services.fee(db(), kind, patient.id if patient else None, day)
    return wording.money(fee, kind.currency) if fee else ""


def patient_asked() -> Any:
    """Somebody of this chain, else nobody."""
    asked = request.values.get("patient", type=int)
    try:
        return people.patient(db(), asked) if asked else None
    except NoSuchPatient:
        return None
