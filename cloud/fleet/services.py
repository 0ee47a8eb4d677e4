"""Every change to what the fleet is known to be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.fleet.choices import ANSWER, ANSWERS, CARRY_OUT, LIVE, NEVER_SENT, NO_ANSWER, Step
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


def note(session: Session, store_id: int, gateway_id: int, topic: Topic, payload: bytes) -> None:
    """Take in what a gateway says about itself. Raises envelope.Malformed."""
    match topic.channel:
        case "state" if payload:
            _note_state(session, store_id, gateway_id, payload)
        case "e":
            _note_event(session, gateway_id, envelope.decode(Event, payload))
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
        _note_death(gateway, envelope.decode(Death, payload))
        return
    _note_birth(gateway, birth)
    for state in birth.instruments:
        _note_instrument(session, store_id, gateway_id, state)


def _note_birth(gateway: Gateway, birth: Birth) -> None:
    if gateway.session != birth.session or gateway.state != "online":
        gateway.since = now()
    gateway.state, gateway.session, gateway.seen_at = "online", birth.session, now()
    gateway.software, gateway.clock_state = birth.software, birth.clk.state
    gateway.depth, gateway.alarms, gateway.ended = birth.depth, list(birth.alarms), birth.ended


def _note_death(gateway: Gateway, death: Death) -> None:
    # A will may arrive after the next birth; it ends only the session it belongs to.
    if gateway.session == death.session:
        gateway.state, gateway.since, gateway.ended = "offline", now(), death.reason


def _note_instrument(session: Session, store_id: int, gateway_id: int, state: InstrumentState) -> None:
    values = {
        **{"family": state.family, "maker": state.maker, "model": state.model, "lane": state.lane},
        **{"link": state.link, "state": state.state, "why": state.why, "since": datetime.fromisoformat(state.since)},
    }
    key = {"tenant_id": current_tenant(), "gateway_id": gateway_id, "dev": state.dev}
    statement = insert(Instrument).values(**key, store_id=store_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "gateway_id", "dev"], set_=values))


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
    end_overdue(session)
    queued = Order(
        **{"gateway_id": instrument.gateway_id, "store_id": instrument.store_id, "dev": instrument.dev},
        **{"command_id": str(uuid7()), "verb": verb, "args": args, "deadline": now() + CARRY_OUT},
        **{"patient_id": patient_id, "readings": list(readings), "asked_by": by},
    )
    try:
        with session.begin_nested():
            session.add(queued)
    except IntegrityError:
        raise OrderUnderWay(instrument.dev) from None
    details = {"order": queued.command_id, "instrument": instrument.id, "readings": list(readings)}
    audit.note(session, by=by, verb=verb, kind="patient", subject=patient_id, **details)
    _tell_of_order(session, patient_id)
    session.execute(WAKE)
    return queued


def hand_out(session: Session, order_id: int) -> Order | None:
    """A queued order, held until this transaction ends; None where another process has it or nobody waits for it."""
    waits = (Order.id == order_id) & (Order.state == Step.QUEUED.value) & (Order.deadline > now())
    return session.scalars(select(Order).where(waits).with_for_update(skip_locked=True)).first()


def move(session: Session, order: Order, to: Step, why: str | None = None) -> None:
    """Note how far an order is."""
    order.state, order.why = to.value, why
    if to is Step.SENT:
        order.sent_at = now()
    else:
        order.ended_at = now()
    session.flush()
    _tell_of_order(session, order.patient_id)


def end_overdue(session: Session) -> None:
    """Give up orders that nobody answered, and those that never left."""
    never_left = (Order.state == Step.QUEUED.value) & (Order.deadline <= now())
    unanswered = (Order.state == Step.SENT.value) & (Order.deadline <= now() - ANSWER)
    _give_up(session, never_left, Step.EXPIRED, NEVER_SENT)
    _give_up(session, unanswered, Step.FAILED, NO_ANSWER)


def _give_up(session: Session, which: ColumnElement[bool], to: Step, why: str) -> None:
    ended = update(Order).where(which).values(state=to.value, why=why, ended_at=now()).returning(Order.patient_id)
    for patient_id in session.scalars(ended.execution_options(synchronize_session=False)).all():
        _tell_of_order(session, patient_id)


def _note_answer(session: Session, gateway_id: int, command_id: str, answer: CommandState) -> None:
    """Late and repeated answers change nothing: an order that has ended stays as it ended."""
    mine = (Order.gateway_id == gateway_id) & (Order.command_id == command_id) & Order.state.in_(LIVE)
    order = session.scalars(select(Order).where(mine).with_for_update()).first()
    to = Step.GIVEN if answer.state == "done" and answer.result.get("taken") is False else ANSWERS[answer.state]
    if order is not None and to != order.state:
        move(session, order, to, answer.why)


def _tell_of_order(session: Session, patient_id: int) -> None:
    announce(session, Fact(topic="fleet.order", tenant_id=current_tenant(), subject=str(patient_id)))
