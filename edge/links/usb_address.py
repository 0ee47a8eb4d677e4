"""USB instruments that are no serial adapter: ``usb-bulk://VID:PID[:SERIAL]`` and ``usb-hid://VID:PID[:SERIAL]``.

Hexadecimal, as lsusb shows them; ``?interface=1`` where the endpoints lie on another interface than the first that
has such a pair. ``usb:VID:PID:SERIAL`` without slashes is a serial adapter and stays one.
"""

import re
from dataclasses import dataclass
from typing import Literal

from edge.links.base import LinkRefused

EXAMPLE = "usb-bulk://04d8:000a:A1B2C3 or usb-hid://0c45:7403"

_URL = re.compile(r"(?i:usb-(bulk|hid))://([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::([^:/?#]+))?/?(?:\?interface=(\d+))?\Z")


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """Who is meant and what kind of endpoint speaks: bulk, or interrupt (HID)."""

    kind: Literal["bulk", "hid"]
    vid: int
    pid: int
    serial: str | None = None
    interface: int | None = None

    @classmethod
    def of(cls, url: str) -> "UsbAddress":
        """From its address. Raises LinkRefused."""
        match = _URL.match(url)
        if match is None:
            raise LinkRefused(f"{url!r} is no address of a USB instrument.", f"Write {EXAMPLE}.", lasting=True)
        interface = int(match[5]) if match[5] else None
        kind: Literal["bulk", "hid"] = "bulk" if match[1].lower() == "bulk" else "hid"
        return cls(kind, int(match[2], 16), int(match[3], 16), match[4], interface)

    def __str__(self) -> str:
        return f"{self.vid:04x}:{self.pid:04x}" + (f":{self.serial}" if self.serial else "")
