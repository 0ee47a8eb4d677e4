"""A shelf of Bluetooth devices that measure now and then, behind an adapter reached as HCI over TCP.

``python -m firmware_sim.gatt --hci 9931``: a Bluetooth host elsewhere (bumble at ``tcp-client:127.0.0.1:9931``)
finds a cuff, a glucose meter, a scale, a thermometer and an oximeter.
"""

import argparse
import asyncio
from contextlib import AsyncExitStack
from typing import Any

from firmware_sim.gatt.check_up import DEVICES
from firmware_sim.gatt.ether import Ether
from firmware_sim.gatt.peripheral import Peripheral

FIRST = 0xC00000000010


async def shelf(port: int, every: float) -> None:
    """Until cancelled."""
    ether = Ether()
    async with AsyncExitStack() as room:
        made = [await _device(room, ether, number, kind) for number, kind in enumerate(DEVICES.values())]
        await room.enter_async_context(ether.adapter(port))
        print(f"listening on tcp-server:127.0.0.1:{port}", flush=True)
        while True:
            for instrument in made:
                await instrument.measure()
                printed = await instrument.print()
                print(instrument.name, printed.raw.hex(), flush=True)
            await asyncio.sleep(every)


async def _device(room: AsyncExitStack, ether: Ether, number: int, kind: Any) -> Any:
    address = ":".join(f"{byte:02X}" for byte in (FIRST + number).to_bytes(6, "big"))
    wire = Peripheral(ether.station(kind.name, address), kind.profile)
    instrument = kind(wire, seed=number)
    await wire.switch_on(instrument.about())
    room.push_async_callback(wire.aclose)
    return instrument


def main() -> None:
    """Run the shelf."""
    parser = argparse.ArgumentParser(prog="python -m firmware_sim.gatt", description=__doc__)
    parser.add_argument("--hci", type=int, required=True, metavar="PORT")
    parser.add_argument("--every", type=float, default=60.0, metavar="S", help="seconds between measurements")
    told = parser.parse_args()
    asyncio.run(shelf(told.hci, told.every))


if __name__ == "__main__":
    main()
