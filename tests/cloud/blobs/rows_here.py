"""A row in every table of the blobs room, as its services make them; read by tests/cloud/rows.py."""

from hashlib import sha256

from sqlalchemy.orm import Session

from cloud.blobs import services, uploads
from protocols import envelope
from protocols.envelope.blobs import Offer
from tests.cloud.people_here import Place, Someone

BYTES = b"a picture of a cornea"


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    services.put(session, BYTES, "image/png")
    uploads.offered(session, place.sender.gateway_id, offer(b"another one"))


def offer(data: bytes, media_type: str = "application/dicom") -> bytes:
    """What a gateway says that has these bytes."""
    digest = sha256(data).hexdigest()
    return envelope.encode(Offer(sha256=digest, bytes=len(data), media_type=media_type))
