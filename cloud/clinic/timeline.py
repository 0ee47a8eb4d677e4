"""One stream of what happened to a patient. Rooms above add their own source when the application is put together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cloud.accounts.choices import May
from cloud.web import times

KEY = "emmetra.timeline"
PAGE = 25


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. ``(at, kind, key)`` is its place in the stream; ``key`` sorts like the column it comes from."""

    at: datetime
    kind: str
    key: str
    title: str
    text: str = ""
    href: str = ""
    by: int | None = None
    pill: str = ""

    @property
    def day(self) -> date:
        """The day on the store's calendar."""
        return times.in_store(self.at).date()


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of the page before; written ``2026-11-22T04:00:00+00:00~visits~17``."""

    at: datetime
    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}~{self.kind}~{self.key}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source is asked for: a patient's rows that lie after the cursor, newest first, at most ``limit``."""

    patient_ids: Sequence[int]
    limit: int
    cursor: Cursor | None = None

    def earlier(
        self,
        kind: str,
        at: InstrumentedAttribute[datetime],
        key: InstrumentedAttribute[Any],
        read: Callable[[str], Any] = int,
    ) -> ColumnElement[bool]:
        """The condition on a source's own columns; ``read`` turns the cursor's key into a value of the column."""
        last = self.cursor
        if last is None:
            return true()
        if kind == last.kind:
            return or_(at < last.at, and_(at == last.at, key < read(last.key)))
        return at <= last.at if kind < last.kind else at < last.at


Question = Callable[[Session, Asked], Iterable[Happening]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where lines of one kind come from: what the filter calls them, who may see them, and the question."""

    kind: str
    word: Callable[[], str]
    right: May
    ask: Question


def install(app: Flask, sources: Iterable[Source]) -> None:
    """Say which sources the stream is made of."""
    app.extensions[KEY] = {one.kind: one for one in sources}


def sources(may: Iterable[May]) -> Mapping[str, Source]:
    """The kinds somebody with these rights sees, by name."""
    mine, known = frozenset(may), current_app.extensions.get(KEY, {})
    return {kind: one for kind, one in known.items() if one.right in mine}


def page(session: Session, asked: Asked, kinds: Iterable[Source]) -> tuple[list[Happening], Cursor | None]:
    """One page of the stream, and where the next one begins."""
    found = [one for source in kinds for one in source.ask(session, asked)]
    found.sort(key=lambda one: (one.at, one.kind), reverse=True)
    shown = found[: asked.limit - 1]
    last = shown[-1] if len(found) >= asked.limit and shown else None
    return shown, Cursor(last.at, last.kind, last.key) if last else None


def read_cursor(written: str) -> Cursor | None:
    """A cursor as an address carries it; None for none. Raises ValueError."""
    if not written:
        return None
    at, kind, key = written.split("~", 2)
    moment = datetime.fromisoformat(at.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError(written)
    return Cursor(moment, kind, key)
