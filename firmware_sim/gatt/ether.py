"""The air between simulated radios: bumble controllers on one link in this process, and adapters reached over TCP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bumble.controller import Controller
from bumble.device import Device
from bumble.hci import Address
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink


class Ether:
    """Every station made here hears every other."""

    def __init__(self) -> None:
        self._link = LocalLink()  # type: ignore[no-untyped-call]

    def station(self, name: str, address: str) -> Device:
        """A radio with a host of its own in this process; switch it on."""
        controller = Controller(name, link=self._link)
        controller.random_address = Address(address)
        host = Host(controller, AsyncPipeSink(controller))
        return bonding(Device(name=name, address=Address(address), host=host))

    @asynccontextmanager
    async def adapter(self, port: int) -> AsyncIterator[Controller]:
        """An adapter without a host, as HCI over TCP on this port: for a host in another process."""
        async with await open_transport(f"tcp-server:127.0.0.1:{port}") as wire:
            yield Controller("adapter", host_source=wire.source, host_sink=wire.sink, link=self._link)


@asynccontextmanager
async def distant(port: int, name: str = "gateway", address: str = "C0:00:00:00:00:01") -> AsyncIterator[Device]:
    """A host here for the adapter that another process offers on this port."""
    async with await open_transport(f"tcp-client:127.0.0.1:{port}") as wire:
        yield bonding(Device.with_hci(name, Address(address), wire.source, wire.sink))


def bonding(device: Device) -> Device:
    """Remember bonds as long as the process lives."""
    device.keystore = MemoryKeyStore()
    return device
