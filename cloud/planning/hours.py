"""When a store and everybody in it works: rules of the week, single days, block-offs. What has been is not touched."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.kernel.clock import local, now
from cloud.planning import history, queries
from cloud.planning.choices import Deed, Subject
from cloud.planning.errors import NothingToUndo, ThePast
from cloud.schedule.choices import Effect
from cloud.schedule.models import Block, Dated, Rule
from cloud.slots.hours import Window

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Weekly:
    """A rule of the week that does not stand yet; ``window`` in minutes after midnight."""

    effect: Effect
    days: tuple[int, ...]
    window: Window
    since: date
    until: date | None = None
    parity: int | None = None
    types: tuple[int, ...] = ()
    why: str | None = None


def today(session: Session, store_id: int) -> date:
    """By the store's wall clock."""
    return local(now(), accounts.store(session, store_id).zone).date()


def begin(session: Session, store_id: int, resource_id: int | None, rule: Weekly, *, by: int) -> Rule:
    """A rule from ``rule.since`` on. Raises ThePast."""
    if rule.since < today(session, store_id):
        raise ThePast(rule.since)
    one = Rule(
        store_id=store_id,
        resource_id=resource_id,
        effect=rule.effect,
        days=sorted(rule.days),
        starts=rule.window[0],
        ends=rule.window[1],
        since=rule.since,
        until=rule.until,
        parity=rule.parity,
        types=sorted(rule.types),
        why=rule.why,
    )
    session.add(one)
    history.keep(session, Subject.RULE, Deed.ADDED, one, by=by)
    return one


def end(session: Session, rule: Rule, last: date, *, by: int) -> None:
    """``last`` is the last day on which it holds; one that has not begun never will. Raises ThePast."""
    yesterday = today(session, rule.store_id) - DAY
    if last < yesterday or (rule.until is not None and rule.until < yesterday):
        raise ThePast(last)
    if rule.until is not None and rule.until <= last:
        return
    before = history.row(rule)
    rule.until = last
    history.keep(session, Subject.RULE, Deed.ENDED, rule, by=by, before=before)


def reopen(session: Session, rule: Rule, *, by: int) -> Rule:
    """As it was before it was ended; days that went by without it stay without it. Raises NothingToUndo."""
    ended = queries.ending(session, Subject.RULE, rule.id)
    if ended is None or rule.until is None or rule.until.isoformat() != ended.after["until"]:
        raise NothingToUndo(rule.id)
    was = date.fromisoformat(ended.before["until"]) if ended.before["until"] else None
    first = today(session, rule.store_id)
    if rule.until < first - DAY:
        return begin(session, rule.store_id, rule.resource_id, replace(_told(rule), since=first, until=was), by=by)
    before = history.row(rule)
    rule.until = was
    history.keep(session, Subject.RULE, Deed.REOPENED, rule, by=by, before=before)
    return rule


def change_week(
    session: Session,
    store_id: int,
    resource_id: int | None,
    week: Sequence[tuple[tuple[int, ...], Window]],
    since: date,
    *,
    by: int,
    parity: int | None = None,
) -> None:
    """From ``since`` on these are the open hours: days of the week (0 is Monday) and a window each.

    With a parity the other weeks stay as they are: a rule of every week goes on in them. Raises ThePast.
    """
    if since < today(session, store_id):
        raise ThePast(since)
    for rule in queries.rules(session, store_id, resource_id, since):
        if rule.effect == Effect.OPEN and parity in (None, rule.parity):
            _stop(session, rule, since, by)
        elif rule.effect == Effect.OPEN and rule.parity is None:
            kept = replace(_told(rule), since=max(since, rule.since or since), parity=1 - (parity or 0))
            _stop(session, rule, since, by)
            begin(session, store_id, resource_id, kept, by=by)
    for days, window in week:
        begin(session, store_id, resource_id, Weekly(Effect.OPEN, days, window, since, parity=parity), by=by)


def copy_week(
    session: Session, store_id: int, source_id: int, targets: Collection[int], since: date, *, by: int
) -> None:
    """Others work from ``since`` on as this one does then: open, blocked and reserved windows alike. Raises ThePast."""
    if since < today(session, store_id):
        raise ThePast(since)
    theirs = queries.rules(session, store_id, source_id, since)
    pattern = [replace(_told(one), since=max(since, one.since or since)) for one in theirs]
    for target in sorted(set(targets) - {source_id}):
        for rule in queries.rules(session, store_id, target, since):
            _stop(session, rule, since, by)
        for one in pattern:
            begin(session, store_id, target, one, by=by)


def set_day(
    session: Session,
    store_id: int | None,
    resource_id: int | None,
    on: date,
    windows: Sequence[Window],
    why: str | None,
    *,
    by: int,
    first: date,
) -> Dated:
    """What a date has instead of its weekly rules; without windows it is closed. ``first`` is today. Raises ThePast."""
    if on < first:
        raise ThePast(on)
    same = select(Dated).where(Dated.on_date == on, Dated.store_id.is_not_distinct_from(store_id))
    for old in session.scalars(same.where(Dated.resource_id.is_not_distinct_from(resource_id))).all():
        clear_day(session, old, by=by, first=first)
    told = sorted([start, end] for start, end in windows)
    one = Dated(store_id=store_id, resource_id=resource_id, on_date=on, windows=told, why=why)
    session.add(one)
    history.keep(session, Subject.DATED, Deed.ADDED, one, by=by)
    return one


def clear_day(session: Session, one: Dated, *, by: int, first: date) -> None:
    """The date is as any other of its week again. Raises ThePast."""
    if one.on_date < first:
        raise ThePast(one.on_date)
    history.keep(session, Subject.DATED, Deed.REMOVED, one, by=by, before=history.row(one), after={})
    session.delete(one)
    session.flush()


def block(
    session: Session,
    store_id: int,
    resource_id: int | None,
    between: tuple[datetime, datetime],
    why: str,
    *,
    by: int,
    types: Collection[int] = (),
) -> Block:
    """Nobody books in that time, but for these types. Raises ThePast when all of it has been."""
    if between[1] <= now():
        raise ThePast(between[1])
    told: dict[str, Any] = {
        "starts_at": between[0],
        "ends_at": between[1],
        "types": sorted(types),
        "why": why,
        "by": by,
    }
    one = Block(store_id=store_id, resource_id=resource_id, **told)
    session.add(one)
    session.flush()
    session.refresh(one)
    history.keep(session, Subject.BLOCK, Deed.ADDED, one, by=by)
    return one


def unblock(session: Session, one: Block, *, by: int) -> None:
    """From now on that time can be booked again. Raises NothingToUndo, ThePast."""
    if one.ended_at is not None:
        raise NothingToUndo(one.id)
    moment, before = now(), history.row(one)
    if one.ends_at <= moment:
        raise ThePast(one.ends_at)
    if one.starts_at < moment:
        one.ends_at = moment
    else:
        one.ended_at = moment
    history.keep(session, Subject.BLOCK, Deed.ENDED, one, by=by, before=before)


def block_again(session: Session, one: Block, *, by: int) -> None:
    """As it was before it was taken back. Raises NothingToUndo, ThePast."""
    ended = queries.ending(session, Subject.BLOCK, one.id)
    before = history.row(one)
    if ended is None or (before["ended_at"], before["ends_at"]) != (ended.after["ended_at"], ended.after["ends_at"]):
        raise NothingToUndo(one.id)
    ends_at = datetime.fromisoformat(ended.before["ends_at"])
    if ends_at <= now():
        raise ThePast(ends_at)
    one.ended_at, one.ends_at = None, ends_at
    history.keep(session, Subject.BLOCK, Deed.REOPENED, one, by=by, before=before)


def _stop(session: Session, rule: Rule, since: date, by: int) -> None:
    """It holds no more from ``since`` on; one that would have begun later never does."""
    end(session, rule, since - DAY, by=by)


def _told(rule: Rule) -> Weekly:
    return Weekly(
        Effect(rule.effect),
        tuple(rule.days),
        (rule.starts, rule.ends),
        rule.since or date.min,
        rule.until,
        rule.parity,
        tuple(rule.types),
        rule.why,
    )
