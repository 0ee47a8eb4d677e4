"""A task goes on because somebody did something; the page and the API do it by this alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.loops import guards, services
from cloud.loops.chain import CHECK_UP
from cloud.loops.errors import NotYours
from cloud.loops.guards import Asked, Doer
from cloud.loops.questions import KNOWN
from cloud.queue.errors import NotDrawn
from cloud.queue.models import Task
from cloud.queue.moving import move, tell
from protocols.queue.machines import may

ENDED = ("published", "cancelled", "refused", "expired")
NOT_WANTED = ("cancelled", "refused", "expired")


def turn(session: Session, task: Task, becomes: str, said: Mapping[str, str], who: Doer) -> None:
    """One step of the machine, with what its guard wants. Raises NotDrawn, Moved and the guards' refusals."""
    if not may(task.machine, task.state, becomes):
        raise NotDrawn(task.machine, task.state, becomes)
    asked = Asked(session, task, becomes, said, who)
    words = guards.hold(asked)
    also: dict[str, Any] = {"told": kept(task.told, becomes, words)} if words else {}
    also |= {"picked_by": who.staff_id} if becomes == "picked" else {}
    why = asked.word("reason")
    move(session, task, becomes, by=who.staff_id, through=who.through, why=why, **also)
    audit.note(session, by=who.staff_id, verb=becomes, kind="task", subject=task.id, patient=task.patient_id)
    _after(session, task, why, who)
    tell(session, task.store_id, task.stay_id)


def kept(told: Mapping[str, Mapping[str, str]], becomes: str, words: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """What was written down before stays, under a number of its own."""
    before = sum(name.split(".")[0] == becomes for name in told)
    older = {f"{becomes}.{before}": told[becomes]} if becomes in told else {}
    return {**told, **older, becomes: words}


def _after(session: Session, task: Task, why: str, who: Doer) -> None:
    if task.state == "awaiting_payment":
        services.to_cashier(session, task, by=who.staff_id)
    if task.state in NOT_WANTED:
        services.spare(session, task)
    if task.machine != CHECK_UP:
        return
    if task.state == "identified":
        services.serve(session, task, by=who.staff_id, through=who.through)
    if task.state == "repeat_requested":
        services.wanted_again(session, task, by=who.staff_id)
    if task.state in NOT_WANTED:
        services.not_wanted(session, task, by=who.staff_id, why=why or None)
    if task.state in ENDED:
        services.settle(session, task, by=who.staff_id, through=who.through)


def know(session: Session, task: Task, *, by: int) -> None:
    """The orderer has read that it was refused. Raises NotYours, NotDrawn."""
    if by != task.asked_by:
        raise NotYours
    if task.state != "refused":
        raise NotDrawn(task.machine, task.state, "seen")
    task.told = {**task.told, KNOWN: {"at": now().isoformat()}}
    flag_modified(task, "told")
    session.flush()
    audit.note(session, by=by, verb="seen", kind="task", subject=task.id, patient=task.patient_id)
    tell(session, task.store_id, task.stay_id)
