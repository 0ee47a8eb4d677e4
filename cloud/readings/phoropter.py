"""Sending a patient's data to a phoropter of this store, and how far that is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import queries as fleet
from cloud.fleet.choices import NEVER_SENT, NO_ANSWER, WITHDRAWN
from cloud.fleet.errors import OrderUnderWay
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.readings import queries, sending
from cloud.readings.errors import TwoOfAKind
from cloud.readings.queries import Shown
from cloud.readings.refusals import install_refusals
from cloud.web import times

bp = Blueprint("phoropter", __name__, template_folder="templates")
install_refusals(bp)

RECENT = timedelta(hours=12)  # how long the page shows what became of an order
LOOKED_THROUGH = 40  # readings among which those for a phoropter are offered


@bp.get("/patients/<int:patient_id>/phoropter")
@needs(May.ACCEPT_READINGS)
def part(patient_id: int) -> ResponseReturnValue:
    """What may be sent, and where to."""
    return render_template("readings/phoropter_part.html", **offered(patient_id))


@bp.get("/patients/<int:patient_id>/phoropter/orders")
@needs(May.ACCEPT_READINGS)
def orders_part(patient_id: int) -> ResponseReturnValue:
    """How far the latest orders are."""
    patient = people.patient(db(), patient_id)
    return render_template("readings/orders_part.html", patient=patient, **under_way(patient_id))


@bp.post("/patients/<int:patient_id>/phoropter")
@needs(May.ACCEPT_READINGS)
def send(patient_id: int) -> ResponseReturnValue:
    """Lay the chosen readings ready in a phoropter of this store."""
    store = me().store or abort(422)
    instrument_id = request.values.get("instrument", type=int) or abort(422)
    chosen = _chosen(request.values.getlist("reading"))
    try:
        sending.send(
            db(),
            **{"patient_id": patient_id, "store_id": store.id, "instrument_id": instrument_id},
            reading_ids=chosen,
            by=me().staff_id,
        )
    except OrderUnderWay:
        flash(_("The phoropter has not settled the order before this one. Nothing more was sent."), "warning")
    except TwoOfAKind:
        flash(_("The phoropter has one place for each kind: choose one of them. Nothing was sent."), "warning")
    return redirect(url_for("readings.chart", patient_id=patient_id), 303)


def _chosen(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts] or abort(422)
    except ValueError:
        abort(400)


def page(patient_id: int) -> dict[str, Any]:
    """What a chart shows of phoropters above its readings; nothing for whoever may not send."""
    if May.ACCEPT_READINGS not in me().may:
        return {"phoropters": [], "orders": []}
    return {**offered(patient_id), **under_way(patient_id)}


def beside_cards(patient_id: int, shown: Sequence[Shown], seats: Mapping[str, Any]) -> dict[str, Any]:
    """The phoropter that is meant without asking, and which of the readings shown may go there by one press."""
    store = me().store if May.ACCEPT_READINGS in me().may else None
    phoropters = fleet.phoropters(db(), store.id) if store else []
    target = _target([(one.id, _seated(seats, one.lane)) for one in phoropters], patient_id)
    fitting = {one.id for one in shown if target is not None and sending.sendable(one, patient_id)}
    return {"target": target, "fitting_here": fitting}


def offered(patient_id: int) -> dict[str, Any]:
    """The store's phoropters with who sits there, the readings that fit, and which are chosen to begin with."""
    patient, store = people.patient(db(), patient_id), me().store
    phoropters = fleet.phoropters(db(), store.id) if store else []
    seats = queries.seats(db(), store.id) if store and phoropters else {}
    shown = queries.of_patient(db(), patient_id, limit=LOOKED_THROUGH) if phoropters else []
    fitting = [one for one in shown if sending.sendable(one, patient_id)]
    seated = {one.id: _seated(seats, one.lane) for one in phoropters}
    others = people.named(db(), {other for other in seated.values() if other not in (None, patient_id)})
    return {
        **{"patient": patient, "phoropters": phoropters, "fitting": fitting},
        "picked": sending.proposed(fitting, _beginning_of_today()),
        "target": _target(list(seated.items()), patient_id),
        "strangers": {instrument: others[other] for instrument, other in seated.items() if other in others},
    }


def _seated(seats: Mapping[str, Any], lane: str | None) -> int | None:
    seat = seats.get(lane or "")
    return seat.patient_id if seat else None


def _target(phoropters: Sequence[tuple[int, int | None]], patient_id: int) -> int | None:
    """The phoropter of the patient's lane, or the only one of the store while nobody else sits there."""
    mine = [instrument for instrument, seated in phoropters if seated == patient_id]
    if len(mine) == 1:
        return mine[0]
    free = [instrument for instrument, seated in phoropters if seated is None]
    return free[0] if len(phoropters) == 1 and free else None


def _beginning_of_today() -> datetime:
    return times.in_store(now()).replace(hour=0, minute=0, second=0, microsecond=0)


def under_way(patient_id: int) -> dict[str, Any]:
    """The latest order at each phoropter, with who gave it and why it failed."""
    orders = fleet.orders_of(db(), patient_id, now() - RECENT)
    names = accounts.names(db(), {order.asked_by for order, _instrument in orders})
    return {"orders": orders, "senders": names, "reason": reason}


def reason(why: str | None) -> str:
    """Why an order failed; a gateway's sentence that we know is said in the reader's language."""
    known = {
        NEVER_SENT: _("the store could not be reached in time"),
        NO_ANSWER: _("the store did not answer in time"),
        WITHDRAWN: _("a reading was rejected or moved before it was sent"),
        "no answer from the phoropter in 10 s": _("no answer from the phoropter in 10 s"),
        "the phoropter is not connected": _("the phoropter is not connected"),
        "the phoropter was unplugged before it had the data": _("the phoropter was unplugged before it had the data"),
        "it was interrupted: the gateway restarted or lost its connection": _("the gateway restarted meanwhile"),
        "it arrived after its deadline": _("it arrived at the store too late"),
    }
    return str(known.get(why or "", why or _("the store gave no reason")))
