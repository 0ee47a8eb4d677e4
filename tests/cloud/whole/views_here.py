"""Who gets the whole record; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "whole.record": ("GET", "/patients/{grace}/record.zip", (303, 403, 403, 200, 404)),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """Nothing of its own: it tells of Grace."""
    return {}
