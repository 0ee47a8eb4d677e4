"""What the doctor orders from the room: tests of the catalogue, medicines of the prescription."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.loops import ordering, showing, wording
from cloud.loops.ordering import Drug, Test
from cloud.loops.pages.blueprint import bp, minor
from cloud.people import queries as people
from cloud.prescriptions import printing
from cloud.prescriptions import queries as prescriptions
from cloud.prescriptions.choices import Kind, State
from cloud.queue import queries
from cloud.queue.errors import Refused
from cloud.queue.queries import InLine
from cloud.readings import services as readings
from cloud.worklist.catalogue import catalogue


@bp.get("/steps/<int:step_id>/tests")
@needs(May.WORK_STATIONS, May.ORDER_TESTS)
def tests(step_id: int) -> ResponseReturnValue:
    """Choose examinations for whoever is in the room."""
    return render_template("loops/tests.html", **_tests(step_id))


def _tests(step_id: int) -> dict[str, Any]:
    kinds = {key: one.word(showing.language()) for key, one in catalogue().kinds.items()}
    return {**_of(step_id), "kinds": kinds, "eyes": wording.eyes(), "wrong": ""}


def _of(step_id: int) -> dict[str, Any]:
    one = queries.step(db(), step_id, showing.store_id())
    patient = people.patient(db(), one.stay.patient_id) if one.stay.patient_id else None
    return {"one": one, "patient": patient, "form": request.form}


@bp.post("/steps/<int:step_id>/tests")
@needs(May.WORK_STATIONS, May.ORDER_TESTS)
def order_tests(step_id: int) -> ResponseReturnValue:
    """Order them; the patient is on the way to the check-up station."""
    one = queries.step(db(), step_id, showing.store_id())
    try:
        made = ordering.tests(db(), one, _chosen(one), by=me().staff_id)
    except Refused as refusal:
        return render_template("loops/tests.html", **_tests(step_id) | {"wrong": wording.refusal(refusal)}), 422
    flash(ngettext("%(num)s test is ordered.", "%(num)s tests are ordered.", len(made)), "info")
    return redirect(url_for("stations.line", station_id=one.step.station_id), 303)


def _chosen(one: InLine) -> list[Test]:
    return [_test(key, one.stay.currency) for key in dict.fromkeys(request.form.getlist("test"))]


def _test(key: str, currency: str) -> Test:
    eye = request.form.get(f"eye-{key}", "usual")
    amount = minor(request.form.get(f"price-{key}", ""), currency)
    return Test(key, None if eye == "usual" else eye, request.form.get(f"remark-{key}", ""), amount)


@bp.get("/steps/<int:step_id>/medicines")
@needs(May.WORK_STATIONS, May.PRESCRIBE, May.SEE_RECORD)
def medicines(step_id: int) -> ResponseReturnValue:
    """Choose what the dispensary hands out: of what was signed, or by name."""
    return render_template("loops/medicines.html", **_medicines(step_id))


def _medicines(step_id: int) -> dict[str, Any]:
    page = _of(step_id)
    return {**page, "lines": _signed(page["one"]), "wrong": ""}


def _signed(one: InLine) -> dict[str, Drug]:
    """Lines of prescriptions in force, by prescription and line."""
    if one.stay.patient_id is None:
        return {}
    readings.looked(db(), patient_id=one.stay.patient_id, by=me().staff_id)
    shown = prescriptions.of_patient(db(), one.stay.patient_id, queries.today(db(), one.stay.store_id))
    of_drugs = [row for row in shown if row.row.kind == Kind.DRUG and row.state == State.IN_FORCE]
    return {f"{row.id}-{n}": drug for row in of_drugs for n, drug in enumerate(_lines(row))}


def _lines(shown: prescriptions.Shown) -> list[Drug]:
    told = printing.lines(shown, showing.language())
    names = [f"{one.drug} {one.strength}".strip() for one in shown.written.medicines]
    facts = ["; ".join(f"{name} {value}" for name, value in one["facts"] if value not in ("", "0")) for one in told]
    return [Drug(name, fact, 0, shown.id, n) for n, (name, fact) in enumerate(zip(names, facts, strict=True))]


@bp.post("/steps/<int:step_id>/medicines")
@needs(May.WORK_STATIONS, May.PRESCRIBE, May.SEE_RECORD)
def order_medicines(step_id: int) -> ResponseReturnValue:
    """Send them to the dispensary."""
    one = queries.step(db(), step_id, showing.store_id())
    try:
        made = ordering.medicines(db(), one, _drugs(one), by=me().staff_id)
    except Refused as refusal:
        page = _medicines(step_id) | {"wrong": wording.refusal(refusal)}
        return render_template("loops/medicines.html", **page), 422
    flash(
        ngettext("%(num)s medicine is at the dispensary.", "%(num)s medicines are at the dispensary.", len(made)),
        "info",
    )
    return redirect(url_for("stations.line", station_id=one.step.station_id), 303)


def _drugs(one: InLine) -> list[Drug]:
    signed, currency = _signed(one), one.stay.currency
    chosen = [(key, signed[key]) for key in request.form.getlist("line") if key in signed]
    found = [_priced(drug, request.form.get(f"price-{key}", ""), currency) for key, drug in chosen]
    if name := request.form.get("name", "").strip():
        found.append(Drug(name, request.form.get("dose", ""), minor(request.form.get("price", ""), currency)))
    return found


def _priced(drug: Drug, price: str, currency: str) -> Drug:
    return Drug(drug.name, drug.dose, minor(price, currency), drug.prescription, drug.line)
