"""All ports of a gateway at once."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from edge.discovery import known
from edge.links.usb import comports, lasting_name
from edge.scan.ear import Ear, Tell
from edge.scan.hearing import Judgement
from edge.scan.lines import to_try
from edge.scan.naming import Found


class Scanned(NamedTuple):
    """One port: who speaks there, or why that is not known."""

    port: str
    found: Found | None
    why: Judgement


def ports_here(taken: Iterable[str] = ()) -> list[str]:
    """Every serial port of this machine by its lasting name, without those already spoken for."""
    spoken_for = {Path(one).resolve() for one in taken} | {Path(one) for one in taken}
    found = [(Path(port.device), lasting_name(port.device) or port.device) for port in comports()]
    return [name for device, name in found if not {device, Path(name)} & spoken_for]


async def scan(ports: Sequence[str], seconds: float, tell: Tell) -> list[Scanned]:
    """Listen on all of them; as soon as one is named it is told."""
    lines = to_try(known().values())
    return list(await asyncio.gather(*(_one(Ear(port, list(lines), tell), seconds, tell) for port in ports)))


async def _one(ear: Ear, seconds: float, tell: Tell) -> Scanned:
    found = await ear.listen(seconds)
    if found:
        tell(f"{ear.port}: {found.name}")
    return Scanned(ear.port, found, ear.why)
