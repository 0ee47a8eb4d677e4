"""The order ``to_phoropter``: readings for an instrument that takes them before a refraction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from edge.refusals import OrderRefused
from protocols.readings import Malformed, Reading, from_json


@dataclass(frozen=True, slots=True)
class Handed:
    """What was ``sent``; ``taken`` is false where an instrument is not known to give any sign of having it."""

    sent: tuple[str, ...]
    taken: bool


class Instruments(Protocol):
    """Where an instrument is found by its name."""

    async def send(self, dev: str, readings: Sequence[Reading], patient_id: str) -> Handed:
        """Hand readings to an instrument. Raises OrderRefused."""


async def to_phoropter(instruments: Instruments, args: dict[str, Any]) -> dict[str, Any]:
    """Carry the order out. ``args``: dev, patient_id, readings. Raises OrderRefused."""
    dev, patient_id, readings = args.get("dev"), args.get("patient_id") or "", args.get("readings")
    if not isinstance(dev, str) or not isinstance(patient_id, str) or not isinstance(readings, list):
        raise OrderRefused("the order does not say to which instrument, for whom and what")
    handed = await instruments.send(dev, [_reading(one) for one in readings], patient_id)
    return {"taken": handed.taken, "sent": list(handed.sent)}


def _reading(given: Any) -> Reading:
    try:
        return from_json(msgspec.json.encode(given))
    except Malformed as refusal:
        raise OrderRefused(f"a reading could not be understood: {refusal}") from None
