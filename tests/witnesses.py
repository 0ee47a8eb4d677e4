"""What a screen shows must stand in the record: two witnesses who share no code."""

import json
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from firmware_sim.instrument import PrintOut
from protocols.readings import Reading, to_json


def holds(told: Any, shown: Any) -> bool:
    """Whether what is in the record, as JSON, holds all that the screen showed."""
    if isinstance(shown, dict):
        return isinstance(told, dict) and all(key in told and holds(told[key], one) for key, one in shown.items())
    if isinstance(shown, list | tuple):
        return isinstance(told, list) and len(told) == len(shown) and all(map(holds, told, shown))
    return bool(told == shown)


def disagreements(out: PrintOut[Any], readings: Iterable[Reading]) -> list[tuple[Any, Any]]:
    """Reading and part of the screen, one for the other in order, wherever the record does not hold the screen."""
    records = [json.loads(to_json(reading)) for reading in readings]
    return [
        (told, shown) for told, shown in zip_longest(records, out.shown) if not (told and shown and holds(told, shown))
    ]
