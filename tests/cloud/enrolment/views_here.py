"""Who gets into the pages of the enrolment room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.enrolment import services
from tests.cloud.people_here import World

NOTHING_THERE = (503,) * 5  # the application of those tests has no authority
PAGE = (303, 403, 200, 403, 403)
LOOK = (303, 200, 200, 200, 404)
BAD = (303, 403, 422, 403, 403)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "enrolment_gateways.enrol": ("POST", "/gateways/v1/enrol", (400,) * 5),
    "enrolment_gateways.renew": ("POST", "/gateways/v1/renew", (400,) * 5),
    "enrolment_gateways.crl": ("GET", "/gateways/v1/crl", NOTHING_THERE),
    "enrolment_gateways.roots": ("GET", "/gateways/v1/roots", NOTHING_THERE),
    "enrolment.claims": ("GET", "/fleet/claims", PAGE),
    "enrolment.claims_part": ("GET", "/fleet/claims/part", PAGE),
    "enrolment.make": ("POST", "/fleet/claims", BAD),
    "enrolment.claim": ("GET", "/fleet/claims/{claim}", PAGE),
    "enrolment.cancel": ("POST", "/fleet/claims/{claim}/cancel", (303, 403, 303, 403, 403)),
    "enrolment.approve": ("POST", "/fleet/claims/{claim}/approve", (303, 403, 409, 403, 403)),
    "enrolment.reject": ("POST", "/fleet/claims/{claim}/reject", (303, 403, 409, 403, 403)),
    "enrolment.set_policy": ("POST", "/fleet/claims/policy?approval=yes", (303, 403, 403, 403, 403)),
    "enrolment.certificate": ("GET", "/fleet/{gateway}/certificate", LOOK),
    "enrolment.revoke": ("POST", "/fleet/{gateway}/certificate/revoke", BAD),
    "enrolment.replace": ("POST", "/fleet/{gateway}/certificate/replace", PAGE),
    "enrolment.move": ("POST", "/fleet/{gateway}/certificate/move", BAD),
    "enrolment.scanned": ("GET", "/enrol", (200,) * 5),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    claim, _ = services.claim_new(session, store_id=world.pier.id, slug="gw-7", by=world.omar.id)
    return {"claim": claim.id}
