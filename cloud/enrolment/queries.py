"""Questions about claims and certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from cloud.enrolment.certificates import Revoked
from cloud.enrolment.choices import LIVE, Standing
from cloud.enrolment.models import Approval, Certificate, Claim, Guess, Kick, Passage, Policy
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.tenancy import current_tenant

_CLAIM = text("SELECT * FROM enrolment_find_claim(:hash)")
_CERTIFICATE = text("SELECT * FROM enrolment_find_certificate(:digest)")
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row belongs: the chain's id and the row's, and nothing else."""

    tenant_id: int
    id: int


def claim_place(session: Session, code_hash: str) -> Place | None:
    """The claim behind a code, over all chains."""
    row = session.execute(_CLAIM, {"hash": code_hash}).first()
    return Place(row.tenant_id, row.claim_id) if row else None


def certificate_place(engine: Engine, fingerprint: str) -> Place | None:
    """The certificate with this fingerprint, over all chains."""
    with outside(engine) as session:
        row = session.execute(_CERTIFICATE, {"digest": fingerprint}).first()
    return Place(row.tenant_id, row.certificate_id) if row else None


def revoked(engine: Engine) -> list[Revoked]:
    """Certificates that are revoked and would otherwise still be good, over all chains."""
    with outside(engine) as session:
        rows = session.execute(text("SELECT * FROM enrolment_revoked()")).all()
    return [Revoked(row.serial_number, row.revoked_at, row.signer) for row in rows]


def to_kick(engine: Engine) -> list[Place]:
    """Connections that are due to be ended, over all chains, longest due first."""
    with outside(engine) as session:
        rows = session.execute(text("SELECT * FROM enrolment_to_kick()")).all()
    return [Place(row.tenant_id, row.kick_id) for row in rows]


def kick(session: Session, kick_id: int) -> Kick | None:
    """One of them that is due, held until this transaction ends; None where another process has it."""
    due = (Kick.id == kick_id) & (Kick.due_at <= func.now())
    return session.scalars(select(Kick).where(due).with_for_update(skip_locked=True)).first()


def call_off_kicks(session: Session, gateway_id: int) -> None:
    """What is still to be shown out for this gateway is left to what is asked next."""
    mine = (Kick.gateway_id == gateway_id, Kick.due_at.is_not(None))
    for one in session.scalars(select(Kick).where(*mine).with_for_update()):
        one.due_at = None


def guesses(session: Session, who: str, window: timedelta) -> int:
    """How many codes that fit nothing came from there lately."""
    recent = (Guess.who == who, Guess.at > now() - window)
    return session.scalar(select(func.count()).select_from(Guess).where(*recent)) or 0


def claim(session: Session, claim_id: int, *, hold: bool = False) -> Claim | None:
    """A claim of this chain; ``hold`` it until the transaction ends."""
    return session.get(Claim, (current_tenant(), claim_id), with_for_update=hold, populate_existing=hold)


def claims(session: Session) -> Sequence[Claim]:
    """Claims, those that are still open first, then the newest."""
    live = Claim.state.in_(LIVE)
    return session.scalars(select(Claim).order_by(live.desc(), Claim.id.desc()).limit(SHOWN)).all()


def live_claim(session: Session, store_id: int, slug: str) -> Claim | None:
    """The open claim for a name."""
    named = (Claim.store_id == store_id, Claim.slug == slug, Claim.state.in_(LIVE))
    return session.scalars(select(Claim).where(*named).with_for_update()).first()


def live_claims_of(session: Session, gateway_id: int) -> Sequence[Claim]:
    """Open claims for a gateway that is there already, held until the transaction ends."""
    mine = (Claim.gateway_id == gateway_id, Claim.state.in_(LIVE))
    return session.scalars(select(Claim).where(*mine).order_by(Claim.id).with_for_update()).all()


def open_claim_of(session: Session, gateway_id: int, at: datetime) -> Claim | None:
    """A claim for a gateway that is there already, which a box may still use."""
    mine = (Claim.gateway_id == gateway_id, Claim.state.in_(LIVE), Claim.expires_at > at)
    return session.scalars(select(Claim).where(*mine).limit(1)).first()


def approval(session: Session, claim_id: int) -> Approval | None:
    """What a second person said."""
    return session.scalars(select(Approval).where(Approval.claim_id == claim_id)).first()


def policy(session: Session) -> bool:
    """Whether a second person approves every box of this chain."""
    return bool(session.scalar(select(Policy.approval).order_by(Policy.id.desc()).limit(1)))


def certificate(session: Session, certificate_id: int, *, hold: bool = False) -> Certificate:
    """A certificate of this chain; ``hold`` it until the transaction ends."""
    return session.get_one(
        Certificate, (current_tenant(), certificate_id), with_for_update=hold, populate_existing=hold
    )


def certificates(session: Session, gateway_id: int) -> Sequence[Certificate]:
    """A gateway's certificates, newest first."""
    mine = Certificate.gateway_id == gateway_id
    return session.scalars(select(Certificate).where(mine).order_by(Certificate.id.desc()).limit(SHOWN)).all()


def of_claim(session: Session, claim_id: int) -> Certificate | None:
    """What a claim was exchanged for."""
    return session.scalars(select(Certificate).where(Certificate.claim_id == claim_id)).first()


def good(session: Session, gateway_id: int) -> Sequence[Certificate]:
    """A gateway's certificates that nobody has revoked, held until the transaction ends."""
    mine = (Certificate.gateway_id == gateway_id, Certificate.state != Standing.REVOKED.value)
    query = select(Certificate).where(*mine).order_by(Certificate.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def bearer(session: Session, address: str, at: datetime) -> int | None:
    """The gateway whose certificate for this name is still good."""
    good = (Certificate.state != Standing.REVOKED.value, Certificate.not_after > at)
    return session.scalar(select(Certificate.gateway_id).where(Certificate.address == address, *good).limit(1))


def issued_since(session: Session, gateway_id: int, since: datetime) -> int:
    """How many certificates a gateway was given since then."""
    lately = (Certificate.gateway_id == gateway_id, Certificate.issued_at > since)
    return session.scalar(select(func.count()).select_from(Certificate).where(*lately)) or 0


def mover(session: Session, gateway_id: int) -> int | None:
    """Who moved a gateway last."""
    moves = (Passage.gateway_id == gateway_id, Passage.verb == "moved")
    return session.scalar(select(Passage.by).where(*moves).order_by(Passage.id.desc()).limit(1))


def passages(session: Session, gateway_id: int) -> Sequence[Passage]:
    """What became of a gateway's identity, newest first."""
    mine = Passage.gateway_id == gateway_id
    return session.scalars(select(Passage).where(mine).order_by(Passage.id.desc()).limit(SHOWN)).all()


def ends(session: Session, gateway_ids: Sequence[int] | None = None) -> dict[int, datetime]:
    """When the active certificate of each of these gateways ends, or of every gateway of the chain."""
    newest = func.max(Certificate.not_after)
    query = select(Certificate.gateway_id, newest).where(Certificate.state == Standing.ACTIVE.value)
    mine = query if gateway_ids is None else query.where(Certificate.gateway_id.in_(gateway_ids))
    return {row[0]: row[1] for row in session.execute(mine.group_by(Certificate.gateway_id))}
