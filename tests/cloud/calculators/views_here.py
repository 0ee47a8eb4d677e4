"""Who gets into the pages of the calculators room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from tests.cloud.people_here import World

ANYONE = (303, 200, 200, 200, 200)
NONE_OF_THESE = (303, 403, 403, 403, 403)  # owners and managers choose
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "calculators.calculators": ("GET", "/calculators?q=sheard", ANYONE),
    "calculators.calculator": ("GET", "/calculators/b.3.vectors?rx=-2.00/-1.50x10", ANYONE),
    "calculators.switch": ("POST", "/calculators/b.3.vectors/switch", NONE_OF_THESE),
    "calculators.tables": ("GET", "/calculators/tables", ANYONE),
    "calculators.table": ("GET", "/calculators/tables/target_pressure", ANYONE),
    "calculators.choose": ("POST", "/calculators/tables/target_pressure/choose?edition=ohts", NONE_OF_THESE),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    return {}
