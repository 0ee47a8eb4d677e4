"""Who gets into the pages of the worklist room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World
from tests.cloud.worklist.ordering_here import wanted

OPEN, PAGE, DEED = (303, 200, 403, 200, 200), (303, 200, 403, 200, 404), (303, 303, 403, 303, 404)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "worklist.day": ("GET", "/worklist", OPEN),
    "worklist.day_part": ("GET", "/worklist/part", OPEN),
    "worklist.of_patient": ("GET", "/patients/{grace}/orders", PAGE),
    "worklist.of_patient_part": ("GET", "/patients/{grace}/orders/part", PAGE),
    "worklist.order": ("POST", "/patients/{grace}/orders", (303, 422, 403, 422, 404)),
    "worklist.one": ("GET", "/worklist/{examination}", PAGE),
    "worklist.change": ("POST", "/worklist/{examination}", (303, 422, 403, 422, 404)),
    "worklist.act": ("POST", "/worklist/{examination}/cancel", DEED),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    return {"examination": wanted(session, world.alice, world.grace, remark="<b>both</b>", station="<i>OCT</i>").id}
