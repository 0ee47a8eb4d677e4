"""Every change to what the fleet is known to be."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.fleet import bundles
from cloud.fleet.choices import (
    ANSWER,
    ANSWERS,
    CARRY_OUT,
    GONE,
    LIVE,
    NEVER_SENT,
    NO_ANSWER,
    OFFLINE,
    ONLINE,
    OWN_ANSWERS,
    RESULT_BYTES,
    Step,
)
from cloud.fleet.errors import OrderUnderWay
from cloud.fleet.models import Gateway, Happening, Instrument, Order
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.ids import uuid7
from cloud.kernel.tenancy import current_tenant
from protocols import envelope
from protocols.envelope import Birth, CommandState, Death, Event, InstrumentState, Topic


def enrol(session: Session, *, store_id: int, slug: str) -> Gateway:
    """Make a gateway known under this name."""
    gateway = Gateway(store_id=store_id, slug=slug)
    session.add(gateway)
    session.flush()
    return gateway


def set_status(session: Session, gateway_id: int, status: str) -> None:
    """``enrolled``: what it says is taken in; ``revoked``: nothing is."""
    gateway = session.get_one(Gateway, (current_tenant(), gateway_id), with_for_update=True)
    gateway.status = status
    session.flush()
    announce(session, Fact(topic="fleet.store", tenant_id=current_tenant(), store_id=gateway.store_id))


def move_to_store(session: Session, gateway_id: int, store_id: int) -> None:
    """The gateway and its instruments stand in another store from now on; what was read stays where it was read."""
    gateway = session.get_one(Gateway, (current_tenant(), gateway_id), with_for_update=True)
    left, gateway.store_id = gateway.store_id, store_id
    session.execute(update(Instrument).where(Instrument.gateway_id == gateway_id).values(store_id=store_id))
    session.flush()
    for store in (left, store_id):
        announce(session, Fact(topic="fleet.store", tenant_id=current_tenant(), store_id=store))


def note(session: Session, store_id: int, gateway_id: int, topic: Topic, payload: bytes) -> None:
    """Take in what a gateway says about itself. Raises envelope.Malformed."""
    match topic.channel:
        case "state" if payload:
            _note_state(session, store_id, gateway_id, payload)
        case "e":
            _note_event(session, gateway_id, envelope.decode(Event, payload))
        case "log":
            bundles.take(session, gateway_id, payload)
            return
        case "cmd" if payload:
            _note_answer(session, gateway_id, topic.leaf, envelope.decode(CommandState, payload))
            return
        case _:
            return
    announce(session, Fact(topic="fleet.store", tenant_id=current_tenant(), store_id=store_id))


def _note_state(session: Session, store_id: int, gateway_id: int, payload: bytes) -> None:
    gateway = session.get_one(Gateway, (current_tenant(), gateway_id), with_for_update=True)
    try:
        birth = envelope.decode(Birth, payload)
    except envelope.Malformed:
        death = envelope.decode(Death, payload)
        if _note_death(gateway, death):
            _remember(session, gateway_id, OFFLINE, death.session, death.reason)
        return
    if _note_birth(gateway, birth):
        _remember(session, gateway_id, ONLINE, birth.session, birth.software)
    for state in birth.instruments:
        _note_instrument(session, store_id, gateway_id, state)


def _remember(session: Session, gateway_id: int, code: str, of: str, text: str) -> None:
    """That a gateway came or went, once for each of its sessions."""
    key = {"tenant_id": current_tenant(), "gateway_id": gateway_id, "event_id": f"{code}-{_digest(of)}"}
    statement = insert(Happening).values(**key, at=now(), code=code, text=text, data={})
    session.execute(statement.on_conflict_do_nothing())


def _digest(session_name: str) -> str:
    return sha256(session_name.encode()).hexdigest()[:40]


def _note_birth(gateway: Gateway, birth: Birth) -> bool:
    """Whether it has come anew."""
    came = gateway.session != birth.session or gateway.state != "online"
    if came:
        gateway.since = now()
    gateway.state, gateway.session, gateway.seen_at = "online", birth.session, now()
    gateway.software, gateway.clock_state = birth.software, birth.clk.state
    gateway.depth, gateway.alarms, gateway.ended = birth.depth, list(birth.alarms), birth.ended
    gateway.oldest_at = datetime.fromisoformat(birth.oldest_at) if birth.oldest_at else None
    return came


def _note_death(gateway: Gateway, death: Death) -> bool:
    """Whether it has gone. A will may arrive after the next birth; it ends only the session it belongs to."""
    if gateway.session != death.session:
        return False
    gateway.state, gateway.since, gateway.ended = "offline", now(), death.reason
    return True


def _note_instrument(session: Session, store_id: int, gateway_id: int, state: InstrumentState) -> None:
    values = {
        **{"family": state.family, "maker": state.maker, "model": state.model, "lane": state.lane},
        **{"link": state.link, "state": state.state, "why": state.why, "since": datetime.fromisoformat(state.since)},
    }
    key = {"tenant_id": current_tenant(), "gateway_id": gateway_id, "dev": state.dev}
    statement = insert(Instrument).values(**key, store_id=store_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "gateway_id", "dev"], set_=values))


def retire(session: Session, gateway_id: int, kept: Collection[str]) -> None:
    """Instruments that the gateway was told to let go are no longer there; a birth that names one brings it back."""
    gone = (Instrument.gateway_id == gateway_id) & Instrument.dev.not_in(kept) & (Instrument.state != GONE)
    statement = update(Instrument).where(gone).values(state=GONE, why=None, since=now())
    session.execute(statement.execution_options(synchronize_session=False))


def _note_event(session: Session, gateway_id: int, event: Event) -> None:
    values = {"at": datetime.fromisoformat(event.at), "code": event.code, "text": event.text, "dev": event.dev}
    statement = insert(Happening).values(
        tenant_id=current_tenant(), gateway_id=gateway_id, event_id=event.id, data=event.data, **values
    )
    session.execute(statement.on_conflict_do_nothing())


# Whoever publishes orders listens here; readings, of which there are thousands, do not wake it.
ORDERS = "emmetra_orders"
WAKE = text(f"SELECT pg_notify('{ORDERS}', '')")


def order(
    session: Session, *, instrument: Instrument, verb: str, args: str, patient_id: int, readings: Sequence[str], by: int
) -> Order:
    """Queue an order to an instrument; it is published once this transaction is kept. Raises OrderUnderWay."""
    queued = Order(
        **{"gateway_id": instrument.gateway_id, "store_id": instrument.store_id, "dev": instrument.dev},
        **{"command_id": str(uuid7()), "verb": verb, "args": args, "deadline": now() + CARRY_OUT},
        **{"patient_id": patient_id, "readings": list(readings), "asked_by": by},
    )
    queue(session, queued)
    details = {"order": queued.command_id, "instrument": instrument.id, "readings": list(readings)}
    audit.note(session, by=by, verb=verb, kind="patient", subject=patient_id, **details)
    return queued


def queue(session: Session, queued: Order) -> None:
    """Put an order in the queue; nothing is published unless this transaction is kept. Raises OrderUnderWay."""
    end_overdue(session)
    try:
        with session.begin_nested():
            session.add(queued)
    except IntegrityError:
        raise OrderUnderWay(queued.dev or queued.verb) from None
    _tell_of_order(session, queued.gateway_id, queued.patient_id)
    session.execute(WAKE)


def hand_out(session: Session, order_id: int) -> Order | None:
    """A queued order, held until this transaction ends; None where another process has it or nobody waits for it."""
    waits = (Order.id == order_id) & (Order.state == Step.QUEUED.value) & (Order.deadline > now())
    return session.scalars(select(Order).where(waits).with_for_update(skip_locked=True)).first()


def move(session: Session, order: Order, to: Step, why: str | None = None) -> None:
    """Note how far an order is."""
    order.state, order.why = to.value, why
    if to in (Step.SENT, Step.RUNNING):
        order.sent_at = order.sent_at or now()
    else:
        order.ended_at = now()
    session.flush()
    _tell_of_order(session, order.gateway_id, order.patient_id)


def end_overdue(session: Session) -> None:
    """Give up orders that nobody answered, and those that never left."""
    never_left = (Order.state == Step.QUEUED.value) & (Order.deadline <= now())
    unanswered = Order.state.in_((Step.SENT.value, Step.RUNNING.value)) & (Order.deadline <= now() - ANSWER)
    _give_up(session, never_left, Step.EXPIRED, NEVER_SENT)
    _give_up(session, unanswered, Step.FAILED, NO_ANSWER)


def _give_up(session: Session, which: ColumnElement[bool], to: Step, why: str) -> None:
    ended = update(Order).where(which).values(state=to.value, why=why, ended_at=now())
    statement = ended.returning(Order.gateway_id, Order.patient_id).execution_options(synchronize_session=False)
    for gateway_id, patient_id in session.execute(statement).all():
        _tell_of_order(session, gateway_id, patient_id)


def _note_answer(session: Session, gateway_id: int, command_id: str, answer: CommandState) -> None:
    """Late and repeated answers change nothing: an order that has ended stays as it ended."""
    mine = (Order.gateway_id == gateway_id) & (Order.command_id == command_id) & Order.state.in_(LIVE)
    order = session.scalars(select(Order).where(mine).with_for_update()).first()
    if order is None:
        return
    to = outcome(order, answer)
    further = to is Step.RUNNING and bool(answer.result)
    if further or (to != order.state and (order.state, to) != (Step.RUNNING, Step.SENT)):
        told = to is Step.DONE or (to in (Step.RUNNING, Step.FAILED) and answer.result)
        order.result = kept_result(answer) if told else None
        move(session, order, to, answer.why)


def outcome(order: Order, answer: CommandState) -> Step:
    """What an answer makes of an order."""
    if order.patient_id is None:
        return OWN_ANSWERS[answer.state]
    return Step.GIVEN if answer.state == "done" and answer.result.get("taken") is False else ANSWERS[answer.state]


def kept_result(answer: CommandState) -> dict[str, object]:
    """What came back; one that is larger than agreed is not kept."""
    return answer.result if len(msgspec.json.encode(answer.result)) <= RESULT_BYTES else {"too_large": True}


def _tell_of_order(session: Session, gateway_id: int, patient_id: int | None) -> None:
    announce(session, Fact(topic="fleet.orders", tenant_id=current_tenant(), subject=str(gateway_id)))
    if patient_id is not None:
        announce(session, Fact(topic="fleet.order", tenant_id=current_tenant(), subject=str(patient_id)))
