"""Every change to whose a reading is and what was decided of it. Nothing is overwritten."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.readings import queries
from cloud.readings.choices import LONGEST_SEAT, How, Verdict
from cloud.readings.errors import ChairTaken, NotFiled
from cloud.readings.models import Decision, Filing, Seat
from cloud.worklist import queries as worklist
from cloud.worklist import services as orders


def seat(session: Session, *, store_id: int, lane: str, patient_id: int, by: int) -> Seat:
    """Seat a patient in a lane. Raises ChairTaken, NoSuchPatient."""
    people.patient(session, patient_id)
    taken = queries.seats(session, store_id).get(lane)
    if taken is not None and taken.patient_id == patient_id:
        return taken
    _free_forgotten(session, store_id, lane)
    seat = Seat(store_id=store_id, lane=lane, patient_id=patient_id, seated_by=by, seated_at=now())
    try:
        with session.begin_nested():
            session.add(seat)
    except IntegrityError:
        raise ChairTaken(lane) from None
    audit.note(session, by=by, verb="seated", kind="patient", subject=patient_id, lane=lane, store=store_id)
    _tell(session, store_id, patient_id)
    return seat


def _free_forgotten(session: Session, store_id: int, lane: str) -> None:
    forgotten = (Seat.store_id == store_id) & (Seat.lane == lane) & Seat.left_at.is_(None)
    late = Seat.seated_at <= now() - LONGEST_SEAT
    session.execute(update(Seat).where(forgotten, late).values(left_at=Seat.seated_at + LONGEST_SEAT))


def leave(session: Session, *, store_id: int, lane: str, by: int) -> None:
    """Free a lane; nothing happens when it is free already."""
    here = (Seat.store_id == store_id) & (Seat.lane == lane) & Seat.left_at.is_(None)
    gone = session.scalars(update(Seat).where(here).values(left_at=now()).returning(Seat.patient_id)).all()
    for patient_id in gone:
        audit.note(session, by=by, verb="left", kind="patient", subject=patient_id, lane=lane, store=store_id)
        _tell(session, store_id, patient_id)


def file(session: Session, *, reading_id: UUID, patient_id: int | None, by: int, why: str | None = None) -> Filing:
    """Say whose reading it is, or (no patient) put it back into the tray. Raises NoSuchReading, NoSuchPatient."""
    shown = queries.one(session, reading_id)
    if patient_id is not None:
        people.patient(session, patient_id)
    filing = Filing(reading_id=reading_id, patient_id=patient_id, how=How.PERSON.value, by=by, why=why)
    session.add(filing)
    session.flush()
    audit.note(session, by=by, verb="filed", kind="reading", subject=reading_id, patient=patient_id)
    _end_order(session, shown, patient_id, by)
    for touched in {shown.patient_id, patient_id}:
        _tell(session, shown.store_id, touched)
    return filing


def _end_order(session: Session, shown: queries.Shown, patient_id: int | None, by: int) -> None:
    """Filed to the patient of the order it names, that order is done."""
    order = worklist.named(session, shown.reading.order) if patient_id and shown.reading.order else None
    if order is not None and patient_id is not None and _theirs(session, order.patient_id, patient_id):
        orders.arrive(session, order.id, shown.id, by=by)


def decide(
    session: Session, *, reading_id: UUID, patient_id: int, verdict: Verdict, by: int, why: str | None = None
) -> Decision:
    """Accept or reject a reading as this patient's, or take that back. Raises NoSuchReading, NotFiled."""
    shown = queries.one(session, reading_id)
    if shown.filing_id is None or not _theirs(session, shown.patient_id, patient_id):
        raise NotFiled(reading_id)
    decision = Decision(filing_id=shown.filing_id, verdict=verdict.value, by=by, why=why)
    session.add(decision)
    session.flush()
    audit.note(session, by=by, verb=verdict.value, kind="reading", subject=reading_id, patient=patient_id)
    _tell(session, shown.store_id, patient_id)
    return decision


def _theirs(session: Session, filed_to: int | None, patient_id: int) -> bool:
    """Filed to this patient, or to a record that was absorbed into theirs."""
    return filed_to == patient_id or (filed_to is not None and people.patient(session, filed_to).id == patient_id)


def looked(session: Session, *, patient_id: int, by: int) -> None:
    """Somebody opened a chart."""
    audit.note(session, by=by, verb="looked", kind="patient", subject=patient_id)


def _tell(session: Session, store_id: int, patient_id: int | None) -> None:
    announce(session, Fact(topic="readings.store", tenant_id=current_tenant(), store_id=store_id))
    if patient_id is not None:
        announce(session, Fact(topic="readings.patient", tenant_id=current_tenant(), subject=str(patient_id)))
