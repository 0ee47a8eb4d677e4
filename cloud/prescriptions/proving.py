"""Papers that prove themselves: each has a token and a code of its own, of which only hashes are kept.

Anyone may ask whether a paper is genuine, without signing in and without a chain chosen; what does not fit is counted
by the address it came from, and after too many nothing is answered for a while.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.orm import Session

from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.database import outside
from cloud.kernel.hashing import digest
from cloud.kernel.tenancy import current_tenant
from cloud.prescriptions import tokens
from cloud.prescriptions.errors import NoSuchToken, TooManyGuesses
from cloud.prescriptions.models import Guess, Prescription, Proof
from cloud.prescriptions.tokens import Secret

GUESSES, WINDOW = 20, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a paper belongs: ids, and nothing else."""

    tenant_id: int
    proof_id: int


def keep(
    session: Session, row: Prescription, secret: Secret, made: bytes, *, paper: str, language: str, by: int
) -> Proof:
    """Keep that this paper was made: hashes of what stands on it and of the file itself."""
    proof = Proof(
        prescription_id=row.id,
        token_hash=digest(secret.token),
        code_hash=digest(secret.code),
        paper=paper,
        language=language,
        pdf_sha256=hashlib.sha256(made).hexdigest(),
        by=by,
        at=now(),
    )
    session.add(proof)
    session.flush()
    audit.note(session, by=by, verb="printed", kind="prescription", subject=row.id, proof=proof.id)
    return proof


def find(engine: Engine, secret: str, who: str) -> Found:
    """The paper behind a token or a code.

    Raises:
        TooManyGuesses: this address has guessed too often.
        NoSuchToken: nothing was ever printed with it; that is counted, unless it could not be a code at all.
    """
    normal = tokens.normal(secret)
    if normal is None:
        raise NoSuchToken
    with outside(engine) as session:
        if _guesses(session, who) >= GUESSES:
            raise TooManyGuesses
        fits = session.execute(text("SELECT * FROM prescriptions_find_proof(:hash)"), {"hash": digest(normal)}).first()
        if fits is None:
            session.execute(delete(Guess).where(Guess.at < now() - WINDOW))
            session.add(Guess(who=who))
    if fits is None:
        raise NoSuchToken
    return Found(fits.tenant_id, fits.proof_id)


def proof(session: Session, proof_id: int) -> Proof:
    """The paper, once its chain is chosen."""
    return session.get_one(Proof, (current_tenant(), proof_id))


def verified(session: Session, prescription_id: int, by_file: bool = False) -> None:
    """Somebody asked whether a paper is genuine."""
    audit.note(session, by=None, verb="verified", kind="prescription", subject=prescription_id, by_file=by_file)


def is_that_file(proof: Proof, file: bytes) -> bool:
    """Whether a file is, byte for byte, the one that was made."""
    return hmac.compare_digest(proof.pdf_sha256, hashlib.sha256(file).hexdigest())


def whose(address: str, key: str) -> str:
    """An address as it is counted: no table of addresses leads back to it without our key."""
    return hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()


def _guesses(session: Session, who: str) -> int:
    recent = (Guess.who == who, Guess.at > now() - WINDOW)
    return session.scalar(select(func.count()).select_from(Guess).where(*recent)) or 0
