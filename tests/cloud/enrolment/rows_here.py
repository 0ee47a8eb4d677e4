"""A row in every table of the enrolment room, as its services make them; read by tests/cloud/rows.py."""

import tempfile
from pathlib import Path

from sqlalchemy.orm import Session

from cloud.enrolment import authority, certificates, enrolling, revoking, services
from cloud.enrolment.choices import Why
from cloud.enrolment.issuing import Desk
from cloud.kernel.clock import now
from protocols.envelope.enrolment import Enrol
from tests.cloud.enrolment.boxes_here import Box
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table: a box that a second person let in, whose gateway was then revoked."""
    services.set_policy(session, approval=True, by=by.id)
    claim, code = services.claim_new(session, store_id=place.id, slug="gw-8", by=by.id)
    box = Box()
    said = Enrol(v=1, claim=code, csr=box.csr(), serial="s", hardware="h", software="s")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(authority.found(Path(folder) / "a", now()), "mqtts://b", "https://c", 90)
        request = certificates.request(said.csr)
        enrolling.enrol(session, desk, claim.id, said, request)
        key = certificates.key_fingerprint(request.public_key())
        services.approve(session, claim.id, by=by.id + 1, key=key)
        enrolling.enrol(session, desk, claim.id, said, request)
    assert claim.gateway_id is not None
    revoking.revoke(session, claim.gateway_id, by=by.id, why=Why.LOST)
