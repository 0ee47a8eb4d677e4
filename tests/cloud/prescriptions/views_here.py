"""Who gets into the pages of the prescriptions room; read by tests/cloud/test_views.py."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cloud.kernel.ids import uuid7
from cloud.prescriptions import proving, services, tokens
from cloud.prescriptions.choices import Kind, Origin
from tests.cloud.people_here import World
from tests.cloud.prescriptions.written_here import GLASSES, sign

RECORD = (303, 403, 403, 200, 404)
DEED = (303, 403, 403, 303, 404)
REFUSED = (303, 403, 403, 422, 404)
BAD = (303, 403, 403, 400, 404)
ANYONE = (200,) * 5
OF = "/patients/{grace}/prescriptions"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "prescriptions.of_patient": ("GET", OF, RECORD),
    "prescriptions.compare": ("GET", f"{OF}/compare", RECORD),
    "prescriptions.write_spectacle": ("GET", f"{OF}/spectacle/new", RECORD),
    "prescriptions.write_contact": ("GET", f"{OF}/contact/new", RECORD),
    "prescriptions.write_drug": ("GET", f"{OF}/drug/new", RECORD),
    "prescriptions.copy_spectacle": ("GET", f"{OF}/spectacle/outside", RECORD),
    "prescriptions.copy_contact": ("GET", f"{OF}/contact/outside", RECORD),
    "prescriptions.save": ("POST", f"{OF}/drafts/{{draft}}", RECORD),
    "prescriptions.issue": ("POST", f"{OF}/drafts/{{draft}}/issue", REFUSED),
    "prescriptions.draft": ("GET", "/prescriptions/drafts/{draft}", RECORD),
    "prescriptions.discard": ("POST", "/prescriptions/drafts/{draft}/discard", DEED),
    "prescriptions.second": ("GET", "/prescriptions/drafts/{copied}/second", RECORD),
    "prescriptions.agree": ("POST", "/prescriptions/drafts/{copied}/second", REFUSED),
    "prescriptions.prescription": ("GET", "/prescriptions/{prescription}", RECORD),
    "prescriptions.paper": ("POST", "/prescriptions/{prescription}/paper", RECORD),
    "prescriptions.end": ("POST", "/prescriptions/{prescription}/end", BAD),
    "prescriptions.release": ("POST", "/prescriptions/{prescription}/release", BAD),
    "prescriptions_api.of_patient": ("GET", "/api/v1/patients/{grace}/prescriptions", (401, *RECORD[1:])),
    "prescriptions_api.prescription": ("GET", "/api/v1/prescriptions/{prescription}", (401, *RECORD[1:])),
    "prescriptions_api.as_fhir": ("GET", "/api/v1/prescriptions/{prescription}/fhir", (401, *RECORD[1:])),
    "verify.ask": ("GET", "/v", ANYONE),
    "verify.typed": ("POST", "/v", (404,) * 5),
    "verify.paper": ("GET", "/v/nothing-was-ever-printed-with-this", (404,) * 5),
    "verify.file": ("POST", "/v/nothing-was-ever-printed-with-this/file", (404,) * 5),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    row = sign(session, world.pier, world.alice, world.grace)
    proving.keep(session, row, tokens.fresh(), b"%PDF", paper="a5", language="en", by=world.alice.id)
    drafts: dict[str, UUID] = {"draft": uuid7(), "copied": uuid7()}
    for (_name, key), origin in zip(drafts.items(), Origin, strict=True):
        where = {"patient_id": world.grace, "store_id": world.pier.id, "by": world.alice.id}
        draft = services.begin(session, key=key, kind=Kind.SPECTACLE, origin=origin, **where)
        services.save(draft, GLASSES)
    return {"prescription": row.id, **drafts}
