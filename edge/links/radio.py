"""The Bluetooth adapter, shared by all links over it: one scan that never ends, one connection attempt at a time.

Health devices advertise for a few seconds after a measurement and then sleep, so nobody can wait until a link asks. The
scan is begun anew every minute: when bluetoothd was restarted, the old one is silent for ever.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakDBusError, BleakError

from edge.links import bluez
from edge.links.base import LinkRefused

log = logging.getLogger("emmetra.links")

RESCAN_S = 60.0
CONNECT_S = 20.0
DISCONNECT_S = 5.0
UNHEARD = -127  # BlueZ tells of devices that it only remembers, without a strength
FAILURES = (BleakError, OSError, TimeoutError, EOFError)
NO_BLUETOOTH = ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner")
FORBIDDEN = ("org.freedesktop.DBus.Error.AccessDenied", "org.bluez.Error.NotPermitted")


@dataclass(eq=False)
class Watcher:
    """Somebody who waits for one device; ``lost`` is told when the adapter fails."""

    device: str
    service: str | None
    lost: Callable[[str], None]
    near: BLEDevice | None = None
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def sight(self) -> BLEDevice:
        """The device, as soon as it is heard again."""
        self.seen.clear()
        await self.seen.wait()
        assert self.near is not None  # noqa: S101 - set before the event
        return self.near


class Radio:
    """One adapter; ``scanner`` and ``client`` are bleak's, over whichever of its backends."""

    def __init__(
        self,
        adapter: str | None = None,
        scanner: Callable[..., BleakScanner] = BleakScanner,
        client: Callable[..., BleakClient] = BleakClient,
        let_go: Callable[[str], Awaitable[None]] = bluez.let_go,
    ) -> None:
        self._scanner, self._client, self._let_go = scanner, client, let_go
        self._bluez: dict[str, Any] = {"adapter": adapter} if adapter else {}
        self._watchers: set[Watcher] = set()
        self._changed = asyncio.Event()
        self._begun: asyncio.Future[None] | None = None
        self._scan: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()

    async def join(self, watcher: Watcher) -> None:
        """Listen for a device as well. Raises LinkRefused when the adapter does not scan."""
        with contextlib.suppress(*bluez.FAILURES):  # the scan says it in plain words
            await self._let_go(watcher.device)
        self._watchers.add(watcher)
        self._changed.set()
        if self._scan is None or self._scan.done():
            self._begun = asyncio.get_running_loop().create_future()
            self._scan = asyncio.create_task(self._listen(self._begun))
        assert self._begun is not None  # noqa: S101 - made with the task
        try:
            await asyncio.shield(self._begun)
        except BaseException:
            await self.leave(watcher)
            raise

    async def leave(self, watcher: Watcher) -> None:
        """No more; the last one switches the scan off."""
        self._watchers.discard(watcher)
        self._changed.set()
        if not self._watchers and self._scan is not None:
            scan, self._scan = self._scan, None
            scan.cancel()
            await asyncio.gather(scan, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def connected(self, device: BLEDevice, bond: bool, hung_up: Callable[[], None]) -> AsyncIterator[BleakClient]:
        """A connection, let go at the end. Raises what ``FAILURES`` lists."""
        gone: Callable[[BleakClient], None] = lambda _: hung_up()  # noqa: E731
        client = self._client(device, gone, timeout=CONNECT_S, pair=bond, bluez=self._bluez)
        try:
            async with self._connecting:
                await client.connect()
            yield client
        finally:
            with contextlib.suppress(*FAILURES):
                async with asyncio.timeout(DISCONNECT_S):
                    await client.disconnect()

    async def _listen(self, begun: asyncio.Future[None]) -> None:
        try:
            while self._watchers:  # asked as well as cancelled: a stack may swallow a cancellation
                self._changed.clear()
                async with self._scanner(self._seen, self._services(), bluez=self._bluez):
                    if not begun.done():
                        begun.set_result(None)
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(RESCAN_S):
                            await self._changed.wait()
        except FAILURES as failure:
            self._failed(refused(failure), begun)
        finally:
            begun.cancel()

    def _failed(self, refusal: LinkRefused, begun: asyncio.Future[None]) -> None:
        if not begun.done():
            begun.set_exception(refusal)
            begun.exception()  # seen, even when nobody waits any more
        for watcher in tuple(self._watchers):
            watcher.lost(refusal.what.rstrip("."))

    def _services(self) -> list[str] | None:
        """What to filter for; without a filter as soon as somebody's device may advertise nothing."""
        wanted = {watcher.service for watcher in self._watchers}
        return None if None in wanted else sorted(service for service in wanted if service)

    def _seen(self, device: BLEDevice, said: AdvertisementData) -> None:
        if said.rssi == UNHEARD:
            return
        for watcher in self._watchers:
            if watcher.device == device.address.upper():
                watcher.near = device
                watcher.seen.set()


_radios: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str | None, Radio]]" = WeakKeyDictionary()


def radio(adapter: str | None = None) -> Radio:
    """The one radio of an adapter in this loop."""
    radios = _radios.setdefault(asyncio.get_running_loop(), {})
    return radios.setdefault(adapter, Radio(adapter))


def refused(failure: BaseException) -> LinkRefused:
    """Why the adapter does not scan, and what to do."""
    code = failure.dbus_error if isinstance(failure, BleakDBusError) else ""
    if isinstance(failure, FileNotFoundError | ConnectionError) or code in NO_BLUETOOTH:
        return LinkRefused(
            "Bluetooth is not installed or not running here.", "`apt install bluez`, then start bluetooth."
        )
    if isinstance(failure, PermissionError) or code in FORBIDDEN:
        hint = "Add the gateway's user to the group bluetooth and restart."
        return LinkRefused("This user may not use Bluetooth.", hint, lasting=True)
    if code == "org.bluez.Error.NotReady" or "powered" in str(failure).lower():
        return LinkRefused("The Bluetooth adapter is switched off.", "`bluetoothctl power on`; see `rfkill list`.")
    hint = "Plug an adapter in, or check that it is not blocked: `rfkill list`."
    return LinkRefused(f"No Bluetooth adapter can be used ({plainly(failure)}).", hint)


def plainly(failure: BaseException) -> str:
    """What went wrong, in the stack's own few words."""
    if isinstance(failure, TimeoutError):
        return "it did not answer in time"
    if isinstance(failure, BleakDBusError):
        return failure.dbus_error_details or failure.dbus_error
    return str(failure).rstrip(".") or type(failure).__name__
