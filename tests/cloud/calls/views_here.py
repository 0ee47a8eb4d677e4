"""Who gets into the pages of the screens on the wall; read by tests/cloud/test_views.py.

A screen that is read notes that it was: what its own token opens stands in test_screens.py.
"""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

NOBODYS = (404,) * 5
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "calls.screen": ("GET", "/screen/nobodys", NOBODYS),
    "calls.screen_part": ("GET", "/screen/nobodys/part", NOBODYS),
    "calls.shown": ("POST", "/screen/nobodys/shown", NOBODYS),
    "calls.live": ("GET", "/screen/nobodys/live", NOBODYS),
}


def places(_session: Session, _world: World) -> dict[str, Any]:
    """Nothing stands in the addresses above."""
    return {}
