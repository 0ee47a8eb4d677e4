"""Money asked for with a visit. Who takes it is a provider; the desk, where people pay by hand, is one."""

from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.booking.choices import Paid
from cloud.booking.errors import NoSuchMove
from cloud.booking.models import Deposit, Visit
from cloud.kernel.clock import now
from cloud.schedule import queries as schedule

NEXT: dict[Paid, frozenset[Paid]] = {
    Paid.DUE: frozenset({Paid.PAID, Paid.WAIVED}),
    Paid.PAID: frozenset({Paid.REFUNDED, Paid.KEPT}),
    Paid.OWED: frozenset({Paid.REFUNDED, Paid.KEPT}),
    Paid.WAIVED: frozenset(),
    Paid.MOVED: frozenset(),
    Paid.REFUNDED: frozenset(),
    Paid.KEPT: frozenset({Paid.REFUNDED}),
}


class Provider(Protocol):
    """Whoever takes the money. ``where`` is an address at which the patient pays now; None where nobody pays online."""

    name: str

    def where(self, deposit: Deposit) -> str | None:
        """Begin the payment; what it is called there goes into ``deposit.reference``."""


class Desk:
    """Paid at the counter, written down by whoever took it."""

    name = "desk"

    def where(self, deposit: Deposit) -> None:
        """Nowhere but here."""


def ask(session: Session, visit: Visit, provider: Provider | None = None) -> Deposit | None:
    """What a type wants paid beforehand; None where it wants nothing."""
    of = schedule.kind(session, visit.type_id)
    if of is None or not of.deposit or not of.currency or of_visit(session, visit.id):
        return None
    found = Deposit(visit_id=visit.id, amount=of.deposit, currency=of.currency, provider=(provider or Desk()).name)
    session.add(found)
    session.flush()
    return found


def of_visit(session: Session, visit_id: int) -> Deposit | None:
    """A visit's deposit."""
    newest = select(Deposit).where(Deposit.visit_id == visit_id).order_by(Deposit.id.desc())
    return session.scalars(newest).first()


def settle(session: Session, deposit: Deposit, wanted: Paid, *, by: int | None, reference: str | None = None) -> None:
    """It was paid, waived, paid back or kept. Raises NoSuchMove."""
    was = Paid(deposit.state)
    same = update(Deposit).where(Deposit.id == deposit.id, Deposit.state == was)
    told = {"state": wanted, "by": by, "settled_at": now(), "reference": reference or deposit.reference}
    if wanted not in NEXT[was] or session.execute(same.values(**told).returning(Deposit.id)).first() is None:
        raise NoSuchMove(was, wanted)
    session.refresh(deposit)


def ended(session: Session, visit: Visit, late: bool) -> None:
    """Nobody comes: what was paid in time goes back, what was not paid is not asked for; late, it is kept."""
    found = of_visit(session, visit.id)
    if found is None:
        return
    match Paid(found.state):
        case Paid.DUE:
            found.state, found.settled_at = Paid.WAIVED, now()
        case Paid.PAID:
            found.state, found.settled_at = (Paid.KEPT if late else Paid.OWED), now()
    session.flush()


def follow(session: Session, visit: Visit, new: Visit) -> None:
    """A visit was moved: what was paid for the one is paid for the other."""
    old, asked = of_visit(session, visit.id), of_visit(session, new.id)
    if old is None or old.state == Paid.DUE:
        ended(session, visit, late=False)
    elif old.state == Paid.PAID and asked is not None:
        asked.state, asked.reference, asked.by, asked.settled_at = Paid.PAID, old.reference, old.by, old.settled_at
        old.state = Paid.MOVED
        session.flush()
