"""The chain's gateways as a list: narrowed, sorted by any column, paged by keys, counted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from cloud.accounts.models import Region, Store
from cloud.fleet.models import Gateway, Instrument

PAGE = 50
MOST = 20_000  # rows of an export
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TROUBLES = ("lost", "misconfigured")


def _text(column: Any) -> ColumnElement[Any]:
    return func.coalesce(column, "")


def _moment(column: Any) -> ColumnElement[Any]:
    return func.coalesce(column, LONG_AGO)


# What a heading sorts by. None of them is ever NULL, so that a key can always be compared.
SORTS: Mapping[str, ColumnElement[Any]] = {
    "store": Store.name.expression,
    "gateway": _text(Gateway.slug),
    "region": _text(Region.name),
    "state": _text(Gateway.state),
    "since": _moment(Gateway.since),
    "software": _text(Gateway.software),
    "depth": func.coalesce(Gateway.depth, 0),
    "oldest": func.coalesce(Gateway.oldest_at, datetime(9999, 1, 1, tzinfo=UTC)),
    "clock": _text(Gateway.clock_state),
    "alarms": func.jsonb_array_length(Gateway.alarms),
    "seen": _moment(Gateway.seen_at),
}
READ: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("since", "oldest", "seen"), datetime.fromisoformat),
    **dict.fromkeys(("depth", "alarms"), int),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to and sorted by. ``after`` is the key of the row before: sorted value and id."""

    words: str = ""
    state: str = ""
    region: int | None = None
    store: str = ""
    version: str = ""
    alarm: str = ""
    ids: tuple[int, ...] = ()
    sort: str = "store"
    down: bool = False
    after: tuple[Any, int] | None = None
    back: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return any((self.words.strip(), self.state, self.region, self.store, self.version, self.alarm, self.ids))


@dataclass(frozen=True, slots=True)
class Line:
    """A gateway in the list: its row, names of store and region, its store's zone; its instruments by state."""

    gateway: Gateway
    store: str
    store_slug: str
    zone: str
    region: str | None
    key: Any
    instruments: Mapping[str, int] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Its key as an address carries it."""
        shown = self.key.astimezone(UTC).isoformat() if isinstance(self.key, datetime) else str(self.key)
        return f"{shown}~{self.gateway.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, and whether there is more before and after it."""

    lines: Sequence[Line]
    total: int
    newer: str = ""
    older: str = ""


def read_place(sort: str, written: str) -> tuple[Any, int] | None:
    """A row's key as an address carries it; None for none. Raises ValueError."""
    if not written:
        return None
    value, _sep, number = written.rpartition("~")
    read = READ.get(sort, str)
    return read(value.replace(" ", "+") if read == datetime.fromisoformat else value), int(number)


def troubled() -> ColumnElement[bool]:
    """There, and yet something is wrong: an alarm, a clock that is not set, an instrument that is away."""
    # Not a correlated EXISTS: one look at the index of troubles, instead of one for each of ten thousand gateways.
    away = Gateway.id.in_(select(Instrument.gateway_id).where(Instrument.state.in_(TROUBLES)))
    ringing = func.jsonb_array_length(Gateway.alarms) > 0
    return (Gateway.state == "online") & or_(ringing, _text(Gateway.clock_state).not_in(("synced", "")), away)


def _states(state: str) -> ColumnElement[bool]:
    return troubled() if state == "problems" else Gateway.state == state


def where(asked: Asked) -> ColumnElement[bool]:
    """Everything the list is narrowed to, as one condition."""
    wanted = [_words(word) for word in asked.words.split()[:6]]
    wanted += [_states(asked.state)] if asked.state else []
    wanted += [Store.region_id == asked.region] if asked.region else []
    wanted += [Store.slug == asked.store] if asked.store else []
    wanted += [_text(Gateway.software) == asked.version] if asked.version else []
    wanted += [_rings(asked.alarm)] if asked.alarm else []
    wanted += [Gateway.id.in_(asked.ids)] if asked.ids else []
    return and_(literal(True), *wanted)


def _words(word: str) -> ColumnElement[bool]:
    places = (Store.name, Store.slug, Gateway.slug, Gateway.software, Region.name)
    return or_(*(place.icontains(word, autoescape=True) for place in places))


def _rings(code: str) -> ColumnElement[bool]:
    lines = func.jsonb_array_elements_text(Gateway.alarms).column_valued("line")
    said = or_(lines == code, lines.startswith(f"{code}:", autoescape=True))
    return select(literal(1)).where(said).correlate(Gateway).exists()


def joined(query: Select[Any]) -> Select[Any]:
    """Gateways with their stores and regions."""
    stores = (Store.tenant_id == Gateway.tenant_id) & (Store.id == Gateway.store_id)
    regions = (Region.tenant_id == Store.tenant_id) & (Region.id == Store.region_id)
    return query.select_from(Gateway).join(Store, stores).outerjoin(Region, regions)


def page(session: Session, asked: Asked, everything: int) -> Page:
    """A page of the list, and how many there are in all, which is ``everything`` where nothing is asked."""
    rows = list(lines(session, asked, PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if asked.back:
        rows.reverse()
    shown = _with_instruments(session, rows)
    whole = asked.after is None and not more
    total = len(rows) if whole else _total(session, asked) if asked.narrows else everything
    before, behind = (more, True) if asked.back else (asked.after is not None, more)
    return Page(shown, total, rows[0].place if rows and before else "", rows[-1].place if rows and behind else "")


def _total(session: Session, asked: Asked) -> int:
    return session.scalar(joined(select(func.count())).where(where(asked))) or 0


def lines(session: Session, asked: Asked, most: int = MOST) -> Iterator[Line]:
    """The list in its order, without instruments."""
    sort = SORTS[asked.sort]
    down = asked.down != asked.back
    query = joined(select(Gateway, Store.name, Store.slug, Store.zone, Region.name, sort)).where(where(asked))
    if asked.after is not None:
        query = query.where(beyond(sort, Gateway.id, *asked.after, down=down))
    order = (sort.desc(), Gateway.id.desc()) if down else (sort.asc(), Gateway.id.asc())
    for row in session.execute(query.order_by(*order).limit(most)):
        yield Line(*row)


def beyond(sort: ColumnElement[Any], number: Any, value: Any, last: int, *, down: bool) -> ColumnElement[bool]:
    """Rows behind the one with this sorted value and id, in an order by both."""
    # The first condition follows from the second; it is there for the index, which cannot read an OR.
    if down:
        return and_(sort <= value, or_(sort < value, number < last))
    return and_(sort >= value, or_(sort > value, number > last))


def _with_instruments(session: Session, rows: Sequence[Line]) -> list[Line]:
    counted = instrument_counts(session, [one.gateway.id for one in rows])
    return [
        Line(one.gateway, one.store, one.store_slug, one.zone, one.region, one.key, counted.get(one.gateway.id, {}))
        for one in rows
    ]


def instrument_counts(session: Session, gateway_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many instruments each gateway has, by their state."""
    query = select(Instrument.gateway_id, Instrument.state, func.count()).where(Instrument.gateway_id.in_(gateway_ids))
    found: dict[int, dict[str, int]] = {}
    if gateway_ids:
        for gateway_id, state, many in session.execute(query.group_by(Instrument.gateway_id, Instrument.state)):
            found.setdefault(gateway_id, {})[state] = many
    return found


def counts(session: Session) -> dict[str, int]:
    """The chain at a glance: gateways online, offline, never seen, and online with problems."""

    def many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), literal(0, Integer))

    known = {state: many(Gateway.state == state) for state in ("online", "offline", "never_seen")}
    asked = {**known, "problems": many(troubled()), "all": func.count()}
    row = session.execute(select(*(one.label(name) for name, one in asked.items())).select_from(Gateway)).one()
    return {name: int(getattr(row, name)) for name in asked}


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to narrow by, as a form shows it (value, word): regions, versions, and codes of alarms."""

    regions: Sequence[tuple[int, str]]
    versions: Sequence[tuple[str, str]]
    alarms: Sequence[tuple[str, str]]


def choices(session: Session) -> Choices:
    """Regions of the chain; versions and alarms that are there now."""
    regions = session.execute(select(Region.id, Region.name).order_by(Region.name)).all()
    spoken = select(Gateway.software).where(Gateway.software.is_not(None)).distinct().order_by(Gateway.software.desc())
    line = func.jsonb_array_elements_text(Gateway.alarms).column_valued("line", joins_implicitly=True)
    code = func.split_part(line, ":", 1)
    ringing = select(code).select_from(Gateway).distinct().order_by(code)
    return Choices(
        [(one.id, one.name) for one in regions],
        [(one, one) for one in session.scalars(spoken) if one],
        [(one, one) for one in session.scalars(ringing)],
    )
