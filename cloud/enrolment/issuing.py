"""A certificate for a gateway: signed, written down, and told with everything the box needs beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.enrolment import certificates, queries, rules
from cloud.enrolment.authority import Authority
from cloud.enrolment.choices import CERTIFICATES_A_DAY, Standing
from cloud.enrolment.errors import NoSuchGateway, TooManyCertificates
from cloud.enrolment.models import Certificate
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.shadow import queries as shadow
from protocols.envelope import Address
from protocols.envelope.enrolment import Issued


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to answer a box: who signs, for how many days, and where boxes find broker and cloud."""

    authority: Authority
    broker: str
    cloud: str
    days: int


def address_of(session: Session, gateway_id: int) -> Address:
    """The name a gateway's next certificate carries. Raises NoSuchGateway, NotAName."""
    gateway = fleet.gateway(session, gateway_id)
    if gateway is None:
        raise NoSuchGateway(gateway_id)
    return rules.address(*accounts.slugs(session, gateway.store_id), gateway.slug)


def issue(
    session: Session, desk: Desk, gateway_id: int, asked: x509.CertificateSigningRequest, claim_id: int | None = None
) -> Certificate:
    """Sign what a box asks for, under the name its gateway has now. Raises TooManyCertificates, NotAName."""
    at = now()
    if queries.issued_since(session, gateway_id, at - timedelta(days=1)) >= CERTIFICATES_A_DAY:
        raise TooManyCertificates
    address, key = str(address_of(session, gateway_id)), asked.public_key()
    made, chain = desk.authority.client(address, key, at, desk.days)
    row = Certificate(
        **{"gateway_id": gateway_id, "claim_id": claim_id, "address": address, "issued_at": at, "pem": chain},
        **{"serial_number": certificates.serial(made), "fingerprint": certificates.fingerprint(made)},
        **{"key_fingerprint": certificates.key_fingerprint(key), "signer": desk.authority.signer.name},
        **{"not_before": made.not_valid_before_utc, "not_after": made.not_valid_after_utc},
        **{"roots": desk.authority.root_names, "state": Standing.ACTIVE.value},
    )
    session.add(row)
    session.flush()
    return row


def replace(session: Session, old: list[Certificate], by: Certificate) -> None:
    """Another one is in use; the old ones stay good until their day, should the box have to fall back."""
    for one in old:
        one.state, one.replaced_by = Standing.REPLACED.value, by.id
    session.flush()


def told(session: Session, desk: Desk, row: Certificate) -> Issued:
    """The answer to the box; the bundle of roots and the configuration are today's."""
    config, version = shadow.wanted(session, row.gateway_id)
    return Issued(
        address=row.address,
        certificate=row.pem,
        roots=desk.authority.roots,
        broker=desk.broker,
        cloud=desk.cloud,
        renew_after=_iso(rules.renew_after(row.not_before, row.not_after)),
        config=config if version else None,
        config_version=version,
    )


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
