"""A row in every table of the messages room; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.messages import services
from cloud.messages.choices import Channel, Purpose
from cloud.messages.letters import File, Letter, To
from cloud.messages.models import Kept, Reply, Setting, Suppression
from tests.cloud.people_here import Place, Someone


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    to = To(Channel.PHONE, "+44 7700 900123", "Grace", "en")
    told = {"template": "code", "words": {"minutes": "10"}, "secret": {"code": "314159"}, "key": "row"}
    told |= {"patient_id": patient, "store_id": place.id, "about": "visit:0", "at": now()}
    one = services.write(session, Letter(to, Purpose.CODE, files=(File("a.txt", "text/plain", b"?"),), **told))
    number = {"channel": Channel.PHONE, "normalized": services.compared(Channel.PHONE, to.value)}
    session.add_all(
        [
            Suppression(**number, purposes=["marketing"], why="stop"),
            Setting(store_id=place.id, sender="The Pier"),
            Kept(letter_id=one, **number, body="a text"),
            Reply(**number, body="C", meaning="confirm", outcome="done", letter_id=one, by=by.id),
        ]
    )
    session.flush()
