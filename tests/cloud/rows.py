"""A row of each chain in every table, as the services make them."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from cloud.accounts.models import Region, Store
from cloud.fleet.models import Bundle, Happening, Order
from cloud.kernel.clock import now
from cloud.kernel.database import Base, unit_of_work
from cloud.readings import intake, letters, services
from cloud.readings.choices import Verdict
from cloud.readings.models import ClockFix, DeadLetter
from tests.cloud.blobs import rows_here as blobs_rows
from tests.cloud.booking import rows_here as booking_rows
from tests.cloud.calculators import rows_here as calculators_rows
from tests.cloud.clinic import rows_here as clinic_rows
from tests.cloud.direct import rows_here as direct_rows
from tests.cloud.enrolment import rows_here as enrolment_rows
from tests.cloud.exchange import rows_here as exchange_rows
from tests.cloud.imaging import rows_here as imaging_rows
from tests.cloud.imports import rows_here as imports_rows
from tests.cloud.messages import rows_here as messages_rows
from tests.cloud.operations import rows_here as operations_rows
from tests.cloud.people import rows_here as people_rows
from tests.cloud.people_here import Place, Someone, World
from tests.cloud.planning import rows_here as planning_rows
from tests.cloud.prescriptions import rows_here as prescriptions_rows
from tests.cloud.queue import rows_here as queue_rows
from tests.cloud.readings.parcels_here import Outbox
from tests.cloud.releases import rows_here as releases_rows
from tests.cloud.schedule import rows_here as schedule_rows
from tests.cloud.shadow import rows_here as shadow_rows
from tests.cloud.telemetry import rows_here as telemetry_rows
from tests.cloud.worklist import rows_here as worklist_rows

ROOMS = (
    people_rows,
    imports_rows,
    calculators_rows,
    clinic_rows,
    prescriptions_rows,
    shadow_rows,
    enrolment_rows,
    telemetry_rows,
    releases_rows,
    operations_rows,
    blobs_rows,
    worklist_rows,
    imaging_rows,
    schedule_rows,
    booking_rows,
    queue_rows,
    planning_rows,
    messages_rows,
    exchange_rows,
    direct_rows,
)
Rows = dict[str, dict[str, Any]]


def fill(engine: Engine, world: World) -> Rows:
    """Chain one's rows by table, and under ``two`` those of Charlie's chain."""
    one = _filled(engine, world.pier, world.alice, world.grace)
    return {**one, "two": _filled(engine, world.mill, world.charlie, world.mary)}


def _filled(engine: Engine, place: Place, by: Someone, patient: int) -> Rows:
    with unit_of_work(engine, by.tenant_id) as session:
        _region(session, place)
        _read(session, place, by, patient)
        session.add(Happening(gateway_id=place.sender.gateway_id, event_id="e-1", at=now(), code="lost", text="lost"))
        session.add(order := _order(place, by, patient))
        session.flush()
        session.add(_piece(order))
        session.flush()
        for room in ROOMS:
            room.fill(session, place, by, patient)
        return {table.name: _row(session, table) for table in Base.metadata.sorted_tables if "tenant_id" in table.c} | {
            "accounts_chain": _row(session, Base.metadata.tables["accounts_chain"])
        }


def _order(place: Place, by: Someone, patient: int) -> Order:
    where = {"gateway_id": place.sender.gateway_id, "store_id": place.id, "dev": "rt"}
    what = {"command_id": "c-1", "verb": "to_phoropter", "args": "{}", "readings": []}
    return Order(**where, **what, patient_id=patient, deadline=now(), asked_by=by.id)


def _piece(order: Order) -> Bundle:
    piece = {"n": 0, "of": 1, "name": "log.txt", "data": b"?", "sha256": "0" * 64}
    return Bundle(order_id=order.id, **piece, expires_at=now())


def _region(session: Session, place: Place) -> None:
    region = Region(name="North")
    session.add(region)
    session.flush()
    session.get_one(Store, (place.sender.tenant_id, place.id)).region_id = region.id


def _read(session: Session, place: Place, by: Someone, patient: int) -> None:
    outbox = Outbox(place)
    parcel = outbox.parcel(outbox.capture(), reading := outbox.reading())
    intake.take(session, by.tenant_id, [parcel])
    services.seat(session, store_id=place.id, lane="Lane 1", patient_id=patient, by=by.id)
    services.file(session, reading_id=reading.id, patient_id=patient, by=by.id)
    services.decide(session, reading_id=reading.id, patient_id=patient, verdict=Verdict.ACCEPTED, by=by.id)
    letter = {"epoch": 1, "seq": 9, "reason": "bad", "sha256": "0" * 64, "payload": b"?"}
    fix = {"boot": "b", "mono_ns": 1, "at": now(), "offset_ms": 0}
    session.add(ClockFix(gateway_id=place.sender.gateway_id, **fix))
    dead = DeadLetter(gateway_id=place.sender.gateway_id, store_id=place.id, arrived_at=now(), **letter)
    session.add(dead)
    session.flush()
    letters.set_aside(session, dead.id, why="seen", by=by.id)


def _row(session: Session, table: Any) -> dict[str, Any]:
    return dict(session.execute(select(table).limit(1)).mappings().one())
