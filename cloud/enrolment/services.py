"""Claims: made, cancelled, approved by a second person; and the steps of a gateway's identity."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.enrolment import codes, queries, rules
from cloud.enrolment.choices import CLAIM_LIFE, LIVE, Kind, Step
from cloud.enrolment.errors import (
    ClaimOpen,
    ClaimOver,
    NameTaken,
    NoSuchClaim,
    NoSuchGateway,
    NoSuchStore,
    OwnClaim,
)
from cloud.enrolment.models import Approval, Claim, Passage, Policy
from cloud.fleet import queries as fleet
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant


def claim_new(session: Session, *, store_id: int, slug: str, by: int, serial: str = "") -> tuple[Claim, str]:
    """A claim for a gateway that is not there yet, and its code, told this once.

    Raises:
        NotAName: the name cannot stand in a certificate.
        NoSuchStore: of another chain, or of none.
        NameTaken: the store has a gateway of that name, or a good certificate carries it.
        ClaimOpen: there is an open claim for it.
    """
    if fleet.gateway_named(session, store_id, slug) is not None:
        raise NameTaken(slug)
    return _claim(session, Kind.NEW, store_id, slug, None, by, serial)


def claim_replacement(session: Session, *, gateway_id: int, by: int, serial: str = "") -> tuple[Claim, str]:
    """A claim for a box in the place of a lost one; using it revokes what the lost one has. Raises as claim_new."""
    gateway = fleet.gateway(session, gateway_id)
    if gateway is None:
        raise NoSuchGateway(gateway_id)
    return _claim(session, Kind.REPLACE, gateway.store_id, gateway.slug, gateway_id, by, serial)


def claim_move(session: Session, *, gateway_id: int, store_id: int, by: int, serial: str = "") -> tuple[Claim, str]:
    """A claim with which a gateway moves to another store as it uses it. Raises as claim_new."""
    gateway = fleet.gateway(session, gateway_id)
    if gateway is None:
        raise NoSuchGateway(gateway_id)
    if fleet.gateway_named(session, store_id, gateway.slug) is not None:
        raise NameTaken(gateway.slug)
    return _claim(session, Kind.MOVE, store_id, gateway.slug, gateway_id, by, serial)


def _claim(
    session: Session, kind: Kind, store_id: int, slug: str, gateway_id: int | None, by: int, serial: str
) -> tuple[Claim, str]:
    name_is_free(session, store_id, slug, gateway_id)
    _make_room(session, store_id, slug)
    code, at = codes.fresh(), now()
    claim = Claim(
        **{"kind": kind.value, "store_id": store_id, "slug": slug, "gateway_id": gateway_id},
        **{"code_hash": digest(code), "serial": serial.strip() or None, "state": Step.OPEN.value},
        **{"needs_approval": queries.policy(session), "made_by": by, "made_at": at, "expires_at": at + CLAIM_LIFE},
    )
    session.add(claim)
    session.flush()
    _note(session, claim, by, "made_claim", claim_kind=kind.value, store=store_id)
    return claim, code


def name_is_free(session: Session, store_id: int, slug: str, gateway_id: int | None) -> str:
    """The name a gateway would have, borne by no other. Raises NoSuchStore, NotAName, NameTaken."""
    if not any(store.id == store_id for store in accounts.all_stores(session)):
        raise NoSuchStore(store_id)
    address = str(rules.address(*accounts.slugs(session, store_id), slug))
    if queries.bearer(session, address, now()) not in (None, gateway_id):
        raise NameTaken(address)
    return address


def _make_room(session: Session, store_id: int, slug: str) -> None:
    """One open claim a name; one that is over its time makes way."""
    there = queries.live_claim(session, store_id, slug)
    if there is not None and rules.step(there, now()) != Step.EXPIRED:
        raise ClaimOpen(slug)
    if there is not None:
        there.state = Step.EXPIRED.value
        session.flush()


def cancel(session: Session, claim_id: int, *, by: int) -> None:
    """Nobody may use it any more. Raises NoSuchClaim, ClaimOver."""
    claim = _held(session, claim_id)
    if claim.state not in LIVE:
        raise ClaimOver
    claim.state = Step.CANCELLED.value
    _note(session, claim, by, "cancelled_claim")


def approve(session: Session, claim_id: int, *, by: int, key: str, approved: bool = True) -> None:
    """Let the box that asked in, or turn it down; ``key`` is the fingerprint that was looked at.

    Raises:
        NoSuchClaim: of another chain, or none.
        ClaimOver: no box waits for an answer, or not this one.
        OwnClaim: whoever made a claim does not approve it.
    """
    claim = _held(session, claim_id)
    if rules.step(claim, now()) != Step.WAITING or claim.key_fingerprint != key:
        raise ClaimOver
    if approved and claim.made_by == by:
        raise OwnClaim
    session.add(Approval(claim_id=claim.id, key_fingerprint=key, approved=approved, by=by))
    claim.state = (Step.APPROVED if approved else Step.REJECTED).value
    _note(session, claim, by, "approved_claim" if approved else "rejected_claim")


def set_policy(session: Session, *, approval: bool, by: int) -> None:
    """Whether a second person approves every box from now on."""
    session.add(Policy(approval=approval, by=by))
    audit.note(session, by=by, verb="set_enrolment_policy", kind="chain", subject=current_tenant(), approval=approval)


def passed(session: Session, gateway_id: int, verb: str, by: int | None, details: Mapping[str, Any]) -> None:
    """Write a step of a gateway's identity into its history and the trail."""
    session.add(Passage(gateway_id=gateway_id, verb=verb, by=by, details=dict(details)))
    audit.note(session, by=by, verb=verb, kind="gateway", subject=gateway_id, **details)
    tell(session)


def refused(session: Session, claim_id: int, why: str) -> None:
    """A box came with a claim that it may not use."""
    audit.note(session, by=None, verb="claim_refused", kind="claim", subject=claim_id, why=why)


def tell(session: Session) -> None:
    """Pages with claims and certificates look again."""
    announce(session, Fact(topic="enrolment.changed", tenant_id=current_tenant()))


def _held(session: Session, claim_id: int) -> Claim:
    claim = queries.claim(session, claim_id, hold=True)
    if claim is None:
        raise NoSuchClaim
    return claim


def _note(session: Session, claim: Claim, by: int, verb: str, **details: Any) -> None:
    session.flush()
    audit.note(session, by=by, verb=verb, kind="claim", subject=claim.id, **details)
    tell(session)
