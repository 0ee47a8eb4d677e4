"""A chain with stores in many towns for the pictures of the fleet: what their gateways said, and what people did."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from cloud.accounts import services as accounts
from cloud.fleet import services as fleet
from cloud.fleet.listing import Asked, lines
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.operations import alerts, inventory, places, servicing
from cloud.operations.choices import Kind
from cloud.operations.servicing import Done
from protocols import envelope
from protocols.envelope import Address, Birth, Clock, Death, InstrumentState, Topic, parse

STORES = (
    *(("Pier Street", "38.7071", "-9.1355"), ("Tower Hill", "38.7139", "-9.1334"), ("Rossio", "38.7146", "-9.1393")),
    *(("Baixa", "41.1456", "-8.6109"), ("Boavista", "41.1579", "-8.6291"), ("Coimbra", "40.2056", "-8.4196")),
    *(("Braga", "41.5454", "-8.4265"), ("Faro", "37.0194", "-7.9322"), ("Évora", "38.5714", "-7.9135")),
    *(("Setúbal", "38.5244", "-8.8882"), ("Gran Vía", "40.4203", "-3.7058"), ("Salamanca", "40.4280", "-3.6860")),
    *(("Sevilla", "37.3891", "-5.9845"), ("Triana", "37.3830", "-6.0020"), ("València", "39.4699", "-0.3763")),
    *(("Gràcia", "41.4036", "2.1527"), ("Eixample", "41.3888", "2.1590"), ("Bilbao", "43.2630", "-2.9350")),
    *(("Vigo", "42.2406", "-8.7207"), ("Badajoz", "38.8794", "-6.9707"), ("Málaga", "36.7213", "-4.4214")),
)
OFFLINE, ALARMED, LOST = {4, 12}, {7}, {9, 15}
MODELS = (
    *(("ar-1", "nidek_frame", "NIDEK", "ARK-1s", "Lane 1"), ("lm-1", "topcon_cl", "Topcon", "CL-300", "Dispensary")),
    *(("rt", "nidek_rt", "NIDEK", "RT-5100", "Lane 1"), ("nct", "tonoref", "NIDEK", "NT-530", "Pre-test")),
)


def furnish(engine: Engine, tenant_id: int, by: int) -> None:
    """Open the stores, let their gateways speak, and look for what is wrong."""
    with unit_of_work(engine, tenant_id) as session:
        for number, (name, north, east) in enumerate(STORES):
            _store(session, number, name, (Decimal(north), Decimal(east)), by)
        _serve(session, by)
        alerts.look(session)


def _store(session: Session, number: int, name: str, degrees: tuple[Decimal, Decimal], by: int) -> None:
    slug = name.lower().replace(" ", "-").encode("ascii", "ignore").decode()
    known = session.scalar(text("SELECT id FROM accounts_store WHERE name = :name"), {"name": name})
    store_id = known or accounts.open_store(session, slug=slug, name=name, zone="Europe/Lisbon").id
    places.put(session, store_id, latitude=degrees[0], longitude=degrees[1], address=f"{name} {number + 3}", by=by)
    known = session.scalar(text("SELECT id FROM fleet_gateway WHERE store_id = :store"), {"store": store_id})
    gateway_id = known or fleet.enrol(session, store_id=store_id, slug="gw-1").id
    for message in _said(number):
        topic: Topic = parse(Address("harbour", slug, "gw-1").up("state"))
        fleet.note(session, store_id, gateway_id, topic, envelope.encode(message))


def _said(number: int) -> Iterator[Birth | Death]:
    then = now() - timedelta(hours=number % 5, minutes=number * 7)
    waits: dict[str, Any] = (
        {"depth": 14, "oldest_at": (now() - timedelta(minutes=50)).isoformat()}
        if number in ALARMED
        else {"depth": number % 3}
    )
    alarms = (
        ["ingest_down: The broker is there but the cloud takes nothing in; results wait here."]
        if number in ALARMED
        else []
    )
    told: dict[str, Any] = {
        "at": then.isoformat(),
        "epoch": 1,
        "hwm": 40,
        "clk": Clock(state="coarse" if number == 6 else "synced"),
    }
    software = "emmetra 1.3.2" if number % 4 == 3 else "emmetra 1.4.0"
    known = [_instrument(number, *model, then=then.isoformat()) for model in MODELS[: 2 + number % 3]]
    yield Birth(
        v=1, state="online", session=f"s-{number}", software=software, alarms=alarms, instruments=known, **told, **waits
    )
    if number in OFFLINE:
        yield Death(v=1, state="offline", session=f"s-{number}", reason="no sign of life for 90 s")


def _instrument(number: int, dev: str, family: str, maker: str, model: str, lane: str, *, then: str) -> InstrumentState:
    lost = number in LOST and dev == "lm-1"
    said: dict[str, Any] = {"state": "lost", "why": "The cable was pulled."} if lost else {"state": "connected"}
    return InstrumentState(
        dev=dev,
        family=family,
        maker=maker,
        model=model,
        lane=lane,
        link="serial /dev/ttyUSB0",
        since=then,
        **said,
    )


def _serve(session: Session, by: int) -> None:
    today = now().date()
    for number, line in enumerate(inventory.lines(session, inventory.Asked(today))):
        servicing.set_serial(session, line.instrument.id, f"{line.instrument.dev.upper()}{70410 + number * 37}", by=by)
        if number % 4 == 3:
            continue
        done_on = today - timedelta(days=60 + number * 9 % 330)
        due = done_on + timedelta(days=365 - 40 * (number % 7 == 1) * 8)
        done = Done(
            kind=Kind.CALIBRATED, done_on=done_on, done_by="Optikos Service", next_due=due, certificate=f"C-{number}"
        )
        servicing.enter(session, line.instrument.id, done, by=by)


def gateway(session: Session, store: str) -> int:
    """The id of a store's gateway."""
    return next(line.gateway.id for line in lines(session, Asked(words=store)))
