"""Who gets into the pages of the clinic room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.clinic import recalls
from cloud.kernel.clock import now
from tests.cloud.clinic import history_here as history
from tests.cloud.people_here import World

CARE = (303, 403, 403, 200, 200)  # rosa is at reception, omar an engineer
CARE_OF_OURS = (303, 403, 403, 200, 404)  # alice and charlie are clinicians, charlie of another chain
API_OF_OURS = (401, 403, 403, 200, 404)
DESK = (303, 200, 403, 200, 200)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "clinic.overview": ("GET", "/patients/{grace}/overview", CARE_OF_OURS),
    "clinic.examinations": ("GET", "/patients/{grace}/examinations", CARE_OF_OURS),
    "clinic.trends": ("GET", "/patients/{grace}/trends", CARE_OF_OURS),
    "clinic.record": ("GET", "/examinations/{signed}", CARE_OF_OURS),
    "clinic.paper": ("GET", "/examinations/{signed}/print", CARE_OF_OURS),
    "clinic.unsigned": ("GET", "/unsigned", CARE),
    "clinic.recalls": ("GET", "/recalls", DESK),
    "clinic.recalls_csv": ("GET", "/recalls.csv", DESK),
    "clinic.recall_outcome": ("POST", "/recalls/{recall}/outcome?state=booked", (303, 303, 403, 303, 404)),
    "clinic_api.record": ("GET", "/api/v1/patients/{grace}/record", API_OF_OURS),
    "clinic_api.examination": ("GET", "/api/v1/examinations/{signed}", API_OF_OURS),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """A signed visit of Grace's with its recall, and one that Alice is writing."""
    where = {"patient_id": world.grace, "store_id": world.pier.id, "by": world.alice.id}
    values = {"manifest.1.sphere.R": "-1.75", **history.RECALL}
    signed, _version = history.visit(session, **where, when=now(), values=values)
    draft = history.open_draft(session, **where)
    return {"signed": signed.id, "recall": recalls.of_patient(session, [world.grace])[0].recall.id, "draft": draft.id}
