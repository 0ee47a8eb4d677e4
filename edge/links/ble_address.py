"""Bluetooth LE links: ``ble://AA:BB:CC:DD:EE:FF?profile=blood_pressure`` and ``ble-serial://…?service=nus``.

Further words: ``adapter=hci1`` where there are several, ``bond=no`` for a device that cannot be paired (``bond=yes``
for a serial one that must be).
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from edge.links.base import LinkRefused
from protocols.gatt.profiles import PROFILES, STREAMS, long

EXAMPLE = "ble://AA:BB:CC:DD:EE:FF?profile=blood_pressure"
SERIAL_EXAMPLE = "ble-serial://AA:BB:CC:DD:EE:FF?service=nus"
KINDS = ("ble", "ble-serial")
_ADDRESS = re.compile(r"(?:[0-9A-F]{2}:){5}[0-9A-F]{2}\Z")
_WORDS = {
    "ble": {"profile": re.compile("|".join(PROFILES) + r"\Z")},
    "ble-serial": {"service": re.compile("|".join(STREAMS) + r"\Z")},
}
_BOTH = {"adapter": re.compile(r"hci\d{1,2}\Z"), "bond": re.compile(r"(yes|no)\Z")}


@dataclass(frozen=True, slots=True)
class BleAddress:
    """One device and what is wanted of it; ``wanted`` is a profile, or the service that carries a serial stream."""

    kind: Literal["ble", "ble-serial"]
    device: str
    wanted: str
    adapter: str | None = None
    bond: bool = True

    @classmethod
    def of(cls, url: str) -> "BleAddress":
        """From its text. Raises LinkRefused."""
        parts = urlsplit(url)
        words = dict(parse_qsl(parts.query, keep_blank_values=True))
        device = parts.netloc.upper()
        if parts.scheme not in KINDS or not _ADDRESS.match(device) or parts.path.strip("/"):
            raise _refused(url)
        known = {**_WORDS[parts.scheme], **_BOTH}
        if not all(word in known and known[word].fullmatch(said) for word, said in words.items()):
            raise _refused(url)
        if parts.scheme == "ble" and "profile" not in words:
            raise _refused(url)
        serial = parts.scheme == "ble-serial"
        wanted = words.get("service", "nus") if serial else words["profile"]
        bond = words.get("bond", "no" if serial else "yes") == "yes"
        return cls(parts.scheme, device, wanted, words.get("adapter"), bond)  # type: ignore[arg-type]

    @property
    def service(self) -> str | None:
        """The UUID that the device advertises; serial modules often advertise none."""
        return long(PROFILES[self.wanted].service) if self.kind == "ble" else None


def _refused(url: str) -> LinkRefused:
    profiles, services = ", ".join(PROFILES), ", ".join(STREAMS)
    hint = f"Write {EXAMPLE} (profiles: {profiles}) or {SERIAL_EXAMPLE} (services: {services})."
    return LinkRefused(f"{url!r} is not the address of a Bluetooth device.", hint, lasting=True)
