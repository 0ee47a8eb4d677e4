"""The bus: what pyusb asks of libusb, answered by simulated instruments."""

# ruff: noqa: D102 - the verbs are pyusb's and described there

import errno
from array import array
from collections.abc import Iterator
from typing import Any

import usb.core
from usb.backend import IBackend

from firmware_sim.usb.device import CONFIGURATION, Device

GET_DESCRIPTOR, STRING = 6, 3
ENGLISH = b"\x04\x03\x09\x04"


class Bus(IBackend):  # type: ignore[misc]
    """Sockets into which instruments are plugged; give it to pyusb as ``backend``."""

    def __init__(self) -> None:
        self._plugged: list[Device] = []
        self._addresses = 4
        self.forbidden = False  # as where no udev rule lets us in

    def plug(self, device: Device, port: int | None = None) -> None:
        """Into a port, the next free one unless told; whatever is plugged in gets an address it never had before."""
        self._addresses += 1
        device.address = self._addresses
        device.port = port or 1 + max((one.port for one in self._plugged), default=0)
        device.plug(True)
        self._plugged = [*self._plugged, device]

    def unplug(self, device: Device) -> None:
        """Pull it."""
        self._plugged = [one for one in self._plugged if one is not device]
        device.plug(False)

    def enumerate_devices(self) -> Iterator[Device]:
        return iter(self._plugged)

    def get_parent(self, dev: Device) -> None:
        return None

    def get_device_descriptor(self, dev: Device) -> Any:
        return dev.descriptor()

    def get_configuration_descriptor(self, dev: Device, config: int) -> Any:
        if config:
            raise IndexError(config)
        return dev.configuration()

    def get_interface_descriptor(self, dev: Device, intf: int, alt: int, config: int) -> Any:
        if alt:
            raise IndexError(alt)
        return dev.interface(intf)

    def get_endpoint_descriptor(self, dev: Device, ep: int, intf: int, alt: int, config: int) -> Any:
        return dev.endpoint(intf, ep)

    def open_device(self, dev: Device) -> Device:
        dev.here()
        if self.forbidden:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, errno.EACCES)
        return dev

    def close_device(self, dev_handle: Device) -> None:
        dev_handle.claimed.clear()

    def set_configuration(self, dev_handle: Device, config_value: int) -> None:
        dev_handle.here()

    def get_configuration(self, dev_handle: Device) -> int:
        dev_handle.here()
        return CONFIGURATION

    def claim_interface(self, dev_handle: Device, intf: int) -> None:
        dev_handle.here()
        if intf in dev_handle.kernel_has or intf in dev_handle.claimed:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        dev_handle.claimed.add(intf)

    def release_interface(self, dev_handle: Device, intf: int) -> None:
        dev_handle.here()
        dev_handle.claimed.discard(intf)

    def is_kernel_driver_active(self, dev_handle: Device, intf: int) -> bool:
        dev_handle.here()
        return intf in dev_handle.kernel_has

    def detach_kernel_driver(self, dev_handle: Device, intf: int) -> None:
        dev_handle.kernel_has.discard(intf)

    def attach_kernel_driver(self, dev_handle: Device, intf: int) -> None:
        dev_handle.here()
        dev_handle.kernel_has.add(intf)

    def bulk_read(self, dev_handle: Device, ep: int, intf: int, buff: "array[int]", timeout: int) -> int:
        return _filled(buff, dev_handle.read(ep, len(buff), timeout))

    intr_read = bulk_read

    def bulk_write(self, dev_handle: Device, ep: int, intf: int, data: "array[int]", timeout: int) -> int:
        return dev_handle.hear(bytes(data))

    intr_write = bulk_write

    def ctrl_transfer(
        self,
        dev_handle: Device,
        bmRequestType: int,  # noqa: N803 - pyusb's names
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data: "array[int]",
        timeout: int,
    ) -> int:
        """Strings only."""
        dev_handle.here()
        if (bRequest, wValue >> 8) != (GET_DESCRIPTOR, STRING):
            raise usb.core.USBError("Pipe error", -9, errno.EPIPE)
        text = dev_handle.strings[(wValue & 0xFF) - 1] if wValue & 0xFF else None
        said = bytes([2 + 2 * len(text), STRING]) + text.encode("utf-16-le") if text else ENGLISH
        return _filled(data, said[: len(data)])


def _filled(buff: "array[int]", said: bytes) -> int:
    buff[: len(said)] = array("B", said)
    return len(said)
