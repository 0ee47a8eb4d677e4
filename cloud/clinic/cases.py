"""Looking for cases: what is signed, of the whole chain, by diagnosis, by what was drawn, by a figure.

Only the newest version of a record counts, and none that was retracted. Every line is one finding, one figure or one
diagnosis; the first of these that is asked for leads, and whatever else is asked must stand in the same examination.
The leading one is walked along an index, the newest first, so that no question reads the whole of the table.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, literal, null, select
from sqlalchemy.orm import Session, aliased

from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Words
from cloud.clinic.choices import Side
from cloud.clinic.models import DrawnFinding, Observation, Version
from cloud.clinic.visits import standing

PAGE = 50
MOST = 200  # beyond this a page says "more than"
HOURS = 12


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure to look for; where ``half`` names a field, half of that is added, as for the spherical equivalent."""

    code: str
    element: str
    field: str
    unit: str
    words: Words
    half: str = ""


@cache
def figures() -> dict[str, Figure]:
    """The figures one may ask for, by code."""
    read = tomllib.loads((Path(__file__).parent / "tables" / "cases.toml").read_text("utf-8"))
    return {one.code: one for one in msgspec.convert(read["figures"], tuple[Figure, ...])}


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
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Trait:
    """One thing that is asked for: the table it stands in, its moment, the conditions, and the figure it shows."""

    table: Any
    moment: Any
    where: tuple[ColumnElement[bool], ...]
    shows: Any


def page(session: Session, asked: Asked) -> list[Case]:
    """The cases, the newest first; none where nothing is asked for."""
    if asked.nothing:
        return []
    lead = _traits(asked)[0]
    query = _found(asked, lead, lead.table, lead.shows.label("shown"))
    order = (lead.moment.desc(), lead.table.id.desc())
    rows = session.execute(query.order_by(*order).limit(asked.limit))
    return [_case(row[0], row.shown) for row in rows]


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
    query = query.where(standing(), *lead.where, *_span(asked, lead.moment))
    if asked.after is not None:
        query = query.where(func.row(lead.moment, table.id) < func.row(*asked.after))
    return query.where(*(select(one.table.id).where(*one.where, _same(one, table)).exists() for one in rest))


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
    return _Trait(row, row.found_at, (*where, *_eye(asked, row)), null())


def hours(first: int, last: int) -> list[int]:
    """Clock hours from the first to the last, both included: 10 to 2 is 10, 11, 12, 1, 2."""
    return [(first + step - 1) % HOURS + 1 for step in range((last - first) % HOURS + 1)]


def _eye(asked: Asked, row: Any) -> list[ColumnElement[bool]]:
    return [row.side == asked.eye.value] if asked.eye else []


def _measured(asked: Asked, bound: Bound) -> _Trait:
    row, figure = aliased(Observation), bound.figure
    place = (row.element == _plain(figure.element), row.field == _plain(figure.field))
    whole: Any = row.number + func.coalesce(_half(row, figure.half), 0) if figure.half else row.number
    near = _beyond(row.number, bound, _slack(bound))
    return _Trait(row, row.measured_at, (*place, near, _beyond(whole, bound), *_eye(asked, row)), whole)


def _plain(word: str) -> ColumnElement[str]:
    """A word of the catalogue within the statement itself, so that a partial index is known to hold it."""
    return literal(word, literal_execute=True)


def _half(row: Any, field: str) -> Any:
    other = aliased(Observation)
    same = and_(*(getattr(other, name) == getattr(row, name) for name in ("version_id", "element", "n", "side")))
    return select(other.number / 2).where(same, other.field == field).correlate(row).scalar_subquery()


def _beyond(figure: Any, bound: Bound, slack: Decimal = Decimal(0)) -> ColumnElement[bool]:
    at_least: ColumnElement[bool] = figure >= bound.limit - slack
    at_most: ColumnElement[bool] = figure <= bound.limit + slack
    return at_least if bound.compare == "least" else at_most


def _slack(bound: Bound) -> Decimal:
    """How far what the index holds may lie from the whole: half of the most that may be added to it."""
    if not bound.figure.half:
        return Decimal(0)
    spec = registry.field(bound.figure.element, bound.figure.half)
    return max(abs(spec.low or Decimal(0)), abs(spec.high or Decimal(0))) / 2


def _diagnosed(asked: Asked) -> _Trait:
    row = aliased(Observation)
    place = (row.element == _plain("diagnosis"), row.field == _plain("code"))
    return _Trait(row, row.measured_at, (*place, row.code.in_(asked.diagnoses)), row.code)


def _case(row: Any, shown: Any) -> Case:
    drawn = isinstance(row, DrawnFinding)
    at = row.found_at if isinstance(row, DrawnFinding) else row.measured_at
    said = {"finding": row} if drawn else {"code": shown} if row.element == "diagnosis" else {"figure": shown}
    where = (row.id, at, row.patient_id, row.encounter_id, row.version_id)
    return Case(*where, Side(row.side), row.element, row.n, **said)
