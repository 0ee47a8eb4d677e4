"""What became of a gateway, out of every room below, as one story, newest first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from cloud.enrolment import queries as enrolment
from cloud.fleet.choices import OFFLINE, ONLINE
from cloud.fleet.models import Happening, Order
from cloud.operations import wording
from cloud.operations.models import Alert, AlertChange
from cloud.shadow.models import DesiredVersion, ReportedChange

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``(at, kind, number)`` is its place in the story."""

    at: datetime
    kind: str
    number: int
    title: str
    text: str = ""
    by: int | None = None
    weight: str = "none"

    @property
    def place(self) -> str:
        """As an address carries it."""
        return f"{self.at.astimezone(UTC).isoformat()}~{self.kind}~{self.number}"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last line of the page before."""

    at: datetime
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Lines of a gateway behind the cursor, at most ``limit``."""

    gateway_id: int
    cursor: Cursor | None = None
    limit: int = PAGE + 1

    def earlier(self, kind: str, at: Any, number: Any) -> ColumnElement[bool]:
        """The condition on a source's own columns."""
        last = self.cursor
        if last is None:
            return true()
        if kind == last.kind:
            behind: ColumnElement[bool] = or_(at < last.at, and_(at == last.at, number < last.number))
            return behind
        before: ColumnElement[bool] = at <= last.at if kind < last.kind else at < last.at
        return before


Source = Callable[[Session, Asked], Iterable[Line]]


def read_cursor(written: str) -> Cursor | None:
    """A line's place as an address carries it; None for none. Raises ValueError."""
    if not written:
        return None
    at, kind, number = written.split("~", 2)
    moment = datetime.fromisoformat(at.replace(" ", "+"))
    if moment.tzinfo is None:
        raise ValueError(written)
    return Cursor(moment, kind, int(number))


def comings(session: Session, asked: Asked) -> Iterable[Line]:
    """When it came and went."""
    for one in _happenings(session, asked, "comings", Happening.code.in_((ONLINE, OFFLINE))):
        came = one.code == ONLINE
        title = _("Connected") if came else _("Went offline")
        yield Line(one.at, "comings", one.id, title, one.text, weight="good" if came else "danger")


def happenings(session: Session, asked: Asked) -> Iterable[Line]:
    """What it reported itself."""
    for one in _happenings(session, asked, "happenings", Happening.code.not_in((ONLINE, OFFLINE))):
        yield Line(one.at, "happenings", one.id, one.text, one.dev or "")


def _happenings(session: Session, asked: Asked, kind: str, which: ColumnElement[bool]) -> Iterable[Happening]:
    mine = (Happening.gateway_id == asked.gateway_id, which, asked.earlier(kind, Happening.at, Happening.id))
    query = select(Happening).where(*mine).order_by(Happening.at.desc(), Happening.id.desc())
    return session.scalars(query.limit(asked.limit))


def orders(session: Session, asked: Asked) -> Iterable[Line]:
    """What it was told to do; never about whom."""
    mine = (Order.gateway_id == asked.gateway_id, asked.earlier("orders", Order.asked_at, Order.id))
    query = select(Order).where(*mine).order_by(Order.asked_at.desc(), Order.id.desc()).limit(asked.limit)
    for one in session.scalars(query):
        failed = one.state in ("failed", "expired")
        text = " · ".join(part for part in (one.dev, wording.order_state(one.state), one.why) if part)
        title, weight = wording.verb(one.verb), "danger" if failed else "none"
        yield Line(one.asked_at, "orders", one.id, title, text, one.asked_by, weight)


def alarms(session: Session, asked: Asked) -> Iterable[Line]:
    """Steps of its alerts that people see."""
    shown = AlertChange.change.in_(("fired", "acknowledged", "resolved"))
    mine = (Alert.gateway_id == asked.gateway_id, shown, asked.earlier("alerts", AlertChange.at, AlertChange.id))
    query = select(AlertChange, Alert).join(
        Alert, (Alert.tenant_id == AlertChange.tenant_id) & (Alert.id == AlertChange.alert_id)
    )
    order = (AlertChange.at.desc(), AlertChange.id.desc())
    for step, alert in session.execute(query.where(*mine).order_by(*order).limit(asked.limit)):
        weight = {"fired": alert.severity, "resolved": "good"}.get(step.change, "none")
        title = f"{wording.title(alert)}: {wording.change(step.change)}"
        yield Line(step.at, "alerts", step.id, title, step.note or wording.said(alert), step.by, weight)


def certificates(session: Session, asked: Asked) -> Iterable[Line]:
    """What became of its identity."""
    last = asked.cursor
    for one in enrolment.passages(session, asked.gateway_id):
        line = Line(one.at, "certificates", one.id, wording.passage(one.verb), "", one.by)
        if last is None or (line.at, line.kind, line.number) < (last.at, last.kind, last.number):
            yield line


def configurations(session: Session, asked: Asked) -> Iterable[Line]:
    """What somebody wanted it to be."""
    of, at = DesiredVersion, DesiredVersion.wanted_at
    mine = (of.gateway_id == asked.gateway_id, asked.earlier("configurations", at, of.id))
    for one in session.scalars(select(of).where(*mine).order_by(at.desc(), of.id.desc()).limit(asked.limit)):
        again = _("the same as version %(number)s", number=one.restored) if one.restored else ""
        title = _("Configuration %(number)s wanted", number=one.version)
        yield Line(one.wanted_at, "configurations", one.id, title, one.why or again, one.wanted_by)


def reports(session: Session, asked: Asked) -> Iterable[Line]:
    """What it said it is, after each change."""
    of, at = ReportedChange, ReportedChange.arrived_at
    mine = (of.gateway_id == asked.gateway_id, asked.earlier("reports", at, of.id))
    for one in session.scalars(select(of).where(*mine).order_by(at.desc(), of.id.desc()).limit(asked.limit)):
        weight = "danger" if one.state in ("reverted", "rejected") else "none"
        yield Line(
            one.arrived_at, "reports", one.id, wording.shadow(one.state, one.version), one.why or "", weight=weight
        )


SOURCES: dict[str, Source] = {
    "comings": comings,
    "happenings": happenings,
    "orders": orders,
    "alerts": alarms,
    "certificates": certificates,
    "configurations": configurations,
    "reports": reports,
}
WORDS: Mapping[str, Any] = {
    "comings": _("Coming and going"),
    "happenings": _("Reported"),
    "orders": _("Orders"),
    "alerts": _("Alerts"),
    "certificates": _("Identity"),
    "configurations": _("Configuration"),
    "reports": _("Configuration in force"),
}


def page(session: Session, asked: Asked, kinds: Sequence[str]) -> tuple[list[Line], Line | None]:
    """One page of the story, and the line after which the next one begins."""
    found = [line for kind in kinds for line in SOURCES[kind](session, asked)]
    found.sort(key=lambda one: (one.at, one.kind, one.number), reverse=True)
    shown = found[:PAGE]
    return shown, shown[-1] if len(found) > PAGE else None
