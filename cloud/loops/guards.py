"""What has to be shown before a task may go on: who it is, what was looked at, which box it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.kernel.clock import now
from cloud.loops import gs1, questions, services
from cloud.loops.chain import CHECK_UP, DISPENSARY
from cloud.loops.errors import (
    Expired,
    MayNot,
    NotChecked,
    NothingCame,
    NotYours,
    StillToday,
    Unreadable,
    WrongCode,
    WrongIdentifiers,
)
from cloud.people import queries as people
from cloud.queue import queries
from cloud.queue.choices import Through
from cloud.queue.errors import NotPaid, SamePerson, WantsReason
from cloud.queue.models import Task


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it, what they may, and with what they do it."""

    staff_id: int
    may: frozenset[May]
    through: Through = Through.PAGE


@dataclass(frozen=True, slots=True)
class Asked:
    """A deed that is wanted; ``said`` is what was typed, ticked or scanned."""

    session: Session
    task: Task
    becomes: str
    said: Mapping[str, str]
    who: Doer

    def word(self, name: str) -> str:
        """What was said under a name, at most 200 characters."""
        return self.said.get(name, "").strip()[:200]


Said = dict[str, str]
RIGHTS: Mapping[tuple[str, str, str], May] = {
    (CHECK_UP, "captured", "validated"): May.ACCEPT_READINGS,
    (CHECK_UP, "captured", "repeat_requested"): May.ACCEPT_READINGS,
    (CHECK_UP, "validated", "published"): May.ACCEPT_READINGS,
    (CHECK_UP, "seen", "told"): May.ORDER_TESTS,
    (DISPENSARY, "clinical_check", "reserved"): May.SEE_RECORD,
    (DISPENSARY, "clinical_check", "awaiting_payment"): May.SEE_RECORD,
    (DISPENSARY, "clinical_check", "refused"): May.SEE_RECORD,
}
WANT_REASON = ("refused", "repeat_requested", "cancelled", "returned", "restocked", "destroyed")


def hold(asked: Asked) -> Said:
    """What is to be written down of it. Raises any of the refusals above."""
    task = asked.task
    right = RIGHTS.get((task.machine, task.state, asked.becomes))
    if right is not None and right not in asked.who.may:
        raise MayNot(str(right))
    if asked.becomes in WANT_REASON and not asked.word("reason"):
        raise WantsReason
    guard = _GUARDS.get((task.machine, asked.becomes))
    return guard(asked) if guard else {}


def _identified(asked: Asked) -> Said:
    """Two identifiers: the birth date, and the record number or the ticket."""
    patient = people.patient(asked.session, asked.task.patient_id)
    number = asked.word("number").upper()
    born = _day(asked.word("born"))
    if born is None or born != patient.birth_date or not (shown := _whose(asked, number)):
        raise WrongIdentifiers
    return {"with": shown}


def _whose(asked: Asked, number: str) -> str:
    patient = people.patient(asked.session, asked.task.patient_id)
    if number and number == patient.record_number.upper():
        return "record_number"
    if asked.task.stay_id is None:
        return ""
    stay = queries.stay(asked.session, asked.task.stay_id, asked.task.store_id)
    return "ticket" if number and number == stay.ticket else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _in_progress(asked: Asked) -> Said:
    return _ticked(asked, "eye", "drops")


def _ticked(asked: Asked, *names: str) -> Said:
    if any(asked.word(name) != "yes" for name in names):
        raise NotChecked
    return dict.fromkeys(names, "yes")


def _captured(asked: Asked) -> Said:
    if not services.came(asked.session, asked.task):
        raise NothingCame
    return {}


def _paid(asked: Asked) -> Said:
    if not services.clear(asked.session, asked.task):
        raise NotPaid
    return {}


def _expired(asked: Asked) -> Said:
    today = queries.today(asked.session, asked.task.store_id)
    if asked.task not in questions.past(asked.session, asked.task.store_id, today, services.ENDS):
        raise StillToday
    return {}


def _seen(asked: Asked) -> Said:
    if asked.who.staff_id != asked.task.asked_by:
        raise NotYours
    return {}


def _told(asked: Asked) -> Said:
    if not asked.word("how"):
        raise NotChecked
    return {"how": asked.word("how")}


def _reserved(asked: Asked) -> Said:
    looked = _ticked(asked, "looked") if asked.task.state == "clinical_check" else {}
    return looked | _paid(asked)


def _awaiting(asked: Asked) -> Said:
    return _ticked(asked, "looked")


def _picked(asked: Asked) -> Said:
    """The lot and its last day, scanned or typed."""
    today = queries.today(asked.session, asked.task.store_id)
    box = gs1.parse(asked.word("code"), today) if asked.word("code") else gs1.Box()
    lot, expiry = box.lot or asked.word("lot")[:20], box.expiry or _day(asked.word("expiry"))
    if not lot or expiry is None:
        raise Unreadable
    if expiry < today:
        raise Expired(expiry)
    return {"gtin": box.gtin, "lot": lot, "expiry": expiry.isoformat()} | ({} if box.lot else {"typed": "lot"})


def _second(asked: Asked) -> Said:
    if asked.task.picked_by is None or asked.who.staff_id == asked.task.picked_by:
        raise SamePerson
    return {}


def _handed_out(asked: Asked) -> Said:
    """The right person and the right box, both scanned; a lot may have expired since it was picked."""
    shown = _whose(asked, asked.word("number").upper())
    if not shown:
        raise WrongIdentifiers
    picked = asked.task.told.get("picked", {})
    if not same_box(asked.word("code"), picked, now().date()):
        raise WrongCode
    if date.fromisoformat(picked["expiry"]) < queries.today(asked.session, asked.task.store_id):
        raise Expired(picked["expiry"])
    return {"with": shown}


def same_box(code: str, picked: Mapping[str, str], today: date) -> bool:
    """Whether what was scanned is the box that was picked; a box without a GTIN is known by its lot alone."""
    if not code or not picked:
        return False
    if not picked["gtin"]:
        return code == picked["lot"]
    try:
        box = gs1.parse(code, today)
    except Unreadable:
        return False
    lot = box.lot == picked["lot"] or (not box.lot and "typed" in picked)
    return bool(box.gtin) and box.gtin == picked["gtin"] and lot


_GUARDS: Mapping[tuple[str, str], Callable[[Asked], Said]] = {
    (CHECK_UP, "authorised"): _paid,
    (CHECK_UP, "expired"): _expired,
    (CHECK_UP, "identified"): _identified,
    (CHECK_UP, "in_progress"): _in_progress,
    (CHECK_UP, "captured"): _captured,
    (CHECK_UP, "seen"): _seen,
    (CHECK_UP, "told"): _told,
    (DISPENSARY, "reserved"): _reserved,
    (DISPENSARY, "awaiting_payment"): _awaiting,
    (DISPENSARY, "picked"): _picked,
    (DISPENSARY, "second_check"): _second,
    (DISPENSARY, "handed_out"): _handed_out,
}
