"""Serial adapters on USB by who they are, not by the number the kernel happened to give: ``usb:0403:6001:A1B2C3``.

ttyUSB0 is whichever adapter woke up first; two instruments swap names at a reboot and nothing shows it. Vendor,
product and serial number stay (hexadecimal, as lsusb shows them). Cheap adapters carry no serial number: one of them
is found by vendor and product alone, several only by the socket they are plugged into (/dev/serial/by-path).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edge.links.base import LinkRefused

EXAMPLE = "usb:0403:6001:A1B2C3, or with :if01 behind it for the second port of one adapter"
NUMBERED = re.compile(r"(?:serial:)?(/dev/tty(?:USB|ACM|XRUSB|AP)\d+)\Z")
NAMES = Path("/dev/serial")

_URL = re.compile(r"(?i:usb):([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(?!if\d\d\Z)([^:].*?))??(?::if(\d\d))?\Z")
_PLACE = re.compile(r":\d+\.(\d+)\Z")  # 1-1.2:1.0 is interface 0 of configuration 1


class Plugged(Protocol):
    """One serial port as pyserial lists it."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    location: str | None


Listing = Callable[[], Iterable[Plugged]]


def comports() -> Iterable[Plugged]:
    """What is plugged in now."""
    from serial.tools import list_ports

    found: Iterable[Plugged] = list_ports.comports()
    return found


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """Who an adapter is; ``interface`` counts from 0 where one adapter has several ports."""

    vid: int
    pid: int
    serial: str | None = None
    interface: int | None = None

    @classmethod
    def of(cls, url: str) -> "UsbIdentity":
        """From its address. Raises LinkRefused."""
        match = _URL.match(url)
        if match is None:
            raise LinkRefused(f"{url!r} is no identity of a USB adapter.", f"Write {EXAMPLE}.", lasting=True)
        return cls(int(match[1], 16), int(match[2], 16), match[3], int(match[4]) if match[4] else None)

    @classmethod
    def seen(cls, port: Plugged) -> "UsbIdentity | None":
        """Of a port, when it hangs on USB."""
        if port.vid is None or port.pid is None:
            return None
        place = _PLACE.search(port.location or "")
        return cls(port.vid, port.pid, port.serial_number or None, int(place[1]) if place else None)

    def fits(self, other: "UsbIdentity") -> bool:
        """Whether ``other`` is what this asks for; what is not asked does not matter."""
        return (
            (self.vid, self.pid) == (other.vid, other.pid)
            and self.serial in (None, other.serial)
            and self.interface in (None, other.interface)
        )

    def __str__(self) -> str:
        rest = [self.serial] if self.serial else []
        rest += [f"if{self.interface:02}"] if self.interface is not None else []
        return ":".join([f"usb:{self.vid:04x}:{self.pid:04x}", *rest])


def port_of(url: str, listing: Listing | None = None) -> str:
    """Where the adapter is plugged in now. Raises LinkRefused when it is not, or when several could be meant."""
    wanted, plugged = UsbIdentity.of(url), list((listing or comports)())
    found = [port.device for port in plugged if (who := UsbIdentity.seen(port)) and wanted.fits(who)]
    if len(found) > 1:
        hint = "Add the serial number, or use /dev/serial/by-path/… where the adapters carry none."
        raise LinkRefused(f"{len(found)} adapters fit {wanted}: {', '.join(sorted(found))}.", hint, lasting=True)
    if not found:
        here = ", ".join(sorted(str(who) for port in plugged if (who := UsbIdentity.seen(port)))) or "none"
        raise LinkRefused(f"The adapter {wanted} is not plugged in.", f"Plug it in. Adapters here now: {here}.")
    return found[0]


def lasting_name(device: str, listing: Listing | None = None, names: Path | None = None) -> str | None:
    """A name for a port that stays: by-id, else who the adapter is, else the socket it is plugged into."""
    by_id, by_path = (_link_to(device, (names or NAMES) / kind) for kind in ("by-id", "by-path"))
    ports = list((listing or comports)())
    who = next((UsbIdentity.seen(port) for port in ports if port.device == device), None)
    if who is None or len([port for port in ports if UsbIdentity.seen(port) == who]) > 1:
        return by_path if who else by_id or by_path  # two without a serial number: only the socket tells them apart
    return by_id or (str(who) if who.serial else by_path or str(who))


def _link_to(device: str, folder: Path) -> str | None:
    target = Path(device).resolve()
    return next((str(link) for link in sorted(folder.glob("*")) if link.resolve() == target), None)
