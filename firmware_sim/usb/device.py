"""An instrument on the simulated bus: its descriptors, what it has to say, what it was told."""

import errno
import threading
from collections import deque
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import usb.core

BULK, INTERRUPT = 2, 3
IN = 0x80
CONFIGURATION = 1


@dataclass(frozen=True)
class Endpoint:
    """One pipe; ``address`` with bit 7 speaks to the host."""

    address: int
    kind: int
    size: int


@dataclass(frozen=True)
class Interface:
    """Class, subclass and protocol as in the descriptor."""

    triple: tuple[int, int, int]
    endpoints: tuple[Endpoint, ...]


class Device:
    """Thread-safe: pyusb reads in a thread of the gateway's, people press in another."""

    def __init__(self, vid: int, pid: int, strings: tuple[str, str, str | None], *interfaces: Interface) -> None:
        self.vid, self.pid, self.strings, self.interfaces = vid, pid, strings, interfaces
        self.plugged, self.mute = False, False
        self.address = self.port = 0  # on the bus it is plugged into
        self.kernel_has = {n for n, one in enumerate(interfaces) if one.triple[0] == 3}
        self.claimed: set[int] = set()
        self.heard: deque[bytes] = deque()
        self._said: dict[int, deque[bytes]] = {}
        self._changed = threading.Condition()

    def say(self, endpoint: int, data: bytes) -> None:
        """Put a packet where the host finds it; nobody hears it while the plug is out."""
        with self._changed:
            if self.plugged:
                self._said.setdefault(endpoint, deque()).append(data)
                self._changed.notify_all()

    def plug(self, plugged: bool) -> None:
        """In or out; what nobody fetched is gone, and the kernel has a keyboard first."""
        with self._changed:
            self.plugged = plugged
            self._said.clear()
            self.claimed.clear()
            self.kernel_has = {n for n, one in enumerate(self.interfaces) if one.triple[0] == 3}
            self._changed.notify_all()

    def read(self, endpoint: int, size: int, timeout_ms: int) -> bytes:
        """What the host gets. Raises USBTimeoutError, USBError as libusb does."""
        with self._changed:
            self.held()
            whose = self.address
            self._changed.wait_for(lambda: self.address != whose or self._is_ready(endpoint), timeout_ms / 1000)
            self.held()
            if not self._waiting(endpoint):
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            said = self._said[endpoint].popleft()
            if rest := said[size:]:
                self._said[endpoint].appendleft(rest)
            return said[:size]

    def hear(self, data: bytes) -> int:
        """What the host says. Raises USBTimeoutError, USBError."""
        with self._changed:
            self.held()
            if self.mute:
                raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            self.heard.append(data)
            self._changed.notify_all()
            return len(data)

    def here(self) -> None:
        """Raises USBError once the plug is out."""
        if not self.plugged:
            raise usb.core.USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)

    def held(self) -> None:
        """Raises USBError for a handle of before the plug was out: it stays dead though the plug is in again."""
        self.here()
        if not self.claimed:
            raise usb.core.USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)

    def _is_ready(self, endpoint: int) -> bool:
        return not self.plugged or self._waiting(endpoint)

    def _waiting(self, endpoint: int) -> bool:
        return bool(self._said.get(endpoint)) and not self.mute

    def descriptor(self) -> SimpleNamespace:
        """Of the device, with its address and the port it is in."""
        device = {"bcdUSB": 0x0110, "bDeviceClass": 0, "bDeviceSubClass": 0, "bDeviceProtocol": 0, "bMaxPacketSize0": 8}
        who = {"idVendor": self.vid, "idProduct": self.pid, "bcdDevice": 0x0100, "iManufacturer": 1, "iProduct": 2}
        rest = {"iSerialNumber": 3 if self.strings[2] else 0, "bNumConfigurations": 1, "bus": 1, "speed": 1}
        socket = {"address": self.address, "port_number": self.port, "port_numbers": (self.port,)}
        return _entry(1, 18, {**device, **who, **rest, **socket})

    def configuration(self) -> SimpleNamespace:
        """The only one."""
        many = len(self.interfaces)
        sizes = {"wTotalLength": 9 + 9 * many, "bNumInterfaces": many, "bMaxPower": 50}
        return _entry(2, 9, {**sizes, "bConfigurationValue": CONFIGURATION, "iConfiguration": 0, "bmAttributes": 0x80})

    def interface(self, number: int) -> SimpleNamespace:
        """One interface, without other settings. Raises IndexError."""
        one = self.interfaces[number]
        group, sub, protocol = one.triple
        kind = {"bInterfaceClass": group, "bInterfaceSubClass": sub, "bInterfaceProtocol": protocol, "iInterface": 0}
        ends = {"bInterfaceNumber": number, "bAlternateSetting": 0, "bNumEndpoints": len(one.endpoints)}
        return _entry(4, 9, {**kind, **ends})

    def endpoint(self, interface: int, number: int) -> SimpleNamespace:
        """One endpoint. Raises IndexError."""
        one = self.interfaces[interface].endpoints[number]
        pipe = {"bEndpointAddress": one.address, "bmAttributes": one.kind, "wMaxPacketSize": one.size}
        return _entry(5, 7, {**pipe, "bInterval": 10, "bRefresh": 0, "bSynchAddress": 0})


def _entry(kind: int, length: int, facts: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(bLength=length, bDescriptorType=kind, extra_descriptors=b"", **facts)
