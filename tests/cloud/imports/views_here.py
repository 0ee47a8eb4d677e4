"""Who gets into the pages of the imports room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.imports import services
from tests.cloud.people_here import World

# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
NOBODY = (303, 403, 403, 403, 403)  # lists of patients are brought in by those who run the practice
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "imports.imports": ("GET", "/patients/imports", NOBODY),
    "imports.bring": ("POST", "/patients/imports", NOBODY),
    "imports.template": ("GET", "/patients/imports/template.csv", NOBODY),
    "imports.batch": ("GET", "/patients/imports/{batch}", NOBODY),
    "imports.part": ("GET", "/patients/imports/{batch}/part", NOBODY),
    "imports.chart": ("POST", "/patients/imports/{batch}/columns", NOBODY),
    "imports.accept": ("POST", "/patients/imports/{batch}/accept", NOBODY),
    "imports.back": ("POST", "/patients/imports/{batch}/back", NOBODY),
    "imports.stop": ("POST", "/patients/imports/{batch}/stop", NOBODY),
    "imports.undo": ("POST", "/patients/imports/{batch}/undo", NOBODY),
    "imports.wrong": ("GET", "/patients/imports/{batch}/wrong.csv", NOBODY),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    return {"batch": services.bring(session, file_name="a.csv", content=b"Name\nAsh", most=9, by=world.olivia.id).id}
