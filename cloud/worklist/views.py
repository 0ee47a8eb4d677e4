"""The worklist of a store's day, a patient's orders, one order; and what people do with them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import default_exceptions

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import queries as fleet
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.web.error_pages import refused
from cloud.worklist import queries, rules, services, wording
from cloud.worklist.choices import State
from cloud.worklist.errors import NoSuchOrder, NotPossible
from cloud.worklist.forms import OrderForm
from cloud.worklist.models import Order

bp = Blueprint("worklist", __name__, template_folder="templates")
DEEDS: dict[str, Callable[..., Order]] = {
    "cancel": services.cancel,
    "reopen": services.reopen,
    "finish": services.finish,
}


def _answer(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _missing in (NoSuchOrder, NoSuchPatient):
    bp.register_error_handler(_missing, _answer)


@bp.get("/worklist")
@needs(May.ORDER_TESTS)
def day() -> ResponseReturnValue:
    """Who is expected in this store on a day, and what the store's gateways know of it."""
    return render_template("worklist/day.html", **_day())


@bp.get("/worklist/part")
@needs(May.ORDER_TESTS)
def day_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("worklist/day_part.html", **_day())


def _day() -> dict[str, Any]:
    store = me().store
    asked = {name: request.args.get(name, "") for name in ("day", "modality", "state", "station")}
    today = rules.day_of(now(), store.zone) if store else now().date()
    shown = _date(asked["day"]) or today
    everything = queries.of_day(db(), store.id, shown) if store else []
    orders = [one for one in everything if _fits(one, asked)]
    return {
        **{"orders": orders, "total": len(everything), "asked": asked, "shown": shown, "today": today},
        **{"narrowed": any(asked[name] for name in ("modality", "state", "station")), "most": queries.MOST},
        "modalities": [(code, code) for code in sorted({one.modality for one in everything})],
        "stations": [(name, name) for name in sorted({one.station for one in everything if one.station})],
        "gateways": queries.told_in(db(), store.id) if store else [],
        **_around(orders),
    }


def _fits(one: Order, asked: dict[str, str]) -> bool:
    said = {"modality": one.modality, "state": one.state, "station": one.station or ""}
    return all(asked[name] in ("", value) for name, value in said.items())


def _around(orders: Sequence[Order]) -> dict[str, Any]:
    """What rows of orders are shown with."""
    return {
        "patients": people.named(db(), {one.patient_id for one in orders}),
        "names": accounts.names(db(), {one.ordered_by for one in orders if one.ordered_by}),
        **{"kinds": wording.kinds(), "states": wording.states(), "eyes": wording.eyes(), "State": State},
        "sees_readings": May.SEE_READINGS in me().may,
    }


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@bp.get("/patients/<int:patient_id>/orders")
@needs(May.ORDER_TESTS)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """What was ordered of a patient, and a form for more."""
    audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=patient_id, page="orders")
    return _patient_page(patient_id, OrderForm.fresh(_today()))


@bp.get("/patients/<int:patient_id>/orders/part")
@needs(May.ORDER_TESTS)
def of_patient_part(patient_id: int) -> ResponseReturnValue:
    """The living part of it."""
    return render_template("worklist/patient_part.html", **_of_patient(patient_id))


def _patient_page(patient_id: int, form: OrderForm) -> str:
    page = _of_patient(patient_id)
    page["banner"] = people.banner(db(), page["patient"], me().roles)
    return render_template("worklist/patient.html", form=form, lanes=_lanes(), today=_today(), **page)


def _of_patient(patient_id: int) -> dict[str, Any]:
    patient = people.patient(db(), patient_id)
    orders = queries.of_patient(db(), patient_id)
    where = accounts.store_names(db(), {one.store_id for one in orders})
    return {"patient": patient, "orders": orders, "where": where, **_around(orders)}


@bp.post("/patients/<int:patient_id>/orders")
@needs(May.ORDER_TESTS)
def order(patient_id: int) -> ResponseReturnValue:
    """Order an examination in the store one works in."""
    people.patient(db(), patient_id)
    store = me().store
    form = OrderForm.parse(request.form, _today())
    if store is None:
        form.errors["examination"] = _("Choose a store first: an examination is ordered where it will be done.")
    if form.errors or store is None:
        return _patient_page(patient_id, form), 422
    services.order(db(), patient_id=patient_id, store_id=store.id, by=me().staff_id, **form.values)
    flash(_("Ordered. The instruments of %(store)s see it within seconds.", store=store.name), "good")
    return redirect(url_for(".of_patient", patient_id=patient_id), 303)


@bp.get("/worklist/<int:order_id>")
@needs(May.ORDER_TESTS)
def one(order_id: int) -> ResponseReturnValue:
    """One order with its history, to be changed while it is still wanted."""
    found = queries.order(db(), order_id)
    audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=found.patient_id, page="order")
    return _order_page(found, OrderForm.of(found))


def _order_page(found: Order, form: OrderForm) -> str:
    patient = people.patient(db(), found.patient_id)
    changes = queries.history(db(), found.id)
    names = accounts.names(db(), {by for by in (found.ordered_by, *(one.by for one in changes)) if by})
    page = {"one": found, "form": form, "patient": patient, "changes": changes, "deeds": wording.deeds()}
    page |= {"fields": wording.fields(), "said_at": queries.said_at}
    page["banner"] = people.banner(db(), patient, me().roles)
    store = accounts.store(db(), found.store_id)
    page |= {"lanes": fleet.lanes(db(), found.store_id), "store": store.name, "today": rules.day_of(now(), store.zone)}
    return render_template("worklist/order.html", **{**_around([found]), **page, "names": names})


@bp.post("/worklist/<int:order_id>")
@needs(May.ORDER_TESTS)
def change(order_id: int) -> ResponseReturnValue:
    """Save what was changed."""
    found = queries.order(db(), order_id)
    today = rules.day_of(now(), accounts.store(db(), found.store_id).zone)
    form = OrderForm.parse(request.form, min(today, found.wanted_on))
    if form.errors:
        return _order_page(found, form), 422
    if form.values["laterality"] is None:
        form.values["laterality"] = found.laterality
    try:
        services.change(db(), order_id, by=me().staff_id, **form.values)
    except NotPossible:
        flash(_("This examination has begun or ended meanwhile; nothing was changed."), "warning")
    return redirect(url_for(".one", order_id=order_id), 303)


@bp.post("/worklist/<int:order_id>/<deed>")
@needs(May.ORDER_TESTS)
def act(order_id: int, deed: str) -> ResponseReturnValue:
    """Cancel an order, want it again, or say that it was done."""
    do = DEEDS.get(deed) or abort(404)
    found = queries.order(db(), order_id)
    try:
        do(db(), order_id, by=me().staff_id)
    except NotPossible:
        flash(_("Somebody was quicker: the order stands differently now; nothing was changed."), "warning")
    if request.values.get("back") == "patient":
        return redirect(url_for(".of_patient", patient_id=found.patient_id), 303)
    return redirect(url_for(".day", day=found.wanted_on), 303)


def _today() -> date:
    store = me().store
    return rules.day_of(now(), store.zone) if store else now().date()


def _lanes() -> list[str]:
    store = me().store
    return fleet.lanes(db(), store.id) if store else []
