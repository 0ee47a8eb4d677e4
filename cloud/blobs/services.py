"""Every change to what is kept."""

import hashlib
import secrets

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.blobs import queries, vault
from cloud.blobs.models import Blob
from cloud.blobs.sealing import PIECE
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant

KEPT = "blobs.kept"


def put(session: Session, data: bytes, media_type: str) -> str:
    """Keep bytes that the cloud made itself (a thumbnail, a slice); their SHA-256. Again: nothing changes.

    Raises:
        OSError: the store is away.
    """
    digest = hashlib.sha256(data).hexdigest()
    if queries.find(session, digest) is None:
        place, chest = new_place(), vault.of(session).chest(session)
        for number, start in enumerate(range(0, len(data), PIECE)):
            chest.put(place, digest, number, data[start : start + PIECE])
        if not keep(session, digest, len(data), media_type, place):
            chest.drop(place)
    return digest


def keep(session: Session, sha256: str, size: int, media_type: str, place: str, gateway_id: int | None = None) -> bool:
    """Say that these bytes are kept, and tell everyone who waits; False where somebody else was first."""
    row = {"tenant_id": current_tenant(), "sha256": sha256, "bytes": size, "media_type": media_type}
    fresh = insert(Blob).values(**row, place=place, gateway_id=gateway_id).on_conflict_do_nothing().returning(Blob.id)
    if session.execute(fresh).first() is None:
        return False
    announce(session, Fact(topic=KEPT, tenant_id=current_tenant(), subject=sha256))
    return True


def new_place() -> str:
    """Where pieces will lie; nobody else's, ever."""
    return secrets.token_hex(16)
