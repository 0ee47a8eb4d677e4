"""Who gets into the pages of the messages room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.messages import models, services
from cloud.messages.choices import State
from cloud.messages.services import Channel, Letter, Purpose, To
from tests.cloud.messages.letters_here import WORDS
from tests.cloud.people_here import World

OPEN, OF_OURS, NOBODYS = (303, 200, 403, 200, 200), (303, 200, 403, 200, 404), (303, 404, 403, 404, 404)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "messages.letters": ("GET", "/messages", OPEN),
    "messages.letters_part": ("GET", "/messages/part", OPEN),
    "messages.letter": ("GET", "/messages/{told}", OF_OURS),
    "messages.again": ("POST", "/messages/{told}/again", (303, 303, 403, 303, 404)),
    "messages.of_patient": ("GET", "/patients/{grace}/messages", OF_OURS),
    "messages.of_patient_part": ("GET", "/patients/{grace}/messages/part", OF_OURS),
    "messages.manner": ("GET", "/messages/manner", (303, 403, 403, 403, 403)),
    "messages.set_manner": ("POST", "/messages/manner", (303, 403, 403, 403, 403)),
    "messages.phones": ("GET", "/messages/phones", NOBODYS),
    "messages.phones_part": ("GET", "/messages/phones/part", NOBODYS),
    "messages.answer": ("POST", "/messages/phones", NOBODYS),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    to = To(Channel.EMAIL, "okafor@example.test", "<b>Okafor</b>", "en")
    words = WORDS | {"preparation": "<i>Bring</i> them", "patient": "Okafor"}
    about = {"patient_id": world.grace, "store_id": world.pier.id, "about": "visit:9", "secret": {"link": "/b/hidden"}}
    told = services.write(session, Letter(to, Purpose.CARE, "visit_confirmed", words, "here", **about))
    row = session.get_one(models.Letter, (world.one, told))
    row.state, row.why = State.DOUBTFUL, "not_confirmed"
    return {"told": told}
