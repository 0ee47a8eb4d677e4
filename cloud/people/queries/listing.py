"""Lists of patients: found by what was typed, or page by page in an order, narrowed by store, status and tag."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.people import asked, names
from cloud.people import search as searching
from cloud.people.findable import Findable
from cloud.people.models import Label, Patient, Tagging

PAGE = 50
COUNTED = 10_000  # beyond this a list says "more than"; counting a million rows on every look helps nobody
NARROWING = 500  # how many of those found are looked at when a list is narrowed as well
# order: the columns it goes by, whether backwards
ORDERS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "newest": ((Patient.id,), True),
    "name": ((Findable.sort_key, Findable.patient_id), False),
    "number": ((Patient.record_number, Patient.id), False),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Of the list, only these; None narrows nothing. ``order`` is one of ORDERS."""

    store_id: int | None = None
    status: str | None = None
    label_id: int | None = None
    order: str = "newest"

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row must be to stay in the list."""
        held = exists().where(
            Tagging.patient_id == Patient.id, Tagging.label_id == self.label_id, Tagging.ended_at.is_(None)
        )
        wanted = (
            (self.store_id, Patient.home_store_id == self.store_id),
            (self.status, Patient.status == self.status),
            (self.label_id, held | (Patient.class_id == self.label_id)),
        )
        return [Patient.merged_into.is_(None), *(what for asked_for, what in wanted if asked_for is not None)]


@dataclass(frozen=True, slots=True)
class Page:
    """Some patients; ``newer`` and ``older`` are ids to go on from, None at an end. ``more`` than ``total`` match."""

    patients: Sequence[Patient]
    total: int
    more: bool = False
    newer: int | None = None
    older: int | None = None


def search(session: Session, words: str, limit: int = PAGE, of: Narrowed | None = None) -> Sequence[Patient]:
    """Patients who answer to every word, the likeliest first; the newest when nothing is asked."""
    if not words.split():
        return page(session, of or Narrowed(), limit=limit).patients
    ids = searching.find(session, words, NARROWING if of else limit)
    records = {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(ids)))} if ids else {}
    open_ids = list(dict.fromkeys(records[one].merged_into or one for one in ids if one in records))
    query = select(Patient).where(Patient.id.in_(open_ids), *(of or Narrowed()).conditions())
    people = {one.id: one for one in session.scalars(query)} if open_ids else {}
    return _likeliest([people[one] for one in open_ids if one in people], words)[:limit]


def _likeliest(people: list[Patient], words: str) -> list[Patient]:
    """The number as typed, then those whose family name begins so, else as they came."""
    begun = next(iter(asked.meanings(words)), ("",))[0].strip()
    return sorted(people, key=lambda one: (one.record_number != words.strip(), not _begins(one, begun)))


def _begins(person: Patient, word: str) -> bool:
    family, _given = names.apart(person.family_name, person.given_name)
    return any(form.startswith(word) for form in names.forms(family, ""))


def page(
    session: Session, of: Narrowed, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page:
    """A page of the list, after or before the patient with this id."""
    columns, down = ORDERS[of.order]
    edge = after if before is None else before
    back = before is not None
    query = _listed(of).order_by(*(one.desc() if down != back else one for one in columns)).limit(limit + 1)
    if edge is not None:
        query = query.where(_beyond(session, of.order, edge, up=down == back))
    found = list(session.scalars(query))
    more, some = len(found) > limit, found[:limit]
    some = some[::-1] if back else some
    ends = {"newer": some[0].id if some and (more if back else edge is not None) else None}
    ends["older"] = some[-1].id if some and (back or more) else None
    total = count(session, of)
    return Page(some, min(total, COUNTED), total > COUNTED, **ends)


def _listed(of: Narrowed) -> Select[Patient]:
    """By name, the words' index is read along and not the patients'."""
    ours = Findable.tenant_id == Patient.tenant_id, Findable.patient_id == Patient.id
    query = select(Patient).where(*of.conditions())
    return query.join(Findable, ours[0] & ours[1]) if of.order == "name" else query


def _beyond(session: Session, order: str, edge: int, *, up: bool) -> ColumnElement[bool]:
    """Beyond the row at the edge, in the direction one goes."""
    columns, _down = ORDERS[order]
    table = Findable if order == "name" else Patient
    at = session.execute(select(*columns).where(table.tenant_id == current_tenant(), columns[-1] == edge)).first()
    values = tuple(at) if at else (*("" for _ in columns[1:]), edge)
    here = tuple_(*columns)
    return here > tuple_(*values) if up else here < tuple_(*values)


def count(session: Session, of: Narrowed | None = None) -> int:
    """How many patients the list has, counted up to one beyond COUNTED; absorbed records are not counted."""
    some = select(1).select_from(Patient).where(*replace(of or Narrowed(), order="newest").conditions())
    return session.scalar(select(func.count()).select_from(some.limit(COUNTED + 1).subquery())) or 0


def labels(session: Session) -> Sequence[Label]:
    """Tags and classes of the chain, by name."""
    return session.scalars(select(Label).order_by(Label.kind, Label.name)).all()
