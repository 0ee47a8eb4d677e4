"""What counts as paid: asked here alone, so that a till may answer one day. Amounts are minor units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.queue.choices import Clearance
from cloud.queue.errors import NotPaid, WantsReason
from cloud.queue.models import Clearing, Station, Stay, Task
from cloud.queue.moving import tell

NOTHING_DUE = ("cancelled", "refused", "expired", "restocked", "destroyed")


@dataclass(frozen=True, slots=True)
class Owed:
    """What a stay costs, what was paid of it, and why it passes unpaid, where it does."""

    total: int
    paid: int
    currency: str
    passed: str | None = None

    @property
    def due(self) -> int:
        """What is still to be paid."""
        return max(0, self.total - self.paid)

    @property
    def clear(self) -> bool:
        """Whether nobody is held back for it."""
        return self.due == 0 or self.passed is not None


SIGNS = {Clearance.PAID: 1, Clearance.REFUNDED: -1, Clearance.OVERRIDDEN: 0}


def owed(session: Session, stay: Stay) -> Owed:
    """What somebody owes for a stay: the registration, and what is handed out or measured for money."""
    return owed_by(session, [stay])[stay.id]


def owed_by(session: Session, stays: Collection[Stay]) -> Mapping[int, Owed]:
    """The same of many, by stay, in two questions."""
    ids = [one.id for one in stays]
    sums = select(Task.stay_id, func.sum(Task.amount).label("total")).where(
        Task.stay_id.in_(ids), Task.state.not_in(NOTHING_DUE)
    )
    tasks = {row.stay_id: row.total for row in session.execute(sums.group_by(Task.stay_id))}
    said: dict[int, list[Clearing]] = {one: [] for one in ids}
    for one in session.scalars(select(Clearing).where(Clearing.stay_id.in_(ids)).order_by(Clearing.id)):
        said[one.stay_id].append(one)
    return {one.id: _owed(one, tasks.get(one.id, 0), said[one.id]) for one in stays}


def _owed(stay: Stay, tasks: int, said: Sequence[Clearing]) -> Owed:
    paid = sum(SIGNS[Clearance(one.what)] * one.amount for one in said)
    passed = next((one.why for one in reversed(said) if one.what == Clearance.OVERRIDDEN), None)
    return Owed(stay.fee + int(tasks), paid, stay.currency, passed)


def hold(session: Session, stay: Stay, station: Station) -> None:
    """Stop who has to pay before this station. Raises NotPaid."""
    if not station.paid_first:
        return
    found = owed(session, stay)
    if not found.clear:
        raise NotPaid(found.due)


def pay(session: Session, stay: Stay, amount: int, *, by: int | None, how: str = "") -> None:
    """Money was taken, by hand: the till is not here yet. Raises NotPaid when it is more than is due, or nothing."""
    due = owed(session, stay).due
    if not 0 < amount <= due:
        raise NotPaid(due)
    _say(session, stay, Clearance.PAID, amount, by, how)


def refund(session: Session, stay: Stay, *, by: int, why: str) -> int:
    """Give back what was paid beyond what is owed, or all of a stay that was cancelled; what it was."""
    found = owed(session, stay)
    back = found.paid if stay.state == "cancelled" else max(0, found.paid - found.total)
    if back:
        _say(session, stay, Clearance.REFUNDED, back, by, _reason(why))
    return back


def override(session: Session, stay: Stay, *, by: int | None, why: str) -> None:
    """An emergency passes unpaid, with a name and a reason; what is owed stays owed. Raises WantsReason."""
    _say(session, stay, Clearance.OVERRIDDEN, 0, by, _reason(why))


def _reason(why: str) -> str:
    if not why.strip():
        raise WantsReason
    return why.strip()[:200]


def _say(session: Session, stay: Stay, what: Clearance, amount: int, by: int | None, why: str) -> None:
    said = {"amount": amount, "currency": stay.currency, "why": why or None, "by": by}
    session.add(Clearing(stay_id=stay.id, what=what, **said))
    session.flush()
    tell(session, stay.store_id, stay.id)
