"""Every change to an examination that is wanted. Nothing is overwritten without what was there before."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import queries as fleet
from cloud.fleet import services as orders
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.people import queries as people
from cloud.worklist import queries, rules
from cloud.worklist.catalogue import catalogue, kind
from cloud.worklist.choices import Deed, State
from cloud.worklist.errors import NotPossible
from cloud.worklist.models import Change, Order, Told
from cloud.worklist.numbers import Numbers, drawn

_WAKE = text(f"SELECT pg_notify('{orders.ORDERS}', '')")  # the publisher of orders tells stores their lists as well


def order(
    session: Session,
    *,
    patient_id: int,
    store_id: int,
    examination: str,
    wanted_on: date,
    by: int | None,
    wanted_time: time | None = None,
    laterality: str | None = None,
    station: str | None = None,
    remark: str | None = None,
    why: str | None = None,
) -> Order:
    """Want an examination of a patient; ``laterality`` None is the usual one. Raises NoSuchPatient, NoSuchKind.

    ``by`` is None where nobody of the staff did it: a patient booked a visit that has it.
    """
    one = kind(examination)
    asked = Order(
        patient_id=people.patient(session, patient_id).id,
        store_id=store_id,
        **_of_kind(examination),
        laterality=one.laterality if laterality is None else laterality,
        **{"wanted_on": wanted_on, "wanted_time": wanted_time, "station": station, "remark": remark},
        **_numbers(session, store_id),
        state=State.WANTED.value,
        ordered_by=by,
    )
    session.add(asked)
    session.flush()
    _note(session, asked, Deed.ORDERED, {}, by=by, why=why)
    return asked


def change(session: Session, order_id: int, *, by: int | None, why: str | None = None, **wanted: Any) -> Order:
    """Change what is still wanted: examination, laterality, wanted_on, wanted_time, station, remark.

    Raises NoSuchOrder, NoSuchKind, NotPossible.
    """
    asked = queries.order(session, order_id, hold=True)
    if asked.state != State.WANTED:
        raise NotPossible(asked.state)
    examination = wanted.pop("examination", asked.kind)
    wanted |= _of_kind(examination) if examination != asked.kind else {}
    before = {name: getattr(asked, name) for name, value in wanted.items() if getattr(asked, name) != value}
    for name in before:
        setattr(asked, name, wanted[name])
    if before:
        _note(session, asked, Deed.CHANGED, {name: _told(value) for name, value in before.items()}, by=by, why=why)
    return asked


def cancel(session: Session, order_id: int, *, by: int | None, why: str | None = None) -> Order:
    """It is not wanted any more. Raises NoSuchOrder, NotPossible."""
    return _move(session, order_id, Deed.CANCELLED, by=by, why=why)


def reopen(session: Session, order_id: int, *, by: int) -> Order:
    """It is wanted again: what was cancelled, or what came home was not all of it. Raises NoSuchOrder, NotPossible."""
    return _move(session, order_id, Deed.REOPENED, by=by)


def advance(
    session: Session, order_id: int, deed: Deed, *, why: str | None = None, said_at: datetime | None = None
) -> Order:
    """An instrument began, ended or broke off; ``said_at`` by its gateway's clock. Raises NoSuchOrder, NotPossible."""
    return _move(session, order_id, deed, by=None, why=why, said_at=said_at)


def finish(session: Session, order_id: int, *, by: int) -> Order:
    """Somebody says that it was done, where no result comes home by itself. Raises NoSuchOrder, NotPossible."""
    return _move(session, order_id, Deed.DONE, by=by)


def arrive(session: Session, order_id: int, reading_id: UUID, *, by: int | None = None) -> Order:
    """A reading of this order came home. Further readings of one that is done change nothing. Raises NoSuchOrder."""
    asked = queries.order(session, order_id, hold=True)
    if asked.state == State.DONE:
        return asked
    return _move(session, order_id, Deed.DONE, by=by, reading_id=reading_id)


def stir(session: Session, store_id: int) -> None:
    """The store's gateways may have to hear something new, once this transaction is kept."""
    for gateway in fleet.gateways(session, store_id):
        stir_gateway(session, gateway.id)


def stir_gateway(session: Session, gateway_id: int) -> None:
    """This gateway may have to hear something new: it was enrolled, moved or revoked."""
    fresh = insert(Told).values(tenant_id=current_tenant(), gateway_id=gateway_id, version=0, count=0, left_out=0)
    due = fresh.values(kept=0, due=True).on_conflict_do_update(
        index_elements=["tenant_id", "gateway_id"], set_={"due": True}
    )
    session.execute(due)
    session.execute(_WAKE)


def heard(session: Session, gateway_id: int, version: int) -> None:
    """A gateway said which version it keeps; one that keeps another than it was told is told again."""
    told = queries.told(session, gateway_id, hold=True)
    if told is None:  # it is new here
        stir_gateway(session, gateway_id)
        told = queries.told(session, gateway_id, hold=True)
        assert told is not None  # noqa: S101 - just made
    if (told.kept, bool(told.kept_at)) != (version, True):
        told.kept, told.kept_at = version, now()
        _announce_store(session, gateway_id)
    if version != told.version and (told.busy_until is None or told.busy_until <= now()):
        _tell_again(session, told, version)
    session.flush()


def _tell_again(session: Session, told: Told, version: int) -> None:
    if version > told.version:  # a gateway takes only what is newer than what it keeps
        told.version, told.digest = version, None
    told.again = told.due = True
    session.execute(_WAKE)


def _move(
    session: Session,
    order_id: int,
    deed: Deed,
    *,
    by: int | None,
    why: str | None = None,
    reading_id: UUID | None = None,
    said_at: datetime | None = None,
) -> Order:
    asked = queries.order(session, order_id, hold=True)
    to, out_of = rules.LEADS[deed]
    if asked.state not in out_of:
        raise NotPossible(asked.state)
    before = {"state": asked.state} | ({"said_at": said_at.isoformat()} if said_at else {})
    asked.state = to.value
    _note(session, asked, deed, before, by=by, why=why, reading_id=reading_id)
    return asked


def _note(
    session: Session,
    asked: Order,
    deed: Deed,
    before: dict[str, Any],
    *,
    by: int | None,
    why: str | None = None,
    reading_id: UUID | None = None,
) -> None:
    row = Change(order_id=asked.id, deed=deed.value, before=before, by=by, why=why, reading_id=reading_id)
    session.add(row)
    session.flush()
    audit.note(session, by=by, verb=deed.value, kind="order", subject=asked.id, patient=asked.patient_id)
    stir(session, asked.store_id)
    announce(session, Fact(topic="worklist.store", tenant_id=current_tenant(), store_id=asked.store_id))
    announce(session, Fact(topic="worklist.patient", tenant_id=current_tenant(), subject=str(asked.patient_id)))


def _announce_store(session: Session, gateway_id: int) -> None:
    gateway = fleet.gateway(session, gateway_id)
    if gateway is not None:
        announce(session, Fact(topic="worklist.store", tenant_id=current_tenant(), store_id=gateway.store_id))


def _of_kind(key: str) -> dict[str, str]:
    one = kind(key)
    version = catalogue().version
    return {"kind": key, "catalogue": version, "modality": one.modality, "description": one.description}


def _numbers(session: Session, store_id: int) -> dict[str, str]:
    """New numbers; the table refuses in any case what two draw at once."""
    day = rules.day_of(now(), accounts.store(session, store_id).zone)
    numbers: Numbers = drawn(day)
    while session.scalar(select(Order.id).where(Order.accession == numbers.accession)) is not None:
        numbers = drawn(day)
    return {name: getattr(numbers, name) for name in numbers.__slots__}


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
