"""Every change to what the fleet is known to be."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.fleet.models import Gateway, Happening, Instrument
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from protocols import envelope
from protocols.envelope import Birth, Death, Event, InstrumentState, Topic


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
