"""One ticket: the number large, where somebody is, and all that can be done with it."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.arrival import board, deeds, places, printing, wording
from cloud.arrival.booked import whose
from cloud.arrival.pages.blueprint import Refused, bp, did, doctors, number, store_id, why
from cloud.arrival.pages.registering import OFFERED, patient_asked
from cloud.kernel import audit
from cloud.people import queries as people
from cloud.queue import gates, queries, services
from cloud.queue.choices import OPEN
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.errors import NoSuch, WantsReason
from cloud.queue.models import Kind, Stay
from cloud.web.languages import current_language

Deed = Callable[[Session, Stay], str]
EARLY = (State.PLANNED, State.WAITING, State.CALLED, State.MISSED)


def _(text: str, **words: object) -> str:
    return str(gettext(text, **words))


@bp.get("/arrivals/<int:stay_id>")
@needs(May.BOOK)
def one(stay_id: int) -> ResponseReturnValue:
    """The ticket."""
    return _page(places.stay(db(), stay_id, store_id()))


@bp.get("/arrivals/<int:stay_id>/paper")
@needs(May.BOOK)
def paper(stay_id: int) -> ResponseReturnValue:
    """The ticket for a printer of pages, with the way to one's own place."""
    stay = places.stay(db(), stay_id, store_id())
    address = wording.public(url_for("entrance.place", token=_token(stay), lang=current_language()))
    told = {"stay": stay, "address": address, "code": wording.code(address), "fee": _fee(stay)}
    return render_template("arrival/paper.html", **told, kind=_kind_name(stay))


@bp.post("/arrivals/<int:stay_id>/<deed>")
@needs(May.BOOK)
def act(stay_id: int, deed: str) -> ResponseReturnValue:
    """What is done with it."""
    places.stay(db(), stay_id, store_id())
    if deed not in DEEDS:
        abort(404)
    here = store_id()
    try:
        said = did(lambda session: DEEDS[deed](session, places.stay(session, stay_id, here)))
    except WantsReason:
        return _page(places.stay(db(), stay_id, here), {deed: _("Say why.")}), 422
    except NoSuch:
        return _page(places.stay(db(), stay_id, here), {deed: _("Choose one of the list.")}), 422
    except Refused as refusal:
        return _page(places.stay(db(), stay_id, here), {"": wording.refusal(refusal)}), 409
    flash(said, "good")
    return redirect(url_for("arrival.one", stay_id=stay_id), 303)


def _cancel(session: Session, stay: Stay) -> str:
    return _owed_back(services.cancel(session, stay, by=me().staff_id, why=why()), stay)


def _undo(session: Session, stay: Stay) -> str:
    said = _("Pressed by mistake")
    return _owed_back(services.cancel(session, stay, by=me().staff_id, why=said), stay)


def _owed_back(back: int, stay: Stay) -> str:
    if back:
        return _("Cancelled. %(amount)s is to be paid back.", amount=wording.money(back, stay.currency))
    return _("Cancelled. Nothing is to be paid back.")


def _left(session: Session, stay: Stay) -> str:
    services.leave(session, stay, by=me().staff_id, why=why())
    return _("Noted: they left without being seen to the end.")


def _doctor(session: Session, stay: Stay) -> str:
    wanted = number("doctor", {one for one, _name in doctors()})
    if wanted is None and request.form.get("doctor"):
        raise NoSuch
    deeds.change_doctor(session, stay, wanted, by=me().staff_id, why=why())
    return _("The doctor is changed; their place in the line is kept.")


def _kind(session: Session, stay: Stay) -> str:
    kind = queries.kind(session, stay.store_id, request.form.get("kind", ""))
    back = deeds.change_kind(session, stay, kind, by=me().staff_id, why=_("Another kind of registration"))
    if back:
        return _("The kind is changed. %(amount)s is to be paid back.", amount=wording.money(back, stay.currency))
    return _("The kind is changed; the ticket stays.")


def _who(session: Session, stay: Stay) -> str:
    patient = patient_asked()
    if patient is None or stay.patient_id is not None:
        raise NoSuch
    services.who_is(session, stay, patient.id, by=me().staff_id)
    return _("The ticket has a name now.")


def _hurry(session: Session, stay: Stay) -> str:
    services.hurry(session, stay, number("priority", {0, 1, 2}) or 0, by=me().staff_id, why=why())
    return _("Their turn is changed.")


def _again(session: Session, stay: Stay) -> str:
    if printing.on_ticket(session, stay, _token(stay), current_language()):
        return _("The ticket is printed again.")
    return _("No ticket printer is set up. Use the paper view.")


DEEDS: dict[str, Deed] = {
    "cancel": _cancel,
    "undo": _undo,
    "left": _left,
    "doctor": _doctor,
    "kind": _kind,
    "who": _who,
    "hurry": _hurry,
    "print": _again,
}


def _page(stay: Stay, wrong: dict[str, str] | None = None) -> str:
    steps = queries.steps_of(db(), [stay.id])[stay.id]
    stations = {one.id: wording.said(one.names) for one in queries.stations(db(), stay.store_id)}
    if stay.patient_id is not None:
        audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=stay.patient_id, page="arrival")
    told = {"stay": stay, "wrong": wrong or {}, "typed": request.form, "patient": _patient(stay), "fee": _fee(stay)}
    told |= {"trail": [(one, *board.place(one, stations), one.staff_id) for one in steps], "kind": _kind_name(stay)}
    told |= {"inside": stay.state == Here.HERE, "early": all(one.state in EARLY for one in steps)}
    told |= {"wanted": next((one.staff_id for one in reversed(steps) if one.state in OPEN and one.staff_id), "")}
    told |= {"doctors": doctors(), "kinds": _kinds(stay), "priorities": wording.priorities()}
    return render_template("arrival/one.html", **told, **_asked(stay))


def _asked(stay: Stay) -> dict[str, Any]:
    """Who answers to what was typed, while the ticket is nobody's."""
    words = request.args.get("q", "").strip()
    found = people.search(db(), words, OFFERED + 1) if words and stay.patient_id is None else ()
    return {"words": words, "found": found[:OFFERED], "more": len(found) > OFFERED}


def _patient(stay: Stay) -> Any:
    return None if stay.patient_id is None else whose(db(), {stay.patient_id})[stay.patient_id]


def _kinds(stay: Stay) -> list[tuple[str, str]]:
    offered = ((one, left) for one, left in board.left(db(), stay.store_id) if left != 0 or one.id == stay.kind_id)
    rows = sorted(offered, key=lambda row: row[0].id != stay.kind_id)
    return [(one.code, wording.said(one.names, one.code)) for one, _left in rows]


def _kind_name(stay: Stay) -> str:
    one = _kind_row(stay)
    return wording.said(one.names, one.code) if one else ""


def _kind_row(stay: Stay) -> Kind | None:
    return next((one for one in queries.kinds(db(), stay.store_id) if one.id == stay.kind_id), None)


def _fee(stay: Stay) -> dict[str, Any]:
    """What the registration costs, and what of it is still to be paid."""
    owed = gates.owed(db(), stay)
    total = wording.money(owed.total, owed.currency) if owed.total else ""
    return {"due": owed.due, "total": total, "shown": wording.money(owed.due, owed.currency)}


def _token(stay: Stay) -> str:
    return places.again(str(current_app.secret_key), stay)
