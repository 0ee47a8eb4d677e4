"""Says, as a line of JSON, which Bluetooth devices with a known health profile are near; then it ends.

``python -m edge.scan.around PROFILE SECONDS TAKEN…``: ``any`` is every profile, ``TAKEN`` are addresses in use. It
listens until one is heard, and a little longer for its neighbours.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from edge.links import LinkRefused
from edge.links.ble_address import BleAddress
from edge.links.nearby import Near, nearby
from edge.scan.bluetooth import MODELS

LOOK_S = 4.0
ANY = "any"


async def around(wanted: str, seconds: float, taken: Sequence[str]) -> dict[str, Any]:
    """``found``, strongest first, and ``why``, what a person should know where nothing is."""
    others = {BleAddress.of(one).device for one in taken if one.startswith("ble")}
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    heard: dict[str, Near] = {}
    while (left := end - loop.time()) > 0:
        before = bool(heard)
        try:
            near = await nearby(min(LOOK_S, left))
        except LinkRefused as refusal:
            return {"found": [], "why": [f"{refusal.what} {refusal.hint}"]}
        heard |= {one.device: one for one in near if _fits(wanted, one) and one.device not in others}
        if before:
            break
    found = sorted(heard.values(), key=lambda one: -one.strength)
    return {"found": [{**one._asdict(), "model": MODELS[str(one.profile)]} for one in found], "why": []}


def _fits(wanted: str, one: Near) -> bool:
    return one.profile is not None and wanted in (ANY, one.profile)


if __name__ == "__main__":
    _, sought, patience, *places = sys.argv
    print(json.dumps(asyncio.run(around(sought, float(patience), places))))
