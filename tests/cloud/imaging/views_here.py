"""Who gets into the pages of the imaging room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.imaging import services
from cloud.imaging.models import Original
from deploy.demo.pictured import filed
from tests.cloud.imaging.pictures_here import photograph
from tests.cloud.people_here import World

LOOK = (303, 403, 403, 200, 404)  # clinicians of the chain, no reception and no engineer, nobody of another chain
DEED = (303, 403, 403, 303, 404)
P = "/patients/{grace}/pictures"
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "imaging.of_patient": ("GET", P, LOOK),
    "imaging.of_patient_part": ("GET", f"{P}/part", LOOK),
    "imaging.shown": ("GET", f"{P}/{{picture}}", LOOK),
    "imaging.told": ("GET", f"{P}/{{picture}}/state.json", LOOK),
    "imaging.rendition": ("GET", f"{P}/{{picture}}/thumbnail-0", LOOK),
    "imaging.headers": ("GET", f"{P}/{{picture}}/headers", LOOK),
    "imaging.original": ("GET", f"{P}/{{picture}}/original", LOOK),
    "imaging.save_marks": ("POST", f"{P}/{{picture}}/marks", (303, 403, 403, 422, 404)),  # no marks were sent
    "imaging.again": ("POST", f"{P}/{{picture}}/again", DEED),
    "imaging.space": ("GET", "/pictures/space", (303, 403, 403, 403, 403)),
    "imaging.viewer": ("GET", "/readings/{picture}/picture", (303, 403, 403, 303, 404)),
    "imaging.thumbnail": ("GET", "/readings/{picture}/thumbnail", LOOK),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """A picture of Grace's with what is derived of it."""
    [picture] = filed(session, world.pier.sender, world.grace, [photograph()], by=world.alice.id, first=7777)
    original = session.scalars(select(Original)).one()
    services.take(session, original.id)
    for kind, media_type in (("thumbnail", "image/webp"), ("headers", "application/json")):
        told = {"kind": kind, "number": 0, "media_type": media_type, "width": 1, "height": 1}
        services.keep(session, original.id, told, b"[]")
    services.end(session, original.id)
    return {"picture": picture}
