"""A row in every table of the imaging room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.blobs.models import Blob
from cloud.imaging import services
from cloud.imaging.models import Original, Rendition
from cloud.readings.models import Reading
from tests.cloud.people_here import Place, Someone

SHA = "ab" * 32


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table; the original's is made with the blob's."""
    where = {"place": "somewhere", "gateway_id": place.sender.gateway_id}
    session.add(Blob(sha256=SHA, bytes=3, media_type="application/dicom", **where))
    session.flush()
    original = session.scalars(select(Original).where(Original.sha256 == SHA)).one()
    told = {"kind": "thumbnail", "number": 0, "media_type": "image/webp", "width": 1, "height": 1}
    session.add(Rendition(original_id=original.id, sha256="cd" * 32, bytes=3, **told))
    reading = session.scalars(select(Reading.reading_id).limit(1)).one()
    services.mark(session, reading, [{"shape": "line", "points": [[0, 0], [1, 1]]}], [], frames=1, by=by.id)
