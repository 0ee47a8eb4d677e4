"""Calibrations, services and repairs: entered, struck where wrong, never changed; the plate follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.operations import inventory
from cloud.operations.choices import Kind
from cloud.operations.errors import NoSuchService
from cloud.operations.models import Plate, Service

STRUCK = "struck"


class Entry(Protocol):
    """What the plate is made of."""

    id: int
    kind: str
    done_on: date
    next_due: date | None
    strikes: int | None


@dataclass(frozen=True, slots=True)
class Dates:
    """What the entries that stand say together."""

    calibrated_on: date | None
    serviced_on: date | None
    next_due: date | None


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """Entries nobody has struck, in the order of the days they tell of."""
    struck = {one.strikes for one in entries if one.strikes}
    return sorted((one for one in entries if not one.strikes and one.id not in struck), key=lambda e: (e.done_on, e.id))


def dates(entries: Sequence[Entry]) -> Dates:
    """The last calibration, the last service or repair, and when the newest entry that says so is due again."""
    found = standing(entries)

    def last(*kinds: Kind) -> date | None:
        return max((one.done_on for one in found if one.kind in kinds), default=None)

    due = next((one.next_due for one in reversed(found) if one.next_due), None)
    return Dates(last(Kind.CALIBRATED), last(Kind.SERVICED, Kind.REPAIRED), due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done to an instrument, as it is entered."""

    kind: Kind
    done_on: date
    done_by: str
    next_due: date | None = None
    certificate: str | None = None
    note: str | None = None


def of(session: Session, instrument_id: int) -> Sequence[Service]:
    """Every entry, the newest first."""
    query = select(Service).where(Service.instrument_id == instrument_id)
    return session.scalars(query.order_by(Service.done_on.desc(), Service.id.desc())).all()


def enter(session: Session, instrument_id: int, done: Done, *, by: int) -> Service:
    """Write down what was done. Raises NoSuchInstrument."""
    inventory.line(session, instrument_id)
    said = {"kind": done.kind.value, "done_on": done.done_on, "done_by": done.done_by, "next_due": done.next_due}
    entry = Service(instrument_id=instrument_id, **said, certificate=done.certificate, note=done.note, by=by)
    session.add(entry)
    session.flush()
    audit.note(session, by=by, verb=done.kind.value, kind="instrument", subject=instrument_id, service=entry.id)
    _follow(session, instrument_id)
    return entry


def strike(session: Session, instrument_id: int, service_id: int, *, why: str, today: date, by: int) -> Service:
    """A wrong entry counts no more; it and the reason stay. Raises NoSuchService."""
    wrong = next((one for one in standing(of(session, instrument_id)) if one.id == service_id), None)
    if wrong is None:
        raise NoSuchService(service_id)
    entry = Service(
        instrument_id=instrument_id, kind=STRUCK, done_on=today, done_by="", note=why, strikes=service_id, by=by
    )
    session.add(entry)
    session.flush()
    audit.note(session, by=by, verb=STRUCK, kind="instrument", subject=instrument_id, service=service_id)
    _follow(session, instrument_id)
    return entry


def set_serial(session: Session, instrument_id: int, serial: str | None, *, by: int) -> None:
    """The number on the plate, for an instrument that does not say it itself. Raises NoSuchInstrument."""
    inventory.line(session, instrument_id)
    _plate(session, instrument_id).serial = serial
    audit.note(session, by=by, verb="read plate", kind="instrument", subject=instrument_id)
    session.flush()


def _plate(session: Session, instrument_id: int) -> Plate:
    found = session.scalars(select(Plate).where(Plate.instrument_id == instrument_id).with_for_update()).first()
    if found is None:
        found = Plate(instrument_id=instrument_id)
        session.add(found)
        session.flush()
    return found


def _follow(session: Session, instrument_id: int) -> None:
    plate, said = _plate(session, instrument_id), dates(of(session, instrument_id))
    plate.calibrated_on, plate.serviced_on, plate.next_due = said.calibrated_on, said.serviced_on, said.next_due
    session.flush()
