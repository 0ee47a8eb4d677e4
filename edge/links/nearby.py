"""Which Bluetooth devices are near: heard for a while, by name, with the profile they advertise."""

import asyncio
from typing import NamedTuple

from bleak import BleakScanner

from edge.links.radio import FAILURES, UNHEARD, refused
from protocols.gatt.profiles import PROFILES, STREAMS, long

PROFILE_OF = {long(profile.service): name for name, profile in PROFILES.items()}
STREAM_OF = {stream.service: name for name, stream in STREAMS.items()}


class Near(NamedTuple):
    """One device; ``url`` is its address as a link, absent where nothing it advertises is known here."""

    device: str
    name: str
    strength: int  # dBm
    url: str | None
    profile: str | None


async def nearby(seconds: float) -> list[Near]:
    """Everything heard within so long, strongest first. Raises LinkRefused when the adapter does not scan."""
    try:
        async with BleakScanner() as scanner:
            await asyncio.sleep(seconds)
            heard = list(scanner.discovered_devices_and_advertisement_data.values())
    except FAILURES as failure:
        raise refused(failure) from None
    found = [near(one.address.upper(), said.local_name, said.rssi, said.service_uuids) for one, said in heard]
    return sorted((one for one in found if one.strength != UNHEARD), key=lambda one: -one.strength)


def near(device: str, name: str | None, strength: int, services: list[str]) -> Near:
    """What an advertisement tells."""
    known = [service.lower() for service in services]
    profile = next((PROFILE_OF[one] for one in known if one in PROFILE_OF), None)
    stream = next((STREAM_OF[one] for one in known if one in STREAM_OF), None)
    url = f"ble://{device}?profile={profile}" if profile else None
    url = url or (f"ble-serial://{device}?service={stream}" if stream else None)
    return Near(device, name or "without a name", strength, url, profile)
