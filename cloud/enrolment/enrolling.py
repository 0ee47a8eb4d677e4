"""A box with a claim becomes a gateway: the claim is burned in the transaction that writes the certificate down."""

import hashlib
import hmac

from cryptography import x509
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from cloud.enrolment import certificates, codes, issuing, queries, revoking, rules, services
from cloud.enrolment.choices import ASK_AGAIN_SECONDS, GUESSES, WINDOW, Kind, Step, Why
from cloud.enrolment.errors import ClaimTaken, NameTaken, NoSuchClaim, TooManyGuesses
from cloud.enrolment.issuing import Desk
from cloud.enrolment.models import Certificate, Claim, Guess
from cloud.enrolment.queries import Place
from cloud.fleet import queries as fleet
from cloud.fleet import services as gateways
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.hashing import digest
from protocols.envelope.enrolment import Enrol, Issued, Waiting


def find(engine: Engine, code: str, who: str) -> Place:
    """The claim behind a code.

    Raises:
        TooManyGuesses: too many that fit nothing came from this address.
        NoSuchClaim: there is none; that is counted, unless a slip of the hand shows in its check letter.
    """
    normal = codes.normal(code)
    if normal is None:
        raise NoSuchClaim
    with outside(engine) as session:
        if queries.guesses(session, who, WINDOW) >= GUESSES:
            raise TooManyGuesses
        found = queries.claim_place(session, digest(normal))
        if found is None:
            session.execute(delete(Guess).where(Guess.at < now() - WINDOW))
            session.add(Guess(who=who))
    if found is None:
        raise NoSuchClaim
    return found


def whose(address: str, key: str) -> str:
    """An address as it is counted: no table of addresses leads back to it without our key."""
    return hmac.new(key.encode(), f"enrol {address}".encode(), hashlib.sha256).hexdigest()


def enrol(
    session: Session, desk: Desk, claim_id: int, asked: Enrol, csr: x509.CertificateSigningRequest
) -> Issued | Waiting:
    """Exchange a claim for a certificate; the same key gets the same answer again.

    Raises:
        ClaimRefused: expired, cancelled, another box's, or made for another serial number.
        NameTaken: the name was given away in the meantime.
        TooManyCertificates: the gateway was given too many today.
    """
    claim, key = queries.claim(session, claim_id, hold=True), certificates.key_fingerprint(csr.public_key())
    if claim is None:
        raise NoSuchClaim
    if claim.state == Step.USED:
        return issuing.told(session, desk, _again(session, claim, key))
    rules.check_claim(claim, key, asked.serial, now())
    if claim.key_fingerprint is None:
        _came(claim, key, asked)
    if claim.state != Step.APPROVED and (claim.needs_approval or queries.policy(session)):
        return _waiting(session, claim, key)
    return issuing.told(session, desk, _burned(session, desk, claim, csr))


def _again(session: Session, claim: Claim, key: str) -> Certificate:
    """The answer may have been lost between here and the box's disk."""
    made = queries.of_claim(session, claim.id)
    if made is None or claim.key_fingerprint != key:
        raise ClaimTaken
    return made


def _came(claim: Claim, key: str, asked: Enrol) -> None:
    claim.key_fingerprint, claim.asked_at = key, now()
    claim.asked_serial, claim.asked_hardware, claim.asked_software = asked.serial, asked.hardware, asked.software


def _waiting(session: Session, claim: Claim, key: str) -> Waiting:
    if claim.state != Step.WAITING:
        claim.state = Step.WAITING.value
        session.flush()
        services.tell(session)
    return Waiting(code=codes.comparison(key), ask_again_s=ASK_AGAIN_SECONDS)


def _burned(session: Session, desk: Desk, claim: Claim, csr: x509.CertificateSigningRequest) -> Certificate:
    gateway_id, details = _gateway(session, claim), {"claim": claim.id}
    old = list(queries.good(session, gateway_id)) if claim.kind == Kind.MOVE else []
    made = issuing.issue(session, desk, gateway_id, csr, claim.id)
    issuing.replace(session, old, made)
    claim.state, claim.burned_at, claim.gateway_id = Step.USED.value, now(), gateway_id
    session.flush()
    verb = {Kind.NEW: "enrolled", Kind.REPLACE: "replaced_box", Kind.MOVE: "re_enrolled"}[Kind(claim.kind)]
    services.passed(session, gateway_id, verb, None, {**details, "certificate": made.serial_number})
    return made


def _gateway(session: Session, claim: Claim) -> int:
    match Kind(claim.kind):
        case Kind.NEW:
            return _new(session, claim)
        case Kind.REPLACE:
            return _replaced(session, claim)
        case Kind.MOVE:
            return _moved(session, claim)


def _new(session: Session, claim: Claim) -> int:
    if fleet.gateway_named(session, claim.store_id, claim.slug) is not None:
        raise NameTaken(claim.slug)
    return gateways.enrol(session, store_id=claim.store_id, slug=claim.slug).id


def _replaced(session: Session, claim: Claim) -> int:
    """The lost box's certificates end in the same transaction; it is shown out once, before the new one comes."""
    gateway_id = _held(session, claim)
    revoking.withdraw(session, gateway_id, by=claim.made_by, why=Why.REPLACED)
    gateways.set_status(session, gateway_id, "enrolled")
    return gateway_id


def _moved(session: Session, claim: Claim) -> int:
    gateway_id = _held(session, claim)
    gateway = fleet.gateway(session, gateway_id)
    if gateway is not None and gateway.store_id != claim.store_id:
        revoking.move(session, gateway_id, claim.store_id, by=claim.made_by)
    return gateway_id


def _held(session: Session, claim: Claim) -> int:
    """The gateway of the claim, held before its certificates are."""
    assert claim.gateway_id is not None  # noqa: S101  (only a claim for a new gateway has none)
    fleet.gateway(session, claim.gateway_id, hold=True)
    return claim.gateway_id
