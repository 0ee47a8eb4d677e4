"""What a chain has set instead of the defaults, and its quiet hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import local
from cloud.operations import tables, watch
from cloud.operations.choices import QUIET
from cloud.operations.errors import NoSuchRule
from cloud.operations.models import Threshold


@dataclass(frozen=True, slots=True)
class Limit:
    """How a rule stands in a chain; ``own`` where the chain has said so."""

    active: bool
    amount: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """Minutes of the day in a zone between which only urgent alerts are told."""

    begins: int
    until: int
    zone: str

    def holds(self, moment: datetime) -> bool:
        """Whether it is quiet at this moment."""
        there = local(moment, self.zone)
        return watch.is_quiet(there.hour * 60 + there.minute, self.begins, self.until)


def _newest(session: Session) -> dict[str, Threshold]:
    newest = select(func.max(Threshold.id)).group_by(Threshold.rule)
    return {row.rule: row for row in session.scalars(select(Threshold).where(Threshold.id.in_(newest)))}


def limits(session: Session) -> Mapping[str, Limit]:
    """Every rule as it holds in this chain."""
    own = _newest(session)
    return {name: _limit(rule, own.get(name)) for name, rule in tables.rules().items()}


def _limit(rule: tables.Rule, own: Threshold | None) -> Limit:
    if own is None:
        return Limit(active=True, amount=rule.amount or 0)
    return Limit(own.active, own.amount if own.amount is not None else rule.amount or 0, own=True)


def quiet(session: Session) -> Quiet | None:
    """The chain's quiet hours, if it has any."""
    row = _newest(session).get(QUIET)
    if row is None or not row.active or row.amount is None or row.until is None:
        return None
    return Quiet(row.amount, row.until, row.zone or "UTC")


def set_limit(session: Session, rule: str, *, active: bool, amount: int | None, by: int) -> None:
    """From now on this amount holds; what held before stays as a row. Raises NoSuchRule, ValueError out of bounds."""
    known = tables.rules().get(rule)
    if known is None:
        raise NoSuchRule(rule)
    if known.unit == "none":
        amount = None
    elif amount is None or not known.least <= amount <= known.most:
        raise ValueError(rule)
    if _limit(known, _newest(session).get(rule)) == Limit(active, amount or 0, own=True):
        return
    session.add(Threshold(rule=rule, active=active, amount=amount, by=by))
    audit.note(session, by=by, verb="set limit", kind="alert rule", subject=rule, active=active, amount=amount)
    session.flush()


def set_quiet(session: Session, hours: Quiet | None, *, by: int) -> None:
    """From now on these are the quiet hours; None ends them."""
    row = Threshold(rule=QUIET, active=hours is not None, by=by)
    if hours is not None:
        row.amount, row.until, row.zone = hours.begins, hours.until, hours.zone
    session.add(row)
    audit.note(session, by=by, verb="set quiet hours", kind="alert rule", subject=QUIET, active=hours is not None)
    session.flush()
