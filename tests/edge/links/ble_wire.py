"""A serial module on the radio, for the conformance suite."""

import contextlib

from edge.links.gatt_serial import open_ble_serial
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.uart import RadioWire
from tests.edge.links.bumble_backend import over

THERE = "C0:00:00:00:00:02"


class RadioFar:
    def __init__(self, wire):
        self.wire, self.pending, self.on = wire, b"", True

    async def write(self, data):
        await self.wire.write(data)

    async def read(self, count):
        while len(self.pending) < count:
            self.pending += await anext(aiter(self.wire))
        got, self.pending = self.pending[:count], self.pending[count:]
        return got

    async def aclose(self):
        if self.on:
            self.on = False
            await self.wire.aclose()


@contextlib.asynccontextmanager
async def module_on_air():
    ether = Ether()
    host = ether.station("gateway", "C0:00:00:00:00:01")
    await host.power_on()
    wire = RadioWire(ether.station("module", THERE), piece=200)
    await wire.switch_on()
    ours = await open_ble_serial(f"ble-serial://{THERE}", over(host))
    await wire.listened()
    far = RadioFar(wire)
    yield ours, far
    await ours.aclose()
    await far.aclose()
    await host.power_off()
