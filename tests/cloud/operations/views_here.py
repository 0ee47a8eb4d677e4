"""Who gets into the pages of the operations room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.operations import alerts, bulk, servicing
from tests.cloud.operations.rows_here import done, ring
from tests.cloud.people_here import World

# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
IN = (303, 200, 200, 200, 200)
OURS = (303, 200, 200, 200, 404)
MENDING = (303, 403, 200, 403, 403)  # the engineer alone of these; owners and managers too
DEED = (303, 403, 303, 403, 403)
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "operations.alerts": ("GET", "/fleet/alerts", IN),
    "operations.alerts_part": ("GET", "/fleet/alerts/part", IN),
    "operations.alert": ("GET", "/fleet/alerts/{alert}", OURS),
    "operations.acknowledge": ("POST", "/fleet/alerts/{alert}/acknowledge", DEED),
    "operations.acknowledge_many": ("POST", "/fleet/alerts/acknowledge?alert={alert}", DEED),
    "operations.rules": ("GET", "/fleet/alerts/rules", MENDING),
    "operations.set_rules": ("POST", "/fleet/alerts/rules", (303, 403, 422, 403, 403)),
    "operations.inventory": ("GET", "/fleet/instruments", IN),
    "operations.inventory_part": ("GET", "/fleet/instruments/part", IN),
    "operations.inventory_file": ("GET", "/fleet/instruments.csv", IN),
    "operations.inventory_paper": ("GET", "/fleet/instruments/print", IN),
    "operations.instrument": ("GET", "/fleet/instruments/{rt}", OURS),
    "operations.enter_service": ("POST", "/fleet/instruments/{rt}/services", (303, 403, 422, 403, 403)),
    "operations.strike_service": ("POST", "/fleet/instruments/{rt}/services/{service}/strike?why=wrong", DEED),
    "operations.set_serial": ("POST", "/fleet/instruments/{rt}/serial?serial=S-1", DEED),
    "operations.world": ("GET", "/fleet/map", IN),
    "operations.stores": ("GET", "/fleet/places", IN),
    "operations.place": ("GET", "/fleet/places/{store}", MENDING),
    "operations.put_place": ("POST", "/fleet/places/{store}", DEED),
    "operations.history": ("GET", "/fleet/{gateway}/history", OURS),
    "operations.frames": ("GET", "/fleet/{gateway}/frames", MENDING),
    "operations.frames_part": ("GET", "/fleet/{gateway}/frames/part", MENDING),
    "operations.listen": ("POST", "/fleet/{gateway}/frames?dev=rt", DEED),
    "operations.bulks": ("GET", "/fleet/actions", MENDING),
    "operations.bulk_new": ("GET", "/fleet/actions/new", MENDING),
    "operations.begin_bulk": ("POST", "/fleet/actions", (303, 403, 422, 403, 403)),
    "operations.bulk": ("GET", "/fleet/actions/{bulk}", MENDING),
    "operations.bulk_part": ("GET", "/fleet/actions/{bulk}/part", MENDING),
    "operations.stop_bulk": ("POST", "/fleet/actions/{bulk}/stop", DEED),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    gateway_id = world.pier.sender.gateway_id
    begun = bulk.begin(session, verb="ping", args="{}", gateway_ids=[gateway_id], by=world.omar.id)
    service = servicing.enter(session, world.pier.phoropter, done(), by=world.omar.id)
    alert = ring(session, world.pier)
    assert alerts.one(session, alert).gateway_id == gateway_id
    return {"alert": alert, "bulk": begun.id, "service": service.id, "store": world.pier.id}
