"""What a gateway is told of the blobs it offered; the publisher of orders brings it to the broker."""

import secrets
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.blobs import queries
from cloud.blobs.choices import Stand
from cloud.blobs.models import Upload
from cloud.fleet import queries as fleet
from cloud.fleet import services
from cloud.kernel.clock import now
from protocols import envelope
from protocols.envelope import Address
from protocols.envelope.blobs import Answer

GOOD_FOR = timedelta(hours=6)
PATH = "/gateways/v1/blobs/"
_WAKE = text(f"SELECT pg_notify('{services.ORDERS}', '')")  # the publisher of orders publishes these as well


def tell(session: Session, upload: Upload) -> None:
    """The gateway is to be told where this stands, once this transaction is kept."""
    upload.due, upload.touched_at = True, now()
    session.flush()
    session.execute(_WAKE)


def letter(session: Session, upload_id: int, cloud: str) -> tuple[str, bytes, int] | None:
    """Topic, message and seconds it is good for; None where another process has it, or there is nobody to tell.

    ``cloud`` is the address gateways know the cloud by; without one they take the one of their papers. A ticket is
    made here and known to nobody but its gateway afterwards; the one before is good no more.
    """
    mine = select(Upload).where(Upload.id == upload_id, Upload.due).with_for_update(skip_locked=True)
    upload = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if upload is None:
        return None
    gateway = fleet.gateway(session, upload.gateway_id)
    if gateway is None or gateway.status != "enrolled":
        upload.due = False
        return None
    address = Address(*accounts.slugs(session, gateway.store_id), gateway.slug)
    return address.down("blob"), envelope.encode(_answer(session, upload, cloud)), int(GOOD_FOR.total_seconds())


def told(session: Session, upload_id: int) -> None:
    """The broker has it; what is over is forgotten."""
    upload = session.scalars(select(Upload).where(Upload.id == upload_id)).one()
    upload.due = False
    if upload.state != Stand.ARRIVING:
        session.delete(upload)
    session.flush()


def _answer(session: Session, upload: Upload, cloud: str) -> Answer:
    if upload.state == Stand.REFUSED:
        return Answer(sha256=upload.sha256, state="no", why=upload.why)
    if queries.find(session, upload.sha256) is not None:
        return Answer(sha256=upload.sha256, state="have")
    url = f"{cloud.rstrip('/')}{PATH}{upload.sha256}"
    return Answer(sha256=upload.sha256, state="send", url=url, ticket=_ticket(upload), offset=upload.received)


def _ticket(upload: Upload) -> str:
    ticket = secrets.token_urlsafe(32)
    upload.ticket, upload.expires_at = queries.digest_of(ticket), now() + GOOD_FOR
    return ticket
