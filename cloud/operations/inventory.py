"""Every instrument of the chain as a list: narrowed, sorted by any column, paged by keys."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from cloud.accounts.models import Region, Store
from cloud.fleet.listing import LONG_AGO, beyond
from cloud.fleet.models import Gateway, Instrument
from cloud.operations.errors import NoSuchInstrument
from cloud.operations.models import Plate

PAGE = 100
MOST = 100_000
SOON = timedelta(days=30)
NEVER = date(9999, 1, 1)
STATES = ("connected", "lost", "misconfigured", "starting")
DUES = ("overdue", "soon", "unknown")

SERIAL: ColumnElement[Any] = func.coalesce(Instrument.serial, Plate.serial, "")
SORTS: Mapping[str, ColumnElement[Any]] = {
    "store": func.coalesce(Store.name, ""),
    "lane": func.coalesce(Instrument.lane, ""),
    "maker": func.coalesce(Instrument.maker, ""),
    "model": func.coalesce(Instrument.model, Instrument.family),
    "serial": SERIAL,
    "state": func.coalesce(Instrument.state, ""),
    "heard": func.coalesce(Instrument.heard_at, LONG_AGO),
    "calibrated": func.coalesce(Plate.calibrated_on, date(1970, 1, 1)),
    "due": func.coalesce(Plate.next_due, NEVER),
}
READ: Mapping[str, Callable[[str], Any]] = {
    "heard": lambda written: datetime.fromisoformat(written.replace(" ", "+")),
    **dict.fromkeys(("calibrated", "due"), date.fromisoformat),
}


WITH: tuple[Any, ...] = (Instrument, Store.name, Store.id, Region.name, Gateway.slug, Plate)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to and sorted by; ``today`` is the day dues are counted from."""

    today: date
    words: str = ""
    state: str = ""
    region: int | None = None
    store: str = ""
    due: str = ""
    sort: str = "store"
    down: bool = False
    after: tuple[Any, int] | None = None
    back: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.state or self.region or self.store or self.due)


@dataclass(frozen=True, slots=True)
class Line:
    """An instrument with where it stands and what its plate says."""

    instrument: Instrument
    store: str
    store_id: int
    region: str | None
    gateway: str
    plate: Plate | None
    key: Any

    @property
    def place(self) -> str:
        """Its key as an address carries it."""
        shown = self.key.astimezone(UTC).isoformat() if isinstance(self.key, datetime) else str(self.key)
        return f"{shown}~{self.instrument.id}"

    @property
    def serial(self) -> str | None:
        """As the instrument says it, else as somebody read it off the plate."""
        return self.instrument.serial or (self.plate.serial if self.plate else None)

    @property
    def next_due(self) -> date | None:
        """When it is to be looked after next."""
        return self.plate.next_due if self.plate else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list."""

    lines: Sequence[Line]
    total: int
    newer: str = ""
    older: str = ""


def read_place(sort: str, written: str) -> tuple[Any, int] | None:
    """A row's key as an address carries it; None for none. Raises ValueError."""
    if not written:
        return None
    value, _sep, number = written.rpartition("~")
    return READ.get(sort, str)(value), int(number)


def _where(asked: Asked) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [_words(word) for word in asked.words.split()[:6]]
    wanted += [Instrument.state == asked.state] if asked.state else []
    wanted += [Store.region_id == asked.region] if asked.region else []
    wanted += [Store.slug == asked.store] if asked.store else []
    wanted += [_due(asked.due, asked.today)] if asked.due else []
    return and_(literal(True), *wanted)


def _words(word: str) -> ColumnElement[bool]:
    said = (Store.name, Instrument.maker, Instrument.model, Instrument.family, Instrument.dev, Instrument.lane, SERIAL)
    return or_(*(one.icontains(word, autoescape=True) for one in said))


def _due(which: str, today: date) -> ColumnElement[bool]:
    if which == "unknown":
        return Plate.next_due.is_(None)
    return Plate.next_due < today if which == "overdue" else Plate.next_due.between(today, today + SOON)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(Instrument)
        .join(Gateway, (Gateway.tenant_id == Instrument.tenant_id) & (Gateway.id == Instrument.gateway_id))
        .join(Store, (Store.tenant_id == Gateway.tenant_id) & (Store.id == Gateway.store_id))
        .outerjoin(Region, (Region.tenant_id == Store.tenant_id) & (Region.id == Store.region_id))
        .outerjoin(Plate, (Plate.tenant_id == Instrument.tenant_id) & (Plate.instrument_id == Instrument.id))
    )


def lines(session: Session, asked: Asked, most: int = MOST) -> Iterator[Line]:
    """The list in its order."""
    sort, down = SORTS[asked.sort], asked.down != asked.back
    query = _joined(select(*WITH, sort)).where(_where(asked))
    if asked.after is not None:
        query = query.where(beyond(sort, Instrument.id, *asked.after, down=down))
    order = (sort.desc(), Instrument.id.desc()) if down else (sort.asc(), Instrument.id.asc())
    for row in session.execute(query.order_by(*order).limit(most)):
        yield Line(*row)


def page(session: Session, asked: Asked) -> Page:
    """A page of the list, and how many there are in all."""
    found = list(lines(session, asked, PAGE + 1))
    more, found = len(found) > PAGE, found[:PAGE]
    if asked.back:
        found.reverse()
    before, behind = (more, True) if asked.back else (asked.after is not None, more)
    whole = asked.after is None and not more
    return Page(
        found,
        len(found) if whole else count(session, asked),
        found[0].place if found and before else "",
        found[-1].place if found and behind else "",
    )


def count(session: Session, asked: Asked) -> int:
    """How many fit."""
    every = select(func.count()).select_from(Instrument)
    query = _joined(select(func.count())).where(_where(asked)) if asked.narrowed else every
    return session.scalar(query) or 0


def glance(session: Session, today: date) -> dict[str, int]:
    """How many instruments are connected, lost, misconfigured; how many are overdue or due soon."""
    states = select(Instrument.state, func.count()).group_by(Instrument.state)
    found = {str(state): int(many) for state, many in session.execute(states)}
    due = [func.count(case((_due(one, today), 1))).label(one) for one in ("overdue", "soon")]
    row = session.execute(select(*due).select_from(Plate)).one()
    return {"all": sum(found.values()), **found, "overdue": row.overdue, "soon": row.soon}


def line(session: Session, instrument_id: int) -> Line:
    """One instrument. Raises NoSuchInstrument."""
    query = _joined(select(*WITH, literal(""))).where(Instrument.id == instrument_id)
    row = session.execute(query).first() if 0 < instrument_id < 2**63 else None
    if row is None:
        raise NoSuchInstrument(instrument_id)
    return Line(*row)


def whole(asked: Asked) -> Asked:
    """The same list from its beginning."""
    return replace(asked, after=None, back=False)
