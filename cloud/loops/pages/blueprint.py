"""The blueprint of the closed loop's pages, and the one way in which a page turns a task."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs, someone
from cloud.kernel.money import Money
from cloud.loops import deeds, services, showing, wording
from cloud.loops.chain import CHECK_UP
from cloud.loops.errors import NotChosen
from cloud.people.errors import NoSuchPatient
from cloud.queue import gates, queries
from cloud.queue.errors import NoSuch, Refused
from cloud.queue.models import Task
from cloud.web.error_pages import refused

bp = Blueprint("loops", "cloud.loops", template_folder="templates")
LISTS = {"check_up", "dispensary", "results", "tracker"}


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _one in (NoSuch, NoSuchPatient):
    bp.register_error_handler(_one, _missing)


@bp.context_processor
def _mine() -> dict[str, bool]:
    person = someone()  # nobody, on the page of a refusal
    may = person.may if person else frozenset()
    sees = {"sees_results": May.SEE_READINGS in may, "sees_record": May.SEE_RECORD in may}
    return {**sees, "may_order": May.ORDER_TESTS in may}


def say(refusal: Refused) -> None:
    """Tell whoever pressed what happened, and that nothing was changed."""
    flash(wording.refusal(refusal), "warning")


def back(task: Task) -> ResponseReturnValue:
    """To where the task stands in the list one came from."""
    return redirect(f"{_list(task)}#task-{task.id}", 303)


def refuse(task: Task, refusal: Refused) -> ResponseReturnValue:
    """To the top of that list, where it is said why."""
    say(refusal)
    return redirect(_list(task), 303)


def _list(task: Task) -> str:
    """The list one came from, or the task's own."""
    own = "check_up" if task.machine == CHECK_UP else "dispensary"
    asked = request.values.get("back", "")
    return url_for(f"loops.{asked if asked in LISTS else own}")


def minor(text: str, currency: str) -> int:
    """An amount as typed, in minor units; nothing is nothing. Raises NotChosen."""
    try:
        return Money.of(Decimal(text.strip() or "0"), currency).minor
    except (InvalidOperation, ValueError, OverflowError):
        raise NotChosen from None


@bp.post("/loops/tasks/<int:task_id>/turn/<becomes>")
@needs(May.WORK_STATIONS)
def turn(task_id: int, becomes: str) -> ResponseReturnValue:
    """Any move of a task, with what it asks for."""
    task = queries.task(db(), task_id, showing.store_id())
    if becomes not in wording.STATES:
        abort(422)
    said: Mapping[str, str] = request.form
    try:
        showing.turn(task, becomes, said)
    except Refused as refusal:
        return refuse(task, refusal)
    return back(task)


@bp.post("/loops/tasks/<int:task_id>/known")
@needs(May.WORK_STATIONS)
def known(task_id: int) -> ResponseReturnValue:
    """The orderer has read why it was refused."""
    task = queries.task(db(), task_id, showing.store_id())
    try:
        deeds.know(db(), task, by=me().staff_id)
    except Refused as refusal:
        return refuse(task, refusal)
    return back(task)


@bp.post("/loops/tasks/<int:task_id>/pass")
@needs(May.WORK_STATIONS)
def let_pass(task_id: int) -> ResponseReturnValue:
    """An emergency does not wait for money; what is owed stays owed."""
    task = queries.task(db(), task_id, showing.store_id())
    if task.stay_id is None:
        abort(422)
    try:
        stay = queries.stay(db(), task.stay_id, task.store_id)
        gates.override(db(), stay, by=me().staff_id, why=request.form.get("reason", ""))
        services.follow(db(), task.store_id)
    except Refused as refusal:
        return refuse(task, refusal)
    return back(task)
