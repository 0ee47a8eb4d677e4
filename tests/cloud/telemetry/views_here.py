"""Who gets into the pages of the telemetry room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "metrics": ("GET", "/metrics", (404,) * 5),
    "telemetry.gateway": ("GET", "/fleet/{gateway}/figures", (303, 200, 200, 200, 404)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    return {}
