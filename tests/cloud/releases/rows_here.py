"""A row in every table of the releases room, as its services make them; read by tests/cloud/rows.py."""

from sqlalchemy.orm import Session

from cloud.releases import services
from cloud.releases.models import Release, Target
from cloud.releases.rules import Share
from tests.cloud.people_here import Place, Someone

ABOUT = {"soak_minutes": 60, "fail_percent": 5, "quiet_percent": 5}


def fill(session: Session, place: Place, by: Someone, patient: int) -> None:
    """One row in each table."""
    gateway = place.sender.gateway_id
    services.set_rings(session, [Share(None, frozenset({gateway})), Share(100)], by.id)
    release = Release(version="9.9", manifest_sha256="0" * 64, manifest=b"{}", signature=b"?")
    one = services.begin(session, release, url="https://cloud.example/x", **ABOUT, by=by.id)
    session.add(Target(rollout_id=one.id, gateway_id=gateway, ring=0, ran="emmetra 1.0", online=True))
    session.flush()
