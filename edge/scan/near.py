"""Looks for a Bluetooth device of one profile and says, as a line of JSON, which it is; then it ends.

``python -m edge.scan.near URL SECONDS TAKEN…``: ``URL`` is where the instrument was, ``TAKEN`` where others are. A
process of its own, as the gateway's search among ports is.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from edge.links import LinkRefused
from edge.links.ble_address import BleAddress
from edge.links.nearby import Near, nearby

LOOK_S = 4.0


async def sought(url: str, seconds: float, taken: Sequence[str]) -> dict[str, Any]:
    """The strongest device of the profile that is nobody else's: ``port``, ``name``, ``line``; else ``why``, a list."""
    where, others = BleAddress.of(url), {BleAddress.of(one).device for one in taken if one.startswith("ble")}
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        try:
            heard = await nearby(min(LOOK_S, left))
        except LinkRefused as refusal:
            return {"why": [f"{refusal.what} {refusal.hint}"]}
        fits = (one for one in heard if one.profile == where.wanted and one.device not in others)
        if found := next(fits, None):
            return _told(where, url, found)
    return {"why": ["No device of this kind advertised. A telephone that knows it may keep it to itself."]}


def _told(where: BleAddress, url: str, found: Near) -> dict[str, Any]:
    """The same address with another device in it."""
    return {"port": f"{where.kind}://{found.device}?{urlsplit(url).query}", "name": found.name, "line": {}}


if __name__ == "__main__":
    _, wanted, patience, *places = sys.argv
    print(json.dumps(asyncio.run(sought(wanted, float(patience), places))))
