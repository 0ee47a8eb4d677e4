"""Two processes: devices and an adapter in the one, the host and the gateway's link in the other; HCI between them."""

import asyncio
import sys

from edge.links.gatt import open_gatt
from firmware_sim.gatt.ether import distant
from tests.edge.links.bumble_backend import over

PROFILES = ("blood_pressure", "glucose", "weight", "thermometer", "oximeter")


async def said(process, count):
    lines = {}
    async with asyncio.timeout(30):
        while len(lines) < count:
            name, _, raw = (await process.stdout.readline()).decode().strip().rpartition(" ")
            if raw.startswith("47415454"):
                lines[name] = bytes.fromhex(raw)
    return list(lines.values())


async def test_devices_of_another_process_are_heard_over_hci(tmp_path, unused_tcp_port):
    words = ("-m", "firmware_sim.gatt", "--hci", str(unused_tcp_port), "--every", "600")
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    try:
        printed = await said(process, len(PROFILES))
        async with distant(unused_tcp_port) as host:
            await host.power_on()
            radio = over(host)
            addresses = [f"ble://C0:00:00:00:00:{0x10 + n:02X}?profile={one}" for n, one in enumerate(PROFILES)]
            links = [await open_gatt(url, tmp_path, radio) for url in addresses]
            async with asyncio.timeout(40):
                heard = [await anext(aiter(link)) for link in links]
            for link in links:
                await link.aclose()
            await host.power_off()
    finally:
        process.kill()
        await process.wait()
    assert heard == printed
