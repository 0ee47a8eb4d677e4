"""The dispensary: what was prescribed, checked, paid, picked, checked again, labelled, handed out and came back."""

from typing import Any

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.loops import questions, services, showing
from cloud.loops.chain import DISPENSARY
from cloud.loops.pages.blueprint import bp
from cloud.people import queries as people
from cloud.prescriptions import printing
from cloud.prescriptions import queries as prescriptions
from cloud.prescriptions.errors import NoSuchPrescription
from cloud.queue import queries
from cloud.queue.choices import Sort
from cloud.queue.models import Task

LABELLED = ("second_check", "labelled", "handed_out", "counselled")


@bp.get("/loops/dispensary")
@needs(May.WORK_STATIONS)
def dispensary() -> ResponseReturnValue:
    """What is to be handed out."""
    page = _dispensary() if me().store else {"open_": None}
    return render_template("loops/dispensary.html", station=showing.station(Sort.DRUGS), **page)


@bp.get("/loops/dispensary/part")
@needs(May.WORK_STATIONS)
def dispensary_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("loops/dispensary_part.html", **_dispensary())


def _dispensary() -> dict[str, Any]:
    services.follow(db(), showing.store_id())
    found = questions.open_(db(), showing.store_id(), DISPENSARY)
    gone = questions.handed_out(db(), showing.store_id())
    wanted = {one.task.patient_id for one in found if one.task.state == "clinical_check"}
    banners = {one: people.banner(db(), people.patient(db(), one), me().roles) for one in wanted}
    return {**showing.rows([*found, *gone]), "open_": found, "gone": gone, "banners": banners, "labelled": LABELLED}


@bp.get("/loops/tasks/<int:task_id>/label")
@needs(May.WORK_STATIONS)
def label(task_id: int) -> ResponseReturnValue:
    """What is glued to the box, in the patient's language."""
    task = queries.task(db(), task_id, showing.store_id())
    if task.machine != DISPENSARY or task.state not in LABELLED:
        abort(404)
    patient = people.patient(db(), task.patient_id)
    g.web_language = "zh" if (patient.language or "").startswith("zh") else "en"
    refresh()
    store = accounts.store(db(), task.store_id)
    page = {"task": task, "patient": patient, "store": store, "box": task.told["picked"]}
    return render_template("loops/label.html", **page, dose=_dose(task))


def _dose(task: Task) -> list[tuple[str, str]]:
    """How it is used: as it was signed, in the language of the label; else as it was typed."""
    said = task.told.get("prescribed", {})
    if "prescription" not in said:
        return [("", said.get("dose", ""))]
    try:
        shown = prescriptions.one(db(), int(said["prescription"]), queries.today(db(), task.store_id))
    except NoSuchPrescription:
        return [("", said.get("dose", ""))]
    told = printing.lines(shown, showing.language())[int(said["line"])]
    facts = [(name, value) for name, value in told["facts"] if value not in ("", "0")]
    return facts + ([("", told["more"])] if told["more"] else [])
