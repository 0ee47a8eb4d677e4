"""Looking for cases: what is signed, of the whole chain, by diagnosis, by what was drawn, by a figure.

Only the newest version of a record counts, and none that was retracted. Every line is one finding, one figure or one
diagnosis; the first of these that is asked for leads, and whatever else is asked must stand in the same examination.
The leading one is walked along an index, the newest first, so that no question reads the whole of the table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session, aliased

from cloud.clinic import models
from cloud.clinic.choices import Act, Side
from cloud.clinic.measured import THOUSAND, Figure, figures
from cloud.clinic.models import DrawnFinding, Observation, Version

__all__ = ["Asked", "Bound", "Case", "Figure", "beside", "count", "figures", "hours", "page", "walk"]
PAGE = 50
MOST = 200  # beyond this a page says "more than"
HOURS = 12


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure that is at least, or at most, so much."""

    figure: Figure
    compare: Literal["least", "most"]
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; ``after`` is moment and id of the last line of the page before.

    ``hours`` are clock hours from and to, both included, over twelve where the first is the later; ``eye`` narrows what
    is of one eye; the span holds ``since`` and ends before ``until``.
    """

    diagnoses: tuple[str, ...] = ()
    sign: str = ""
    hours: tuple[int, int] | None = None
    bound: Bound | None = None
    eye: Side | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, int] | None = None
    limit: int = PAGE

    @property
    def nothing(self) -> bool:
        """Whether nothing was asked for that a case could be found by."""
        return not (self.diagnoses or self.sign or self.bound)


@dataclass(frozen=True, slots=True)
class Case:
    """One line: where it stands, and what: exactly one of a drawn finding, a figure and a diagnosis' code."""

    id: int
    at: datetime
    patient_id: int
    encounter_id: int
    version_id: int
    side: Side
    element: str
    n: int
    finding: DrawnFinding | None = None
    figure: Decimal | None = None
    measured: str = ""  # the code of the figure
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Trait:
    """One thing that is asked for: the table it stands in, its moment, and the conditions."""

    table: Any
    moment: Any
    where: tuple[ColumnElement[bool], ...]


def page(session: Session, asked: Asked) -> list[Case]:
    """The cases, the newest first; none where nothing is asked for."""
    if asked.nothing:
        return []
    each = [replace(asked, diagnoses=(code,)) for code in asked.diagnoses] if _by_diagnosis(asked) else [asked]
    found = [_case(row) for one in each for row in session.scalars(walk(one))]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[: asked.limit]


def _by_diagnosis(asked: Asked) -> bool:
    """Whether diagnoses lead; each is walked by itself, since of several no index knows the newest."""
    return not (asked.sign or asked.bound)


def walk(asked: Asked) -> Select[Any]:
    """The question for one page, the newest first."""
    lead = _traits(asked)[0]
    order = (lead.moment.desc(), lead.table.id.desc())
    return _found(asked, lead, lead.table).order_by(*order).limit(asked.limit)


def count(session: Session, asked: Asked) -> int:
    """How many lines there are; one more than MOST where there are more."""
    if asked.nothing:
        return 0
    lead = _traits(asked)[0]
    some = _found(asked, lead, lead.table.id).limit(MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def beside(session: Session, found: Sequence[Case]) -> dict[tuple[int, int], dict[str, str]]:
    """What the record says beside each diagnosis, by version and which of several: its eye and its status."""
    ids = [one.version_id for one in found if one.code]
    row = Observation
    query = select(row.version_id, row.n, row.field, row.code).where(row.version_id.in_(ids))
    told: dict[tuple[int, int], dict[str, str]] = {}
    for version, n, field, code in session.execute(query.where(row.element == "diagnosis")) if ids else ():
        told.setdefault((version, n), {})[field] = code or ""
    return told


def _found(asked: Asked, lead: _Trait, *columns: Any) -> Select[Any]:
    table, rest = lead.table, _traits(asked)[1:]
    query = select(*columns).select_from(table).join(Version, Version.id == table.version_id)
    query = query.where(_stands(), *lead.where, *_span(asked, lead.moment))
    if asked.after is not None:
        query = query.where(func.row(lead.moment, table.id) < func.row(*asked.after))
    return query.where(*(select(one.table.id).where(*one.where, _same(one, table)).exists() for one in rest))


def _stands() -> ColumnElement[bool]:
    """The newest version, and not retracted; said so that PostgreSQL knows that nearly all are."""
    later = aliased(Version)
    newer = select(later.id).where(later.encounter_id == Version.encounter_id, later.number > Version.number)
    return ~newer.correlate(Version).exists() & (Version.act != Act.RETRACTED.value)


def _same(one: _Trait, lead: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = one.table.version_id == lead.version_id
    return same


def _span(asked: Asked, moment: Any) -> list[ColumnElement[bool]]:
    since = [moment >= asked.since] if asked.since else []
    return since + ([moment < asked.until] if asked.until else [])


def _traits(asked: Asked) -> list[_Trait]:
    """What is asked for; the rarest leads, as far as one can tell beforehand."""
    found = [_drawn(asked)] if asked.sign else []
    found += [_measured(asked, asked.bound)] if asked.bound else []
    return found + ([_diagnosed(asked)] if asked.diagnoses else [])


def _drawn(asked: Asked) -> _Trait:
    row = aliased(DrawnFinding)
    where = [row.code == asked.sign]
    if asked.hours is not None:
        where.append(row.clock_hour.in_(hours(*asked.hours)))
    return _Trait(row, row.found_at, (*where, *_eye(asked, row)))


def hours(first: int, last: int) -> list[int]:
    """Clock hours from the first to the last, both included: 10 to 2 is 10, 11, 12, 1, 2."""
    return [(first + step - 1) % HOURS + 1 for step in range((last - first) % HOURS + 1)]


def _eye(asked: Asked, row: Any) -> list[ColumnElement[bool]]:
    return [row.side == asked.eye.value] if asked.eye else []


def _measured(asked: Asked, bound: Bound) -> _Trait:
    row = aliased(models.Figure)
    limit = bound.limit * THOUSAND
    near = row.thousandths >= math.ceil(limit) if bound.compare == "least" else row.thousandths <= math.floor(limit)
    return _Trait(row, row.found_at, (row.code == bound.figure.code, near, *_eye(asked, row)))


def _diagnosed(asked: Asked) -> _Trait:
    row = aliased(Observation)
    # within the statement itself, so that the partial index is known to hold it
    place = (
        row.element == literal("diagnosis", literal_execute=True),
        row.field == literal("code", literal_execute=True),
    )
    return _Trait(row, row.measured_at, (*place, row.code.in_(asked.diagnoses)))


def _case(row: Any) -> Case:
    where = (row.patient_id, row.encounter_id, row.version_id, Side(row.side), row.element, row.n)
    if isinstance(row, DrawnFinding):
        return Case(row.id, row.found_at, *where, finding=row)
    if isinstance(row, models.Figure):
        return Case(row.id, row.found_at, *where, figure=Decimal(row.thousandths) / THOUSAND, measured=row.code)
    return Case(row.id, row.measured_at, *where, code=row.code)
