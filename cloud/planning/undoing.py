"""A change of the schedule is taken back, while it stands as it was left; what has been stays."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.planning import history, hours, resources, terms, types
from cloud.planning.choices import Deed, Subject
from cloud.planning.errors import NoSuchThing, NothingToUndo
from cloud.planning.models import Change
from cloud.planning.types import Stretch
from cloud.schedule.models import Block, Dated, Offered, Policy, Quota, Resource, Rule, Type

DATES = ("active_from", "active_until", "licensed_until")
STAYS = ("tenant_id", "id", "store_id", "kind", "code", "place", "segments")
Undo = Callable[[Session, Change, int, date], object]


def undo(session: Session, change: Change, *, by: int, today: date) -> None:
    """As it was before. Raises NothingToUndo, ThePast, NameTaken."""
    deed = UNDONE.get((change.subject, change.deed))
    if deed is None:
        raise NothingToUndo(change.id)
    try:
        deed(session, change, by, today)
    except NoSuchThing as gone:
        raise NothingToUndo(change.id) from gone


def can(change: Change) -> bool:
    """Whether such a change can be taken back at all."""
    return (change.subject, change.deed) in UNDONE


def _row(session: Session, kind: type[Any], change: Change) -> Any:
    """Raises NoSuchThing."""
    one = session.get(kind, (current_tenant(), change.subject_id))
    if one is None:
        raise NoSuchThing(change.subject_id)
    return one


def _same(session: Session, kind: type[Any], change: Change) -> Any:
    """The row while it stands as this change left it. Raises NothingToUndo."""
    one = _row(session, kind, change)
    if history.row(one) != {name: change.after[name] for name in history.row(one)}:
        raise NothingToUndo(change.id)
    return one


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if name not in STAYS}
    return found | {name: date.fromisoformat(found[name]) for name in DATES if found.get(name)}


def _rule_added(session: Session, change: Change, by: int, today: date) -> None:
    hours.end(session, _row(session, Rule, change), today - hours.DAY, by=by)


def _day_removed(session: Session, change: Change, by: int, today: date) -> None:
    was = change.before
    windows = [(start, end) for start, end in was["windows"]]
    on = date.fromisoformat(was["on_date"])
    hours.set_day(session, was["store_id"], was["resource_id"], on, windows, was["why"], by=by, first=today)


def _resource(session: Session, change: Change, by: int, _today: date) -> None:
    resources.change(session, _same(session, Resource, change), _told(change.before), by=by)


def _type(session: Session, change: Change, by: int, _today: date) -> None:
    one = _row(session, Type, change)
    if types.recipe(session, one) != change.after:
        raise NothingToUndo(change.id)
    types.change(session, one, _told(change.before), [_stretch(it) for it in change.before["segments"]], by=by)


def _stretch(told: Mapping[str, Any]) -> Stretch:
    needs, lengths = (tuple(tuple(one) for one in told[name]) for name in ("needs", "lengths"))
    least, most = told["gap"]
    return Stretch(told["names"], told["minutes"], (least, most), needs, lengths)


def _offer(session: Session, change: Change, by: int, _today: date) -> None:
    one = _same(session, Offered, change)
    answers = (change.before["new"], change.before["existing"]) if change.before else ("no", "no")
    terms.offer(session, one.store_id, {(one.type_id, one.channel): answers}, by=by)


def _quota_removed(session: Session, change: Change, by: int, _today: date) -> None:
    terms.add_quota(session, change.before["store_id"], _told(change.before), by=by)


def _policy(session: Session, change: Change, by: int, _today: date) -> None:
    one = _same(session, Policy, change)
    terms.set_policy(session, one.store_id, _told(change.before), by=by)


UNDONE: dict[tuple[str, str], Undo] = {
    (Subject.RULE, Deed.ADDED): _rule_added,
    (Subject.RULE, Deed.ENDED): lambda it, change, by, _: hours.reopen(it, _row(it, Rule, change), by=by),
    (Subject.DATED, Deed.ADDED): lambda it, change, by, on: hours.clear_day(
        it, _row(it, Dated, change), by=by, first=on
    ),
    (Subject.DATED, Deed.REMOVED): _day_removed,
    (Subject.BLOCK, Deed.ADDED): lambda it, change, by, _: hours.unblock(it, _row(it, Block, change), by=by),
    (Subject.BLOCK, Deed.ENDED): lambda it, change, by, _: hours.block_again(it, _row(it, Block, change), by=by),
    (Subject.RESOURCE, Deed.CHANGED): _resource,
    (Subject.TYPE, Deed.CHANGED): _type,
    (Subject.OFFER, Deed.ADDED): _offer,
    (Subject.OFFER, Deed.CHANGED): _offer,
    (Subject.QUOTA, Deed.ADDED): lambda it, change, by, _: terms.remove_quota(it, _row(it, Quota, change), by=by),
    (Subject.QUOTA, Deed.REMOVED): _quota_removed,
    (Subject.POLICY, Deed.CHANGED): _policy,
}
