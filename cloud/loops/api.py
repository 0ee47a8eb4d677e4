"""Tasks for other programs: JSON, the same machines, the same guards, the same refusals."""

from typing import Any

import msgspec
from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from cloud.accounts.choices import May
from cloud.accounts.gate import db, needs
from cloud.loops import chain, questions, services, showing, wording
from cloud.loops.questions import Doing
from cloud.queue import queries
from cloud.queue.choices import Through
from cloud.queue.errors import NoSuch, Refused
from cloud.queue.models import Task

bp = Blueprint("loops_api", __name__, url_prefix="/api/v1", description="Tests and medicines, as far as they are")


@bp.get("/tasks")
@needs(May.WORK_STATIONS)
def tasks() -> ResponseReturnValue:
    """What is open in the store one works in, oldest first; ``machine`` is check_up or dispensary."""
    machine = request.args.get("machine", "")
    if machine not in ("", *chain.LINKS):
        abort(422)
    services.follow(db(), showing.store_id())
    return _json({"tasks": [_plain(one) for one in questions.open_(db(), showing.store_id(), machine)]})


@bp.post("/tasks/<int:task_id>/<state>")
@needs(May.WORK_STATIONS)
def turn(task_id: int, state: str) -> ResponseReturnValue:
    """Move a task on; the body holds what the guard asks for, as text.

    409 where it is refused: ``error`` names the refusal, ``text`` says it in the reader's language.
    """
    try:
        task = queries.task(db(), task_id, showing.store_id())
    except NoSuch:
        abort(404)
    try:
        showing.turn(task, state, _said(), Through.API)
    except Refused as refusal:
        why = {"error": type(refusal).__name__, "text": wording.refusal(refusal)}
        return _json({"state": task.state, **why}, 409)
    return _json(_plain(questions.doing(db(), [task])[0]))


def _said() -> dict[str, str]:
    if not request.data:
        return {}
    try:
        return msgspec.json.decode(request.data, type=dict[str, str])
    except msgspec.DecodeError:
        abort(422)


def _plain(one: Doing) -> dict[str, Any]:
    task: Task = one.task
    about = {"id": task.id, "machine": task.machine, "state": task.state, "what": task.what, "order_id": task.order_id}
    whose = {"patient_id": task.patient_id, "ticket": one.stay.ticket if one.stay else None, "ordered_at": one.since}
    missing = chain.missing(task.machine, task.state, task.amount)
    return {
        **about,
        **whose,
        "moved_at": task.moved_at,
        "next": chain.next_(task.machine, task.state),
        "missing": missing,
    }


def _json(value: object, status: int = 200) -> Response:
    body = msgspec.json.encode(value)
    return Response(body, status, mimetype="application/json", headers={"Cache-Control": "no-store"})
