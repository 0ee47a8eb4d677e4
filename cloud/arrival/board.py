"""A store's day at the door: who is expected, who is here and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from cloud.arrival import booked, waiting
from cloud.arrival.booked import Visit
from cloud.arrival.deeds import left_of
from cloud.arrival.wording import said, steps
from cloud.booking.choices import State as Booked
from cloud.kernel.clock import now
from cloud.people import names, phones
from cloud.queue import queries, rules
from cloud.queue.choices import SERVED
from cloud.queue.choices import Stay as Here
from cloud.queue.models import Kind, Stay, Step
from cloud.schedule import queries as schedule
from cloud.web.filters import person_name

PAGE = 40
SOON = (Booked.BOOKED, Booked.CONFIRMED)
OF_VISIT = {
    Booked.ARRIVED: "ticketless",
    Booked.IN_PROGRESS: "with_us",
    Booked.COMPLETED: "done",
    Booked.NO_SHOW: "absent",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A visit of today; ``state`` is one of ``wording.states``, ``may`` whether they can be said to be here."""

    visit: Visit
    patient: Any
    what: str
    state: str
    stay: Stay | None

    @property
    def may(self) -> bool:
        """Whether the desk can say that they are here."""
        return self.stay is None and self.state in ("expected", "late", "ticketless", "absent")


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who is here: ``where`` is the station, ``doing`` what they do there."""

    stay: Stay
    patient: Any
    kind: str
    where: str
    doing: str


@dataclass(frozen=True, slots=True)
class Day:
    """Both lists; ``further`` is the last visit of this page where there are more."""

    expected: Sequence[Expected]
    total: int
    further: int | None
    inside: Sequence[Inside]


def day(session: Session, store_id: int, words: str = "", after: int | None = None) -> Day:
    """Today, of those who answer to ``words``; the page of visits after one."""
    on = queries.today(session, store_id)
    stays, visits = queries.stays(session, store_id, on), booked.of_day(session, store_id, on)
    ids = {one.patient_id for one in stays if one.patient_id is not None} | {one.patient_id for one in visits}
    patients = booked.whose(session, ids)
    steps_ = queries.steps_of(session, [one.id for one in stays])
    rows = [one for one in _expected(session, visits, patients, stays, steps_) if _answers(words, one)]
    inside = [one for one in _inside(session, store_id, stays, patients, steps_) if _answers(words, one)]
    page, further = _page(rows, after)
    return Day(page, len(rows), further, inside)


def _page(rows: list[Expected], after: int | None) -> tuple[list[Expected], int | None]:
    """Those after a visit; its place in the day, not its number, is what counts."""
    at = next((n + 1 for n, one in enumerate(rows) if one.visit.id == after), 0)
    page = rows[at : at + PAGE]
    return page, page[-1].visit.id if at + PAGE < len(rows) else None


def _expected(
    session: Session,
    visits: Iterable[Visit],
    patients: Mapping[int, Any],
    stays: Iterable[Stay],
    steps_: Mapping[int, Sequence[Step]],
) -> list[Expected]:
    types = {one.id: said(one.names, one.code) for one in schedule.types(session).values()}
    became = {one.visit_id: one for one in stays if one.visit_id and one.state != Here.CANCELLED}
    late = now() - timedelta(minutes=rules.turn().late_minutes)
    made = ((one, became.get(one.id)) for one in visits)
    return [
        Expected(one, patients[one.patient_id], types.get(one.type_id, ""), _state(one, stay, late, steps_), stay)
        for one, stay in made
    ]


def _state(visit: Visit, stay: Stay | None, late: datetime, steps_: Mapping[int, Sequence[Step]]) -> str:
    if stay is None:
        return OF_VISIT.get(Booked(visit.state)) or ("late" if visit.shown_at < late else "expected")
    if stay.state == Here.HERE:
        return "with_us" if any(one.state in SERVED for one in steps_[stay.id]) else "here"
    return "done" if stay.state == Here.DONE else "gone"


def _inside(
    session: Session,
    store_id: int,
    stays: Iterable[Stay],
    patients: Mapping[int, Any],
    steps_: Mapping[int, Sequence[Step]],
) -> list[Inside]:
    stations = {one.id: said(one.names) for one in queries.stations(session, store_id)}
    kinds = {one.id: said(one.names, one.code) for one in queries.kinds(session, store_id)}
    found = []
    for stay in stays:
        if stay.state == Here.HERE:
            where, doing = place(waiting.current(steps_[stay.id]), stations)
            who = patients.get(stay.patient_id or 0)
            found.append(Inside(stay, who, kinds.get(stay.kind_id, ""), where, doing))
    return found


def place(step: Step | None, stations: Mapping[int, str]) -> tuple[str, str]:
    """A station's name, and what somebody does there."""
    return ("", "") if step is None else (stations.get(step.station_id, ""), steps().get(step.state, ""))


Row = TypeVar("Row", Expected, Inside)


def _answers(words: str, row: Row) -> bool:
    """Whether a name, a record number, a ticket or the end of a telephone is what was typed."""
    wanted = names.fold(words)
    if not wanted:
        return True
    known = [row.stay.ticket if row.stay else ""]
    if (one := row.patient) is not None:
        known += [person_name(one), one.family_name, one.given_name, one.native_name or "", one.record_number]
    digits = phones.telephone(words)
    rings = bool(digits) and one is not None and phones.telephone(one.phone or "").endswith(digits)
    return rings or any(wanted in names.fold(text) for text in known)


def left(session: Session, store_id: int) -> list[tuple[Kind, int | None]]:
    """Kinds of registration, and how many of each can still be given today."""
    stays = queries.stays(session, store_id, queries.today(session, store_id))
    return [(one, left_of(one, stays)) for one in queries.kinds(session, store_id)]
