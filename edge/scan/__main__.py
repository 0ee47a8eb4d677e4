"""Looks for one family on several ports and says, as a line of JSON, where it speaks; then it ends.

``python -m edge.scan FAMILY SECONDS PORT…``: a process of its own, because it loads every dialect there is, which a
gateway of four instruments has no room for.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from edge.discovery import known
from edge.scan.ear import Ear
from edge.scan.lines import to_try
from edge.scan.naming import Found
from edge.tasks import stop


async def sought(family: str, seconds: float, ports: Sequence[str]) -> dict[str, Any]:
    """The first port on which the family is recognised: ``port``, ``name``, ``line``; else ``why``, a list."""
    lines = to_try(known().values())
    ears = [Ear(port, list(lines)) for port in ports]
    tasks = [asyncio.ensure_future(_listened(ear, seconds)) for ear in ears]
    others = []
    try:
        for done in asyncio.as_completed(tasks):
            port, found = await done
            if found and found.manifest.family == family:
                return {"port": port, "name": found.name, "line": _line(found)}
            others += [f"{port}: {found.name}"] if found else []
    finally:
        await stop(*tasks)
    return {"why": others or [f"{ear.port}: {ear.why.what} {ear.why.do}" for ear in ears]}


async def _listened(ear: Ear, seconds: float) -> tuple[str, Found | None]:
    return ear.port, await ear.listen(seconds)


def _line(found: Found) -> dict[str, Any]:
    line = found.line
    return {} if line is None else {"baud": line.baud, "bits": line.bits, "parity": line.parity}


if __name__ == "__main__":
    _, wanted, patience, *places = sys.argv
    print(json.dumps(asyncio.run(sought(wanted, float(patience), places))))
