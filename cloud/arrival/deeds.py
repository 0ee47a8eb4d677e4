"""What is done with whoever comes in; each wants a transaction of its own."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.arrival import printing
from cloud.arrival.booked import Visit
from cloud.kernel import audit
from cloud.queue import gates, numbers, queries, services
from cloud.queue.choices import IN_LINE, OPEN, Sort, Source, Through
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Step as State
from cloud.queue.errors import HereAlready, NoSuch, QuotaFull
from cloud.queue.models import Kind, Stay, Step
from cloud.queue.moving import tell

APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody is here; ``fresh`` where it was not known before."""

    stay_id: int
    ticket: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody at the desk comes for. ``why`` is the reason of a priority."""

    kind: Kind
    patient_id: int | None = None
    doctor: int | None = None
    priority: int = 0
    why: str = ""


def welcome(session: Session, visit: Visit, language: str, *, source: Source, through: Through, by: int | None) -> Met:
    """Whoever was booked is here; twice is the same ticket. Raises QuotaFull, NoNumbers, NoSuch."""
    kind = queries.kind(session, visit.store_id, APPOINTMENT)
    about = {"patient_id": visit.patient_id, "visit_id": visit.id, "due_at": visit.shown_at}
    try:
        stay, _step, token = services.arrive(session, kind, **about, source=source, by=by, through=through)  # type: ignore[arg-type]
    except HereAlready as known:
        return Met(known.args[0], known.args[1], fresh=False)
    if source != Source.CODE:
        printing.on_ticket(session, stay, token, language)
    return Met(stay.id, stay.ticket, fresh=True)


def register(
    session: Session,
    wish: Wish,
    language: str,
    *,
    by: int | None,
    source: Source = Source.DESK,
    through: Through = Through.PAGE,
) -> Stay:
    """Somebody comes without an appointment. Raises HereAlready, QuotaFull, NoNumbers, WantsReason, NoSuch."""
    told = {"patient_id": wish.patient_id, "source": source, "by": by, "through": through}
    stay, step, token = services.arrive(session, wish.kind, **told)  # type: ignore[arg-type]
    if by is not None and wish.priority > stay.priority:
        services.hurry(session, stay, wish.priority, by=by, why=wish.why)
    if wish.doctor is not None:
        _wish_for(session, stay, step, wish.doctor, by)
    printing.on_ticket(session, stay, token, language)
    return stay


def _wish_for(session: Session, stay: Stay, first: Step, doctor: int, by: int | None) -> None:
    """The doctor's line is the first one, or is planned for after it."""
    at = _doctors(session, stay.store_id)
    if first.station_id == at:
        first.staff_id = doctor
        session.flush()
    else:
        services.line_up(session, stay, at, by=by, staff_id=doctor, planned=True)


def change_doctor(session: Session, stay: Stay, doctor: int | None, *, by: int, why: str = "") -> None:
    """Another doctor, or whoever is free; who waits keeps their place. Raises NoSuch, NotDrawn."""
    at = _doctors(session, stay.store_id)
    there = (one for one in queries.steps_of(session, [stay.id])[stay.id] if one.station_id == at)
    step = next((one for one in there if one.state in OPEN), None)
    if step is None:
        services.line_up(session, stay, at, by=by, staff_id=doctor, planned=True)
    elif step.state == State.PLANNED:
        step.staff_id = doctor
        session.flush()
        tell(session, stay.store_id, stay.id)
    else:
        services.transfer(session, queries.InLine(step, stay), at, by=by, staff_id=doctor, why=why)
    audit.note(session, by=by, verb="changed", kind="stay", subject=stay.id, patient=stay.patient_id, doctor=doctor)


def change_kind(session: Session, stay: Stay, kind: Kind, *, by: int, why: str) -> int:
    """Another kind of registration under the same ticket; what is owed back. Raises HereAlready, QuotaFull."""
    old = stay.kind_id
    if kind.id == old:
        return 0
    _refuse(session, stay, kind)
    stay.kind_id = kind.id
    stay.fee = services.fee(session, kind, stay.patient_id, stay.day)
    stay.priority = max(stay.priority, kind.priority)
    session.flush()
    _begin_elsewhere(session, stay, kind, by)
    audit.note(session, by=by, verb="changed", kind="stay", subject=stay.id, patient=stay.patient_id, was=old)
    tell(session, stay.store_id, stay.id)
    return gates.refund(session, stay, by=by, why=why)


def _refuse(session: Session, stay: Stay, kind: Kind) -> None:
    numbers.alone(session, stay.store_id, stay.day, kind.letter)
    here = queries.here(session, stay.store_id, stay.day, stay.patient_id) if stay.patient_id else []
    if same := next((one for one in here if one.kind_id == kind.id), None):
        raise HereAlready(same.id, same.ticket)
    left = left_of(kind, queries.stays(session, stay.store_id, stay.day))
    if kind.quota is not None and not left:
        raise QuotaFull(kind.quota)


def _begin_elsewhere(session: Session, stay: Stay, kind: Kind, by: int) -> None:
    """Who still stands in the first line goes over to where the new kind begins."""
    steps = queries.steps_of(session, [stay.id])[stay.id]
    begun = [one for one in steps if one.state != State.PLANNED]
    if len(begun) == 1 and begun[0].state in IN_LINE and begun[0].station_id != kind.first_id:
        services.transfer(session, queries.InLine(begun[0], stay), kind.first_id, by=by)


def left_of(kind: Kind, stays: list[Stay]) -> int | None:
    """How many of a kind can still be given on the day of these stays; None where nobody counts."""
    if kind.quota is None:
        return None
    given = sum(one.kind_id == kind.id and one.state != Here.CANCELLED for one in stays)
    return max(0, kind.quota - given)


def _doctors(session: Session, store_id: int) -> int:
    found = next((one.id for one in queries.stations(session, store_id) if one.sort == Sort.DOCTOR), None)
    if found is None:
        raise NoSuch
    return found
