"""The next certificate, asked for with the old key: it carries the name the gateway has now."""

from cryptography import x509
from sqlalchemy.orm import Session

from cloud.enrolment import certificates, issuing, queries, rules, services
from cloud.enrolment.choices import Standing
from cloud.enrolment.errors import CertificateRevoked
from cloud.enrolment.issuing import Desk
from cloud.enrolment.models import Certificate
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from protocols.envelope.enrolment import Issued


def renew(session: Session, desk: Desk, certificate_id: int, csr: x509.CertificateSigningRequest) -> Issued:
    """Sign a gateway's next certificate; asked again with the same key, the answer is the same.

    Raises:
        CertificateRevoked: the certificate, or the gateway altogether.
        CertificateTooOld: it expired longer ago than the grace.
        TooManyCertificates: the gateway was given too many today.
    """
    # always the gateway before its certificates, so that a revocation and a renewal wait in line
    gateway = fleet.gateway(session, queries.certificate(session, certificate_id).gateway_id, hold=True)
    old = queries.certificate(session, certificate_id, hold=True)
    rules.check_renewal(old, now())
    if gateway is None or gateway.status != "enrolled":
        raise CertificateRevoked
    made = _given(session, old, certificates.key_fingerprint(csr.public_key()))
    return issuing.told(session, desk, made or _made(session, desk, old, csr))


def _given(session: Session, old: Certificate, key: str) -> Certificate | None:
    """What was given for this one before, should the answer have been lost; one that names an old place is not."""
    if old.replaced_by is None:
        return None
    made = queries.certificate(session, old.replaced_by)
    here = str(issuing.address_of(session, old.gateway_id))
    fits = made.key_fingerprint == key and made.state != Standing.REVOKED and made.address == here
    return made if fits else None


def _made(session: Session, desk: Desk, old: Certificate, csr: x509.CertificateSigningRequest) -> Certificate:
    made = issuing.issue(session, desk, old.gateway_id, csr)
    issuing.replace(session, [old], made)
    details = {"certificate": made.serial_number, "before": old.serial_number, "address": made.address}
    services.passed(session, old.gateway_id, "renewed", None, details)
    return made
