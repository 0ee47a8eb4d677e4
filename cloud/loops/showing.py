"""What rows of the closed loop are shown with, and how a deed from outside is tried; pages and API share it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import get_locale
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.gate import db, engine, me
from cloud.desk.wording import money
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.loops import chain, deeds, questions, services, wording
from cloud.loops.errors import WrongIdentifiers
from cloud.loops.guards import Doer
from cloud.loops.questions import Doing
from cloud.people import queries as people
from cloud.queue import gates
from cloud.queue.choices import Sort, Through
from cloud.queue.models import Station, Task
from cloud.worklist.catalogue import catalogue


def store_id() -> int:
    """The store one works in. Raises NotFound where there is none."""
    store = me().store
    if store is None:
        raise NotFound
    return store.id


def station(sort: Sort) -> Station | None:
    """The first open station of a sort, in the store one works in."""
    store = me().store
    return questions.station(db(), store.id, sort) if store else None


def language() -> str:
    """``en`` or ``zh``."""
    return "zh" if str(get_locale()).startswith("zh") else "en"


def turn(task: Task, becomes: str, said: Mapping[str, str], through: Through = Through.PAGE) -> None:
    """Try a deed; a refusal leaves nothing behind but, where somebody was taken for another, a line in the audit."""
    who = Doer(me().staff_id, me().may, through)
    try:
        with db().begin_nested():
            deeds.turn(db(), task, becomes, said, who)
    except WrongIdentifiers:
        _note_mistaken(task)
        raise


def _note_mistaken(task: Task) -> None:
    by, about = me().staff_id, {"subject": task.id, "patient": task.patient_id}
    with unit_of_work(engine(), me().tenant_id) as apart:  # kept, whatever becomes of the request
        audit.note(apart, by=by, verb="mistaken", kind="task", **about)


def what(task: Task) -> str:
    """The test in the reader's language, or the medicine as it was written."""
    key = task.told.get("ordered", {}).get("kind", "")
    kind = catalogue().kinds.get(key)
    return kind.word(language()) if kind else task.what


def rows(found: Sequence[Doing]) -> dict[str, Any]:
    """People, names, money and words around these."""
    staff = {one for row in found for one in (row.task.asked_by, row.task.picked_by) if one}
    unpaid = {row.stay.id: row.stay for row in found if row.stay and row.task.state == "awaiting_payment"}
    return {
        "patients": people.named(db(), {row.task.patient_id for row in found}),
        **{"names": accounts.names(db(), staff), "words": wording, "moment": now(), "what": what},
        **{"owed": gates.owed_by(db(), unpaid.values()) if unpaid else {}, "money": money, "mine": me().staff_id},
        **{"links": chain.links, "next_of": next_of, "deeds_of": deeds_of, "hours": hours, "eyes": wording.eyes()},
    }


def deeds_of(task: Task) -> list[wording.Deed]:
    """What the reader may press."""
    clear = task.state != "clinical_check" or services.clear(db(), task)
    return wording.deeds(task, me().may, me().staff_id, clear=clear)


def next_of(task: Task, names: Mapping[int, str]) -> str:
    """Who is next, in words: by name where it is one person."""
    key = chain.next_(task.machine, task.state)
    named = names.get(task.asked_by, "") if key == "orderer" else ""
    return named or wording.nexts().get(key, "")


def hours(since: datetime, moment: datetime) -> int:
    """Whole hours between two moments."""
    return int((moment - since).total_seconds() // 3600)
