"""Who stands at a kiosk: found by a birth date and one thing more, among those whose visit is today. Nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cloud.arrival import booked
from cloud.arrival.booked import Visit
from cloud.booking.choices import LIVE, State
from cloud.booking.errors import LinkOver
from cloud.direct import linking
from cloud.people import names, phones
from cloud.people import queries as people
from cloud.queue import queries

DIGITS = 4  # of a telephone
OLDEST = 1900  # a year of two digits is none


@dataclass(frozen=True, slots=True)
class Told:
    """What was entered; ``code`` is the token of a message, ``who`` begins a family name or ends a telephone."""

    born: date
    code: str = ""
    who: str = ""


def birth(form: Mapping[str, str]) -> date | None:
    """The birth date of three fields; None when it is none."""
    try:
        found = date(*(int(form.get(name, "")) for name in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None
    return found if found.year >= OLDEST else None


def token(scanned: str) -> str:
    """What a scanner read of a message: its address ends with the token."""
    return scanned.strip().split("?")[0].rstrip("/").rpartition("/")[2]


def find(session: Session, store_id: int, told: Told) -> Visit | None:
    """The visit of today that is meant; None for nobody and for several alike."""
    if told.code:
        return _by_code(session, store_id, told)
    visits = [one for one in booked.of_day(session, store_id, queries.today(session, store_id)) if one.state in LIVE]
    patients = booked.whose(session, {one.patient_id for one in visits})
    same = {number: one for number, one in patients.items() if one.birth_date == told.born}
    meant = {number for number, one in same.items() if _is(session, one, told.who)}
    if len({same[number].id for number in meant}) != 1:
        return None
    return _first([one for one in visits if one.patient_id in meant])


def _first(visits: list[Visit]) -> Visit:
    """The earliest that nobody has begun; the last where all have."""
    ahead = (one for one in visits if one.state in (State.BOOKED, State.CONFIRMED))
    return next(ahead, visits[-1])


def _by_code(session: Session, store_id: int, told: Told) -> Visit | None:
    try:
        visit: Visit = linking.file_of(session, told.code)
    except LinkOver:
        return None
    today = {one.id for one in booked.of_day(session, store_id, queries.today(session, store_id))}
    born = booked.whose(session, {visit.patient_id})[visit.patient_id].birth_date
    return visit if visit.id in today and visit.state in LIVE and born == told.born else None


def _is(session: Session, patient: Any, who: str) -> bool:
    """Whether the letters begin the family name, or the digits end a telephone."""
    digits = phones.telephone(who)
    if digits and digits == "".join(who.split()):
        known = (patient.phone, *(one.value for one in people.contacts(session, patient.id)))
        return len(digits) == DIGITS and any(phones.telephone(one or "").endswith(digits) for one in known)
    letters = names.fold(who)
    written = (patient.family_name, patient.native_name or "")
    return bool(letters) and any(names.fold(one).startswith(letters) for one in written)
