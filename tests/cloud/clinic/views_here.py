"""Who gets into the pages of the clinic room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.clinic import recalls
from cloud.kernel.clock import now
from tests.cloud.clinic import history_here as history
from tests.cloud.people_here import World

CARE = (303, 403, 403, 200, 200)  # rosa is at reception, omar an engineer
CARE_OF_OURS = (303, 403, 403, 200, 404)  # alice and charlie are clinicians, charlie of another chain
DEED_OF_OURS = (303, 403, 403, 303, 404)
API_OF_OURS = (401, 403, 403, 200, 404)
DESK = (303, 200, 403, 200, 200)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "clinic.overview": ("GET", "/patients/{grace}/overview", CARE_OF_OURS),
    "clinic.examinations": ("GET", "/patients/{grace}/examinations", CARE_OF_OURS),
    "clinic.trends": ("GET", "/patients/{grace}/trends", CARE_OF_OURS),
    "clinic.course": ("GET", "/patients/{grace}/trends/length", CARE_OF_OURS),
    "clinic.course_csv": ("GET", "/patients/{grace}/trends/length.csv", CARE_OF_OURS),
    "clinic.biomechanics": ("GET", "/patients/{grace}/biomechanics", CARE_OF_OURS),
    "clinic.record": ("GET", "/examinations/{signed}", CARE_OF_OURS),
    "clinic.paper": ("GET", "/examinations/{signed}/print", CARE_OF_OURS),
    "clinic.unsigned": ("GET", "/unsigned", CARE),
    "clinic.recalls": ("GET", "/recalls", DESK),
    "clinic.recalls_csv": ("GET", "/recalls.csv", DESK),
    "clinic.recall_outcome": ("POST", "/recalls/{recall}/outcome?state=booked", (303, 303, 403, 303, 404)),
    "clinic.begin": ("POST", "/patients/{grace}/examinations?template=blank", (303, 403, 403, 303, 404)),
    "clinic.exam": ("GET", "/examinations/{writing}/write", CARE_OF_OURS),
    "clinic.save": ("PUT", "/examinations/{writing}/entries", (303, 403, 403, 415, 415)),
    "clinic.state": ("GET", "/examinations/{writing}/state", CARE_OF_OURS),
    "clinic.element_part": ("GET", "/examinations/{writing}/elements/iop", CARE_OF_OURS),
    "clinic.act_on": ("POST", "/examinations/{writing}/elements/anterior/normals", CARE_OF_OURS),
    "clinic.undo": ("POST", "/examinations/{writing}/undo", CARE_OF_OURS),
    "clinic.proposals_part": ("GET", "/examinations/{writing}/proposals", CARE_OF_OURS),
    "clinic.accept": ("POST", "/examinations/{writing}/proposals/{reading}/accept", CARE_OF_OURS),
    "clinic.accept_all": ("POST", "/examinations/{writing}/proposals/accept", CARE_OF_OURS),
    "clinic.reject": ("POST", "/examinations/{writing}/proposals/{reading}/reject", (303, 403, 403, 422, 422)),
    "clinic.sign_sheet": ("GET", "/examinations/{writing}/sign", CARE_OF_OURS),
    "clinic.sign": ("POST", "/examinations/{writing}/sign", (303, 403, 403, 422, 404)),
    "clinic.amend": ("POST", "/examinations/{signed}/amend", DEED_OF_OURS),
    "clinic.retract": ("POST", "/examinations/{signed}/retract", DEED_OF_OURS),
    "clinic.take_over": ("POST", "/examinations/{writing}/take-over", DEED_OF_OURS),
    "clinic.discard": ("POST", "/examinations/{writing}/discard", (303, 403, 403, 422, 404)),
    "clinic.here": ("POST", "/patients/{grace}/here", CARE_OF_OURS),
    "clinic.codes": ("GET", "/codes/icd10?q=myop", CARE),
    "clinic.cases": ("GET", "/cases?sign=flame_haemorrhage", CARE),
    "clinic.cases_csv": ("GET", "/cases.csv?figure=se_manifest&compare=most&limit=0", CARE),
    "clinic_api.record": ("GET", "/api/v1/patients/{grace}/record", API_OF_OURS),
    "clinic_api.examination": ("GET", "/api/v1/examinations/{signed}", API_OF_OURS),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """A signed visit of Grace's with its recall, and one that Alice is writing."""
    where = {"patient_id": world.grace, "store_id": world.pier.id, "by": world.alice.id}
    values = {"manifest.1.sphere.R": "-1.75", **history.RECALL}
    signed, _version = history.visit(session, **where, when=now(), values=values)
    draft = history.open_draft(session, **where)
    return {"signed": signed.id, "recall": recalls.of_patient(session, [world.grace])[0].recall.id, "writing": draft.id}
