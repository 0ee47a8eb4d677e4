"""What a doctor orders: tests and medicines of somebody who is here. The caller owns the transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.loops import questions, services
from cloud.loops.chain import CHECK_UP, DISPENSARY
from cloud.loops.errors import NobodyKnown, NoStation, NotChosen
from cloud.queue import queries
from cloud.queue import services as queue
from cloud.queue.choices import Sort, Through
from cloud.queue.choices import Step as State
from cloud.queue.errors import NotDrawn, WantsReason
from cloud.queue.models import Stay, Task
from cloud.queue.moving import move, tell
from cloud.queue.queries import InLine
from cloud.worklist import services as worklist
from cloud.worklist.catalogue import catalogue
from cloud.worklist.choices import LATERALITIES, LONGEST_REMARK

MOST_AMOUNT = 10_000_000
AT_DOCTOR = (State.IN_ROOM, State.EXAM_DRAFT, State.REVIEWING, State.ORDERS_PLACED)
INSIDE = (*AT_DOCTOR, State.SIGNED)


@dataclass(frozen=True, slots=True)
class Test:
    """An examination of the catalogue; ``eye`` None is the usual one, ``amount`` minor units."""

    kind: str
    eye: str | None = None
    remark: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine as it will be on the label; ``prescription`` and ``line`` where it was signed."""

    name: str
    dose: str = ""
    amount: int = 0
    prescription: int = 0
    line: int = 0


def tests(session: Session, one: InLine, wanted: Sequence[Test], *, by: int) -> list[Task]:
    """Order tests from the doctor's room: the patient goes to be tested and comes back.

    Raises NobodyKnown, NotChosen, NotDrawn, NoStation.
    """
    _hold(one, AT_DOCTOR)
    station = questions.station(session, one.stay.store_id, Sort.CHECK_UP)
    if station is None:
        raise NoStation
    made = [_test(session, one.stay, test, by) for test in _checked(wanted)]
    services.bring(session, one.stay, station, by=by)
    _away(session, one, by)
    return made


def _hold(one: InLine, states: Sequence[str]) -> None:
    if one.stay.patient_id is None:
        raise NobodyKnown(one.stay.ticket)
    if one.step.state not in states:
        raise NotDrawn(one.step.machine, one.step.state, str(State.ORDERS_PLACED))


def _checked(wanted: Sequence[Test]) -> Sequence[Test]:
    if not wanted or not all(_is_good(one) for one in wanted):
        raise NotChosen
    return wanted


def _is_good(one: Test) -> bool:
    eye = one.eye is None or one.eye in LATERALITIES
    return one.kind in catalogue().kinds and eye and 0 <= one.amount <= MOST_AMOUNT


def _away(session: Session, one: InLine, by: int) -> None:
    if one.step.state == State.IN_ROOM:
        queue.turn(session, one, State.EXAM_DRAFT, by=by)
    if one.step.state != State.ORDERS_PLACED:
        queue.turn(session, one, State.ORDERS_PLACED, by=by)


def _test(session: Session, stay: Stay, test: Test, by: int, why: str = "") -> Task:
    remark = " ".join(test.remark.split())[:LONGEST_REMARK]
    order = worklist.order(
        session,
        **{"patient_id": stay.patient_id, "store_id": stay.store_id, "examination": test.kind},  # type: ignore[arg-type]
        wanted_on=queries.today(session, stay.store_id),
        **{"laterality": test.eye, "remark": remark or None, "why": why or None, "by": by},  # type: ignore[arg-type]
    )
    said = {"kind": test.kind, "eye": order.laterality, "remark": remark} | ({"ad_hoc": why} if why else {})
    begins = {"machine": CHECK_UP, "state": "drafted", "order_id": order.id, "what": order.description}
    task = _task(session, stay, by, amount=test.amount, told={"ordered": said}, why=why or None, **begins)
    move(session, task, "ordered", by=by, why=why)
    services.admit(session, task, by=by)
    return task


def _task(session: Session, stay: Stay, by: int, **about: object) -> Task:
    whose = {"store_id": stay.store_id, "stay_id": stay.id, "patient_id": stay.patient_id, "asked_by": by}
    task = Task(**whose, **about, by=by, through=Through.PAGE, moved_at=now())
    session.add(task)
    session.flush()
    audit.note(session, by=by, verb="ordered", kind="task", subject=task.id, patient=stay.patient_id)
    tell(session, stay.store_id, stay.id)
    return task


def ad_hoc(session: Session, stay: Stay, test: Test, *, by: int, why: str) -> Task:
    """A test that no doctor has ordered, for a reason. Raises WantsReason, NobodyKnown, NotChosen, NoStation."""
    station = questions.station(session, stay.store_id, Sort.CHECK_UP)
    if not why.strip():
        raise WantsReason
    if stay.patient_id is None:
        raise NobodyKnown(stay.ticket)
    if station is None:
        raise NoStation
    [checked] = _checked([test])
    task = _test(session, stay, checked, by, why.strip()[:200])
    services.bring(session, stay, station, by=by)
    return task


def medicines(session: Session, one: InLine, wanted: Sequence[Drug], *, by: int) -> list[Task]:
    """Send medicines to the dispensary; the patient goes there after the doctor. Raises as ``tests``."""
    _hold(one, INSIDE)
    station = questions.station(session, one.stay.store_id, Sort.DRUGS)
    if station is None:
        raise NoStation
    if not wanted or not all(drug.name.strip() and 0 <= drug.amount <= MOST_AMOUNT for drug in wanted):
        raise NotChosen
    made = [_medicine(session, one.stay, drug, by) for drug in wanted]
    services.bring(session, one.stay, station, by=by, planned=True)
    return made


def _medicine(session: Session, stay: Stay, drug: Drug, by: int) -> Task:
    signed = {"prescription": str(drug.prescription), "line": str(drug.line)} if drug.prescription else {}
    told = {"prescribed": {"dose": drug.dose.strip()[:200], **signed}}
    begins = {"machine": DISPENSARY, "state": "prescribed", "what": drug.name.strip()[:200]}
    return _task(session, stay, by, amount=drug.amount, told=told, **begins)
