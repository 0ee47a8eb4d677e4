"""Who gets into the pages of the releases room; read by tests/cloud/test_views.py."""

from typing import Any

from sqlalchemy.orm import Session

from cloud.releases import services
from cloud.releases.models import Release
from tests.cloud.people_here import World
from tests.cloud.releases.rows_here import ABOUT

ALL_OF_OURS = (303, 200, 200, 200, 404)
SEE = (303, 200, 200, 200, 200)
# endpoint: method, address, answers to nobody, reception, engineer, clinician, another chain's clinician
VIEWS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "releases.releases": ("GET", "/fleet/releases", SEE),
    "releases.add": ("POST", "/fleet/releases", (303, 403, 422, 403, 403)),
    "releases.begin": ("POST", "/fleet/releases/{no_release}/roll-out", (303, 403, 404, 403, 403)),
    "releases.rollout": ("GET", "/fleet/roll-outs/{rollout}", ALL_OF_OURS),
    "releases.part": ("GET", "/fleet/roll-outs/{rollout}/part", ALL_OF_OURS),
    "releases.steer": ("POST", "/fleet/roll-outs/{rollout}/pause", (303, 403, 303, 403, 403)),
    "releases.rings": ("GET", "/fleet/rings", SEE),
    "releases.set_rings": ("POST", "/fleet/rings", (303, 403, 422, 403, 403)),
    "releases.gateway": ("GET", "/fleet/{gateway}/software", ALL_OF_OURS),
    "releases.choose": ("POST", "/fleet/{gateway}/software", (303, 403, 404, 403, 403)),
    "releases_gateways.part": ("GET", "/gateways/v1/releases/{digest}", (404,) * 5),
}


def places(session: Session, world: World) -> dict[str, Any]:
    """What stands in the addresses above: rows of chain one."""
    release = Release(version="9.9", manifest_sha256="0" * 64, manifest=b"{}", signature=b"?")
    one = services.begin(session, release, url="https://cloud.example/x", **ABOUT, by=world.omar.id)
    return {"rollout": one.id, "no_release": 10**12, "digest": "f" * 64, "gateway": world.pier.sender.gateway_id}
