"""Who gets into the pages of the blobs room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

NO_TICKET = (410,) * 5  # who is signed in does not matter
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "blobs.stands": ("HEAD", "/gateways/v1/blobs/" + "0" * 64, NO_TICKET),
    "blobs.append": ("PATCH", "/gateways/v1/blobs/" + "0" * 64, NO_TICKET),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    return {}
