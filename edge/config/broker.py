"""How the broker is reached: by the file, and by the papers of an enrolled gateway."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.config.complaints import Complaints
from edge.identity.papers import NAME, Identity
from edge.uplink.broker import BrokerSettings


def judge(said: Complaints, broker: dict[str, Any]) -> None:
    """What does not belong together."""
    if ("certificate" in broker) != ("key" in broker):
        said.say("broker", None, 0, "certificate and key belong together; write both or neither")
    if "ca" in broker and str(broker.get("url", "")).startswith("mqtt://"):
        said.say("broker", "ca", 0, "ca has no use without TLS; write url with mqtts://")


def settings(given: dict[str, Any], beside: Path, identity: Identity | None, data: Path) -> BrokerSettings:
    """What the file says; what it leaves out as the papers of an enrolled gateway say."""
    files = {key: beside / given[key] for key in ("ca", "certificate", "key") if key in given}
    url = given.get("url") or (identity.broker if identity else "")
    enrolled = identity is not None and "certificate" not in files and url.startswith("mqtts://")
    told = {key: given[key] for key in ("username", "password", "retry_s") if key in given}
    found = BrokerSettings(url, **told, **files)
    return _with_papers(found, identity, data) if identity is not None and enrolled else found


def _with_papers(broker: BrokerSettings, identity: Identity, data: Path) -> BrokerSettings:
    """The settings with the files of the papers in force, by the link that always shows them."""
    link = data / NAME
    return replace(
        broker,
        ca=broker.ca or link / "roots.pem",
        certificate=link / "certificate.pem",
        key=None if identity.key is None else link / "key.pem",
        token=identity.token,
        enrolled=True,
    )
