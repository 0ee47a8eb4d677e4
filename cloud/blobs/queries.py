"""Questions about blobs."""

import hashlib
from datetime import datetime

from sqlalchemy import Engine, TextClause, select, text
from sqlalchemy.orm import Session

from cloud.blobs.models import Blob, Upload
from cloud.kernel.database import outside

_OF_TICKET = text("SELECT * FROM blobs_of_ticket(:digest)")
_UNTOLD = text("SELECT * FROM blobs_untold()")
_STALE = text("SELECT * FROM blobs_stale(:before)")


def find(session: Session, sha256: str) -> Blob | None:
    """The blob of this chain with these bytes, if it is kept."""
    return session.scalars(select(Blob).where(Blob.sha256 == sha256)).one_or_none()


def place_of(engine: Engine, ticket: str) -> tuple[int, int] | None:
    """Chain and upload this ticket is for, over all chains."""
    return next(iter(_everywhere(engine, _OF_TICKET, digest=digest_of(ticket))), None)


def untold(engine: Engine) -> list[tuple[int, int]]:
    """Chain and upload of which a gateway is to be told, over all chains."""
    return _everywhere(engine, _UNTOLD)


def stale(engine: Engine, before: datetime) -> list[tuple[int, int]]:
    """Chain and upload that nobody touched since, over all chains."""
    return _everywhere(engine, _STALE, before=before)


def upload(session: Session, upload_id: int) -> Upload | None:
    """One upload of this chain."""
    return session.scalars(select(Upload).where(Upload.id == upload_id)).one_or_none()


def digest_of(ticket: str) -> bytes:
    """What is kept of a ticket."""
    return hashlib.sha256(ticket.encode()).digest()


def _everywhere(engine: Engine, statement: TextClause, **values: object) -> list[tuple[int, int]]:
    with outside(engine) as session:
        return [(row.tenant_id, row.upload_id) for row in session.execute(statement, values)]
