"""Orders about instruments: which ports there are, a driver begun anew."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.links import LinkRefused
from edge.links.opening import address
from edge.links.usb import Listing, UsbIdentity, comports, lasting_name, port_of
from edge.refusals import OrderRefused
from edge.supervisor.supervisor import Supervisor
from edge.uplink import Verb


def verbs(supervisor: Supervisor, listing: Listing = comports) -> Mapping[str, Verb]:
    """What can be ordered of a gateway's instruments and their ports."""

    async def list_ports(_: dict[str, Any]) -> dict[str, Any]:
        used = {keeper.settings.name: keeper.settings.url for keeper in supervisor.keepers}
        return {"ports": await asyncio.to_thread(ports, used, listing)}

    async def restart_driver(args: dict[str, Any]) -> dict[str, Any]:
        await supervisor.restart(_dev(args))
        return {"dev": _dev(args)}

    return {"list_ports": list_ports, "restart_driver": restart_driver}


def _dev(args: dict[str, Any]) -> str:
    if not isinstance(dev := args.get("dev"), str):
        raise OrderRefused("the order does not say which instrument")
    return dev


def ports(used: Mapping[str, str], listing: Listing = comports) -> list[dict[str, Any]]:
    """Serial ports of this machine as dicts of path, name, usb, serial and used_by; ``used`` is url by instrument."""
    plugged = sorted(listing(), key=lambda port: port.device)
    holders = {_place(url, listing): name for name, url in used.items()}
    found = [_port(port, holders, listing) for port in plugged]
    here = {Path(port.device).resolve() for port in plugged}
    rest = [(place, name) for place, name in holders.items() if place and Path(place).resolve() not in here]
    return found + [{"path": place, "used_by": name} for place, name in rest]


def _port(port: Any, holders: Mapping[str, str], listing: Listing) -> dict[str, Any]:
    who = UsbIdentity.seen(port)
    told = {
        "path": port.device,
        "name": lasting_name(port.device, listing),
        "usb": f"{who.vid:04x}:{who.pid:04x}" if who else None,
        "serial": who.serial if who else None,
        "used_by": holders.get(str(Path(port.device).resolve())),
    }
    return {key: value for key, value in told.items() if value is not None}


def _place(url: str, listing: Listing) -> str:
    """The device behind an address, or the address where it is no port of this machine."""
    try:
        kind, where = address(url)
        return str(Path(port_of(where, listing) if kind == "usb" else where).resolve()) if kind in LOCAL else url
    except LinkRefused:
        return url


LOCAL = ("serial", "usb")
