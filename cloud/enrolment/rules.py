"""What a claim and a certificate allow at a moment; nothing is read, nothing changed."""

from collections.abc import Collection
from datetime import datetime

from cloud.accounts.choices import Role
from cloud.enrolment.certificates import LONGEST_NAME
from cloud.enrolment.choices import GRACE, LIVE, Standing, Step
from cloud.enrolment.errors import (
    CertificateRevoked,
    CertificateTooOld,
    ClaimCancelled,
    ClaimExpired,
    ClaimTaken,
    NotAName,
    WrongBox,
)
from cloud.enrolment.models import Certificate, Claim
from protocols.envelope import Address


def step(claim: Claim, at: datetime) -> Step:
    """How far a claim is, the clock asked too."""
    found = Step(claim.state)
    return Step.EXPIRED if found in LIVE and claim.expires_at <= at else found


def check_claim(claim: Claim, key: str, serial: str, at: datetime) -> None:
    """That the box with this key may use it. Raises ClaimExpired, ClaimCancelled, ClaimTaken, WrongBox.

    Whoever asked first has it; the same key may ask again whatever the hour, as its answer may have been lost.
    """
    found = step(claim, at)
    if found in (Step.CANCELLED, Step.REJECTED):
        raise ClaimCancelled
    if claim.key_fingerprint not in (None, key):
        raise ClaimTaken
    if found == Step.EXPIRED:
        raise ClaimExpired
    if claim.serial is not None and not same_serial(claim.serial, serial):
        raise WrongBox


def same_serial(ours: str, theirs: str) -> bool:
    """Serial numbers as people copy them from a sticker."""
    return "".join(ours.split()).casefold() == "".join(theirs.split()).casefold()


def check_renewal(certificate: Certificate, at: datetime) -> None:
    """That it may be renewed. Raises CertificateRevoked, CertificateTooOld."""
    if certificate.state == Standing.REVOKED:
        raise CertificateRevoked
    if certificate.not_after + GRACE < at:
        raise CertificateTooOld


def renew_after(not_before: datetime, not_after: datetime) -> datetime:
    """Two thirds of a life: a third is left for trying again."""
    return not_before + (not_after - not_before) * 2 / 3


def address(chain: str, store: str, gateway: str) -> Address:
    """The name in the certificate. Raises NotAName, also for one that is longer than a certificate's name may be."""
    try:
        found = Address(chain, store, gateway)
    except ValueError as wrong:
        raise NotAName(str(wrong)) from wrong
    if len(str(found)) > LONGEST_NAME:
        raise NotAName(f"{found} has more than {LONGEST_NAME} characters")
    return found


def may_lift_approval(roles: Collection[str]) -> bool:
    """Anyone who makes claims may ask for a second person; to do without one again is not for those it watches over."""
    return bool({Role.OWNER.value, Role.MANAGER.value} & set(roles))
