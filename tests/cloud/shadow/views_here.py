"""Who gets into the pages of the shadow room and to a gateway's orders; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.fleet import commands
from cloud.fleet import queries as fleet
from cloud.shadow import services
from protocols.envelope.desired import Wanted
from tests.cloud.people_here import World

PAGE, DEED = (303, 200, 200, 200, 404), (303, 403, 303, 403, 403)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "shadow.configuration": ("GET", "/fleet/{gateway}/configuration", PAGE),
    "shadow.part": ("GET", "/fleet/{gateway}/configuration/part", PAGE),
    "shadow.as_json": ("GET", "/fleet/{gateway}/configuration.json", PAGE),
    "shadow.want": ("POST", "/fleet/{gateway}/configuration?why=", (303, 403, 409, 403, 403)),
    "shadow.restore": ("POST", "/fleet/{gateway}/configuration/restore", (303, 403, 422, 403, 403)),
    "fleet.orders": ("GET", "/fleet/{gateway}/orders", PAGE),
    "fleet.orders_part": ("GET", "/fleet/{gateway}/orders/part", PAGE),
    "fleet.give_order": ("POST", "/fleet/{gateway}/orders", (303, 403, 422, 403, 403)),
    "fleet.cancel_order": ("POST", "/fleet/{gateway}/orders/{order}/cancel", DEED),
    "fleet.order": ("GET", "/fleet/{gateway}/orders/{order}", PAGE),
    "fleet.order_file": ("GET", "/fleet/{gateway}/orders/{order}/file", (303, 403, 404, 403, 403)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    gateway_id = world.pier.sender.gateway_id
    services.want(session, gateway_id, Wanted(raw_days=3), 0, world.omar.id)
    gateway = fleet.gateway(session, gateway_id)
    assert gateway is not None
    return {"order": commands.command(session, gateway, "ping", by=world.omar.id).id}
