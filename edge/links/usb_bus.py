"""One USB instrument taken from the kernel and given back; everything here blocks. pyusb is imported here alone."""

import contextlib
import errno
from collections.abc import Callable, Iterator
from typing import Any

import usb.core
import usb.util
from usb.backend import IBackend

from edge.links.base import LinkLost, LinkRefused
from edge.links.usb_address import UsbAddress

READ_MS = 200  # how long closing may have to wait for a read
WRITE_MS = 5_000
HID, KEYBOARD = 3, 1
KINDS = {"bulk": usb.util.ENDPOINT_TYPE_BULK, "hid": usb.util.ENDPOINT_TYPE_INTR}
REFUSALS = {
    errno.EACCES: "Give the gateway's user this device by a udev rule (MODE 0660 and the gateway's group).",
    errno.EBUSY: "Another program holds it; end that program.",
    errno.ENODEV: "Plug it in again.",
}

Backend = Callable[[], IBackend | None]


def libusb() -> IBackend | None:
    """The libusb that came with the gateway, else the system's."""
    import libusb_package

    found: IBackend | None = libusb_package.get_libusb1_backend()
    return found


backend: Backend = libusb  # a simulated bus takes its place in tests


class Held:
    """An instrument whose interface is ours."""

    def __init__(self, device: Any, interface: int, ways: tuple[Any, Any | None], *, detached: bool) -> None:
        self._device, self._interface, self._detached = device, interface, detached
        self._in, self._out = ways

    def read(self) -> bytes:
        """What it said within ``READ_MS``, nothing if it said nothing. Raises LinkLost."""
        try:
            return bytes(self._in.read(self._in.wMaxPacketSize, READ_MS))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as failure:
            raise LinkLost(_gone(failure)) from None

    def write(self, data: bytes) -> None:
        """Say all of it. Raises LinkLost, also for an instrument that can only speak."""
        if self._out is None:
            raise LinkLost("the instrument has no endpoint that listens")
        rest = data
        try:
            while rest:
                rest = rest[self._out.write(rest, WRITE_MS) :]
        except usb.core.USBTimeoutError:
            raise LinkLost(f"the instrument took no data for {WRITE_MS // 1000} s") from None
        except usb.core.USBError as failure:
            raise LinkLost(_gone(failure)) from None

    def give_back(self) -> None:
        """Let it go; the kernel's driver, if there was one, has it again."""
        for deed in (lambda: usb.util.release_interface(self._device, self._interface), self._attach):
            with contextlib.suppress(usb.core.USBError, NotImplementedError):  # gone, or never known here
                deed()
        usb.util.dispose_resources(self._device)

    def _attach(self) -> None:
        if self._detached:
            self._device.attach_kernel_driver(self._interface)


def hold(where: UsbAddress, over: IBackend | None = None) -> Held:
    """Take an instrument. Raises LinkRefused."""
    device = _one(where, over or _backend())
    try:
        return _held(where, device)
    except usb.core.USBError as refusal:
        usb.util.dispose_resources(device)
        hint = REFUSALS.get(refusal.errno or 0, "Plug it out and in.")
        lasting = refusal.errno in (errno.EACCES, errno.EBUSY)
        raise LinkRefused(f"The USB instrument {where} cannot be used ({refusal}).", hint, lasting=lasting) from None
    except LinkRefused:
        usb.util.dispose_resources(device)
        raise


def _backend() -> IBackend:
    found = backend()
    if found is None:
        raise LinkRefused(
            "This machine lets us see no USB.", "In a container, pass /dev/bus/usb through.", lasting=True
        )
    return found


def _one(where: UsbAddress, over: IBackend) -> Any:
    try:
        devices = list(usb.core.find(find_all=True, idVendor=where.vid, idProduct=where.pid, backend=over))
        found = [one for one in devices if _fits(where.serial, one)]
    except usb.core.USBError as failure:
        raise LinkRefused(f"USB does not answer ({failure}).", "Plug the instrument out and in.") from None
    if len(found) > 1:
        hint = "Add the serial number; where they carry none, connect only one of them to this gateway."
        raise LinkRefused(f"{len(found)} USB instruments are {where}.", hint, lasting=True)
    if not found:
        raise LinkRefused(f"The USB instrument {where} is not plugged in.", "Plug it in and switch it on.")
    return found[0]


def _fits(serial: str | None, device: Any) -> bool:
    try:
        return serial is None or bool(device.iSerialNumber and device.serial_number == serial)
    except (usb.core.USBError, ValueError):
        return True  # one that tells no strings may not be opened, and trying it will say why


def _held(where: UsbAddress, device: Any) -> Held:
    interface, *ways = _ways(where, device)
    detached = _detached(device, interface)
    usb.util.claim_interface(device, interface)
    return Held(device, interface, (ways[0], ways[1]), detached=detached)


def _detached(device: Any, interface: int) -> bool:
    """A keyboard's letters would else be typed into whatever form is open."""
    try:
        if not device.is_kernel_driver_active(interface):
            return False
        device.detach_kernel_driver(interface)
    except NotImplementedError:  # not Linux
        return False
    return True


def _ways(where: UsbAddress, device: Any) -> tuple[int, Any, Any | None]:
    """Interface, endpoint that speaks, endpoint that listens. Raises LinkRefused."""
    found = next(_pairs(where, device), None)
    if found is None:
        hint = "Ask which interface its maker uses and add ?interface=N, or use the other kind of address."
        raise LinkRefused(f"The USB instrument {where} has no {where.kind} endpoint that speaks.", hint, lasting=True)
    return found


def _pairs(where: UsbAddress, device: Any) -> Iterator[tuple[int, Any, Any | None]]:
    """Those of the configuration in force; a keyboard's interface before a mouse's."""
    for one in sorted(device.get_active_configuration(), key=_rank):
        if where.interface in (None, one.bInterfaceNumber) and one.bAlternateSetting == 0:
            ends = [end for end in one if usb.util.endpoint_type(end.bmAttributes) == KINDS[where.kind]]
            says = [end for end in ends if usb.util.endpoint_direction(end.bEndpointAddress) == usb.util.ENDPOINT_IN]
            hears = [end for end in ends if end not in says]
            if says and (where.kind == "bulk" or one.bInterfaceClass == HID):
                yield one.bInterfaceNumber, says[0], hears[0] if hears else None


def _rank(interface: Any) -> tuple[bool, int]:
    return interface.bInterfaceProtocol != KEYBOARD, interface.bInterfaceNumber


def _gone(failure: Any) -> str:
    return "it was pulled out" if failure.errno in (errno.ENODEV, errno.EIO) else f"USB failed: {failure.strerror}"
