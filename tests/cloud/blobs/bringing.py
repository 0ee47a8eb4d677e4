"""A gateway as the blobs room sees it: it offers, gets its ticket, and brings pieces."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from cloud.blobs import telling, uploads
from cloud.blobs.models import Upload
from cloud.kernel.database import unit_of_work
from protocols import envelope
from protocols.envelope.blobs import Answer
from tests.cloud.blobs.rows_here import offer
from tests.cloud.people_here import Place

MIB = 1 << 20


@dataclass
class Gateway:
    """Of a place in the tests' world."""

    engine: Engine
    place: Place
    client: FlaskClient

    def offer(self, data: bytes, size: int | None = None) -> Answer:
        """Offer bytes and hear the answer, as ingest and publisher bring them about."""
        payload = offer(data)
        if size is not None:
            payload = payload.replace(f'"bytes":{len(data)}'.encode(), f'"bytes":{size}'.encode())
        with unit_of_work(self.engine, self.place.sender.tenant_id) as session:
            uploads.offered(session, self.place.sender.gateway_id, payload)
        return self.hear(digest(data))

    def hear(self, sha: str) -> Answer:
        """What it is told of a blob."""
        with unit_of_work(self.engine, self.place.sender.tenant_id) as session:
            asked = select(Upload.id).where(Upload.gateway_id == self.place.sender.gateway_id, Upload.sha256 == sha)
            upload_id = session.scalars(asked).one()
            found = telling.letter(session, upload_id, "https://cloud.example")
            assert found is not None
            telling.told(session, upload_id)
        topic, payload, _ = found
        assert topic == self.place.address.down("blob")
        return envelope.decode(Answer, payload)

    def patch(self, answer: Answer, offset: int, data: bytes, sha: str | None = None) -> Any:
        """Append."""
        headers = {"Authorization": f"Bearer {answer.ticket}", "Upload-Offset": str(offset)}
        return self.client.patch(f"/gateways/v1/blobs/{sha or answer.sha256}", headers=headers, data=data)

    def head(self, answer: Answer) -> Any:
        """Ask how far it is."""
        return self.client.head(
            f"/gateways/v1/blobs/{answer.sha256}", headers={"Authorization": f"Bearer {answer.ticket}"}
        )

    def bring(self, data: bytes) -> Any:
        """All of it at once."""
        answer = self.offer(data)
        return self.patch(answer, 0, data)


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()
