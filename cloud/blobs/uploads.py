"""What gateways offer, piece by piece until it is kept; each step is one transaction and may be repeated."""

import hashlib
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.blobs import queries, vault
from cloud.blobs.choices import Stand
from cloud.blobs.errors import Damaged, NoTicket, TooLong, WrongOffset
from cloud.blobs.models import Upload
from cloud.blobs.reading import opened
from cloud.blobs.sealing import PIECE
from cloud.blobs.services import keep, new_place
from cloud.blobs.telling import tell
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from protocols import envelope
from protocols.envelope.blobs import REFUSED, Offer

PATIENCE = timedelta(days=14)  # an upload nobody goes on with for so long is thrown away


def offered(session: Session, gateway_id: int, payload: bytes) -> None:
    """A gateway has bytes; it is told whether they are wanted. Raises envelope.Malformed.

    While somebody works on this upload it is not told anything, and nobody waits: it asks again.
    """
    offer = envelope.decode(Offer, payload)
    upload = _begun(session, gateway_id, offer)
    if upload is None:
        return
    if queries.find(session, offer.sha256) is not None and not upload.received:
        upload.state = Stand.KEPT  # pieces that were brought before another was first wait to be thrown away
    tell(session, upload)


def admitted(session: Session, upload_id: int, sha256: str) -> Upload:
    """The upload a ticket is for. Raises NoTicket: it is over, or for other bytes."""
    upload = queries.upload(session, upload_id)
    if upload is None or upload.sha256 != sha256 or upload.expires_at is None or upload.expires_at < now():
        raise NoTicket
    return upload


def append(session: Session, upload_id: int, offset: int, data: bytes) -> int:
    """Seal and keep the next 1 MiB, or what is left; how many bytes are there now.

    Raises:
        NoTicket: the upload is over.
        WrongOffset: it stands elsewhere.
        TooLong: more than was offered.
        OSError: the store is away.
    """
    upload = _held(session, upload_id)
    if upload.received != offset:
        raise WrongOffset(upload.received)
    if offset + len(data) > upload.bytes:
        raise TooLong
    vault.of(session).chest(session).put(upload.place, upload.sha256, offset // PIECE, data)
    upload.received, upload.touched_at = offset + len(data), now()
    session.flush()
    return upload.received


def finish(session: Session, upload_id: int) -> Stand:
    """Hash what is stored; it is kept if it is what was offered, and thrown away otherwise.

    Raises:
        NoTicket: the upload is over.
        OSError: the store is away.
    """
    upload = _held(session, upload_id)
    if upload.state != Stand.ARRIVING or upload.received != upload.bytes:
        return Stand(upload.state)
    chest = vault.of(session).chest(session)
    try:
        right = _hashed(chest, upload) == upload.sha256
    except Damaged:  # the store lost or spoilt a piece: not the gateway's fault, it begins anew
        _begin_anew(chest, upload)
        session.flush()
        return Stand.ARRIVING
    if right and _kept(session, upload):
        upload.state = Stand.KEPT
    else:
        chest.drop(upload.place)
        upload.state, upload.why = (Stand.KEPT, None) if right else (Stand.REFUSED, REFUSED)
    tell(session, upload)
    return Stand(upload.state)


def throw_away(session: Session, upload_id: int) -> None:
    """Forget an upload that nobody goes on with."""
    upload = _held(session, upload_id)
    if upload.state == Stand.ARRIVING:
        vault.of(session).chest(session).drop(upload.place)
    session.delete(upload)
    session.flush()


def _begun(session: Session, gateway_id: int, offer: Offer) -> Upload | None:
    row = {"tenant_id": current_tenant(), "gateway_id": gateway_id, "sha256": offer.sha256}
    what = {"bytes": offer.bytes, "media_type": offer.media_type, "place": new_place(), "received": 0}
    fresh = insert(Upload).values(**row, **what, state=Stand.ARRIVING, due=True)
    session.execute(fresh.on_conflict_do_nothing())
    mine = select(Upload).where(Upload.gateway_id == gateway_id, Upload.sha256 == offer.sha256)
    free = mine.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(free).one_or_none()


def _held(session: Session, upload_id: int) -> Upload:
    """The upload, in our hands until this transaction ends: two never write the same piece. Raises NoTicket."""
    query = select(Upload).where(Upload.id == upload_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoTicket
    return found


def _hashed(chest: vault.Chest, upload: Upload) -> str:
    digest = hashlib.sha256()
    for piece in opened(chest, upload, 0, upload.bytes):
        digest.update(piece)
    return digest.hexdigest()


def _kept(session: Session, upload: Upload) -> bool:
    return keep(session, upload.sha256, upload.bytes, upload.media_type, upload.place, upload.gateway_id)


def _begin_anew(chest: vault.Chest, upload: Upload) -> None:
    chest.drop(upload.place)
    upload.place, upload.received = new_place(), 0
