"""Questions about examinations that are wanted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Engine, func, or_, select, text
from sqlalchemy.orm import Session

from cloud.fleet import queries as fleet
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.worklist.choices import OPEN, Deed, State
from cloud.worklist.errors import NoSuchOrder
from cloud.worklist.models import Change, Order, Step, Told
from protocols.readings import OrderRef

MOST = 300  # orders of a store's day on one page
PAGE = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A gateway of a store, what it was told (None: nothing yet), and whether that is what it works with now."""

    slug: str
    state: str
    told: Told | None

    @property
    def stale(self) -> bool:
        """It may show an older list: it is away, or has not said yet that it keeps the newest."""
        return self.state != "online" or (self.told is not None and self.told.kept < self.told.version)


def order(session: Session, order_id: int, *, hold: bool = False) -> Order:
    """One order. Raises NoSuchOrder."""
    found = session.get(Order, (current_tenant(), order_id), with_for_update=hold or None, populate_existing=hold)
    if found is None:
        raise NoSuchOrder(order_id)
    return found


class Standing(NamedTuple):
    """An order as other rooms see it."""

    id: int
    store_id: int
    wanted: bool


def standing(session: Session, ids: Collection[int]) -> dict[str, Standing]:
    """How orders stand, held, by the examination."""
    query = select(Order).where(Order.id.in_(list(ids))).order_by(Order.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True))
    return {one.kind: Standing(one.id, one.store_id, one.state == State.WANTED) for one in found}


def named(session: Session, ref: OrderRef) -> Order | None:
    """The order an instrument named: by the study UID we issued, else by accession number. Never by name."""
    if ref.study_uid:
        found = session.scalars(select(Order).where(Order.study_uid == ref.study_uid)).first()
        if found is not None:
            return found
    if not ref.accession:
        return None
    return session.scalars(select(Order).where(Order.accession == ref.accession)).first()


def patient_of(session: Session, order: OrderRef) -> int | None:
    """Whose order an instrument named, the open record; None where it is nobody's. Never by name."""
    found = named(session, order)
    return people.patient(session, found.patient_id).id if found else None


def all_named(session: Session, refs: Collection[OrderRef]) -> list[Order]:
    """Every order of this chain that any of these name."""
    accessions = {ref.accession for ref in refs if ref.accession}
    studies = {ref.study_uid for ref in refs if ref.study_uid}
    if not accessions and not studies:
        return []
    return list(
        session.scalars(select(Order).where(or_(Order.accession.in_(accessions), Order.study_uid.in_(studies))))
    )


def of_day(session: Session, store_id: int, day: date) -> Sequence[Order]:
    """A store's orders of a day, in the order of their times; those without a time come last."""
    query = select(Order).where(Order.store_id == store_id, Order.wanted_on == day)
    return session.scalars(query.order_by(Order.wanted_time.asc().nulls_last(), Order.id).limit(MOST)).all()


def of_patient(session: Session, patient_id: int) -> Sequence[Order]:
    """A patient's orders in every store of the chain, those of absorbed records too, latest day first."""
    mine = Order.patient_id.in_(people.whose(session, patient_id))
    return session.scalars(
        select(Order).where(mine).order_by(Order.wanted_on.desc(), Order.id.desc()).limit(PAGE)
    ).all()


def said_at(change: Change) -> datetime:
    """When something was done: what an instrument did, when it said so, which may be hours before it was heard."""
    told = change.before.get("said_at")
    return datetime.fromisoformat(told) if told else change.at


def history(session: Session, order_id: int) -> Sequence[Change]:
    """What was done to an order, oldest first."""
    return session.scalars(select(Change).where(Change.order_id == order_id).order_by(Change.id)).all()


def steps(session: Session, order_id: int) -> list[tuple[str, str]]:
    """UID and state of what devices did for an order; of what they had begun before it was ordered again nothing."""
    again = select(func.max(Change.at)).where(Change.order_id == order_id, Change.deed == Deed.REOPENED)
    asked_at = session.scalar(again)
    rows = session.execute(select(Step.uid, Step.state, Step.heard_at).where(Step.order_id == order_id)).all()
    old = {row.uid for row in rows if asked_at is not None and row.heard_at < asked_at}
    return [(row.uid, row.state) for row in rows if row.uid not in old]


def open_between(session: Session, store_id: int, first: date, last: date) -> Sequence[Order]:
    """What is still to be done in these days, in the order of its times."""
    here = (Order.store_id == store_id) & Order.wanted_on.between(first, last) & Order.state.in_(OPEN)
    return session.scalars(select(Order).where(here).order_by(Order.wanted_on, Order.wanted_time, Order.id)).all()


def first_open_after(session: Session, store_id: int, day: date) -> date | None:
    """The next day beyond this one on which something is wanted."""
    later = (Order.store_id == store_id) & (Order.wanted_on > day) & Order.state.in_(OPEN)
    return session.scalar(select(func.min(Order.wanted_on)).where(later))


def told(session: Session, gateway_id: int, *, hold: bool = False) -> Told | None:
    """What a gateway was told."""
    query = select(Told).where(Told.gateway_id == gateway_id)
    query = query.with_for_update().execution_options(populate_existing=True) if hold else query
    return session.scalars(query).first()


def told_in(session: Session, store_id: int) -> list[Known]:
    """Every gateway that serves a store, by name."""
    gateways = [one for one in fleet.gateways(session, store_id) if one.status == "enrolled"]
    query = select(Told).where(Told.gateway_id.in_([one.id for one in gateways]))
    by_gateway = {one.gateway_id: one for one in session.scalars(query)}
    return [Known(one.slug, one.state, by_gateway.get(one.id)) for one in gateways]


def due(engine: Engine) -> list[tuple[int, int]]:
    """Chain and gateway of every list that may have changed, over all chains."""
    with outside(engine) as session:
        return [(row.tenant_id, row.gateway_id) for row in session.execute(text("SELECT * FROM worklist_due()"))]
