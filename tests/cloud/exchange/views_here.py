"""Who gets into the pages of the exchange room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.booking import services as booking
from cloud.exchange import sealing, services
from cloud.exchange.choices import Kind, State
from cloud.exchange.models import Delivery, Key
from cloud.kernel.clock import now
from cloud.schedule.models import Resource, Type
from tests.cloud.people_here import World

OPEN, OWNERS = (303, 200, 403, 200, 200), (303, 403, 403, 403, 403)
KEYED = (401,) * 5
NAMED = "00000000-0000-0000-0000-000000000000"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "exchange.overview": ("GET", "/exchange", OPEN),
    "exchange.part": ("GET", "/exchange/part", OPEN),
    "exchange.add": ("POST", "/exchange/targets", OWNERS),
    "exchange.switch": ("POST", "/exchange/targets/{target}/off", OWNERS),
    "exchange.again": ("POST", "/exchange/deliveries/{delivery}/again", OWNERS),
    "exchange.make_key": ("POST", "/exchange/keys", OWNERS),
    "exchange.end_key": ("POST", "/exchange/keys/{api_key}/end", OWNERS),
    "exchange.make_feed": ("POST", "/exchange/feeds/{chair_fed}", OWNERS),
    "exchange.end_feed": ("POST", "/exchange/feeds/{chair_fed}/end", OWNERS),
    "feeds.feed": ("GET", "/feeds/ef_nothing.ics", (404,) * 5),
    "exchange_api.slots": ("GET", "/api/v1/slots", KEYED),
    "exchange_api.book": ("POST", "/api/v1/visits", KEYED),
    "exchange_api.visit": ("GET", f"/api/v1/visits/{NAMED}", KEYED),
    "exchange_api.cancel": ("POST", f"/api/v1/visits/{NAMED}/cancel", KEYED),
    "exchange_fhir.metadata": ("GET", "/fhir/metadata", KEYED),
    "exchange_fhir.appointment": ("GET", f"/fhir/Appointment/{NAMED}", KEYED),
    "exchange_fhir.appointments": ("GET", "/fhir/Appointment", KEYED),
    "exchange_fhir.schedules": ("GET", "/fhir/Schedule", KEYED),
    "exchange_fhir.slots": ("GET", "/fhir/Slot", KEYED),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    by = world.olivia.id
    chair = Resource(store_id=world.pier.id, kind="person", name="<b>Dr Fed</b>", skills=[])
    kind = Type(code="fed", names={"en": "fed"}, shown=20, grid={"kind": "clock", "every": 20})
    session.add_all([chair, kind])
    session.flush()
    sealing.install(session.get_bind().engine, sealing.Lock("a secret of the tests"))
    target, _secret = services.add_target(session, Kind.WEBHOOK, name="<i>Other</i>", url="https://o.test", by=by)
    services.make_key(session, "<i>Program</i>", by=by)
    services.make_feed(session, chair.id, by=by)
    told = {"who": "existing", "channel": "desk"}
    visit = booking.new_visit(world.pier.id, kind.id, world.grace, now(), now(), **told)
    session.add(visit)
    session.flush()
    booking.note(session, visit, "booked", {}, by=None, through=booking.By.PATIENT)
    change = session.scalars(select(booking.Change).where(booking.Change.visit_id == visit.id)).one()
    said = {"target_id": target.id, "change_id": change.id, "visit_id": visit.id, "deed": "booked"}
    delivery = Delivery(**said, state=State.FAILED, why="refused", said="401")
    session.add(delivery)
    session.flush()
    key = session.scalars(select(Key)).one()
    return {"target": target.id, "delivery": delivery.id, "api_key": key.id, "chair_fed": chair.id}
