"""What a gateway says of itself, checked and given the names under which it is kept."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from protocols.envelope import Address, Malformed, decode
from protocols.envelope.figures import COUNTER_OF, GAUGE_OF, INSTRUMENT_OF, Figure
from protocols.envelope.vitals import Vitals

AHEAD, BEHIND = timedelta(minutes=5), timedelta(hours=26)  # a gateway keeps what it could not tell for a day
LARGEST = 1e15
INSTRUMENTS = 64
NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Look:
    """One look of one gateway.

    ``figures`` are values by name; those of an instrument are named ``frames_ok lens-1``, with its name behind a space.
    """

    tenant_id: int
    gateway_id: int
    address: Address
    at: datetime
    figures: dict[str, float]


def of(tenant_id: int, gateway_id: int, address: Address, payload: bytes, arrived_at: datetime) -> Look:
    """Read one. Raises Malformed, with a reason that quotes nothing of what was sent."""
    said = decode(Vitals, payload)
    figures = {**_named(said.gauges, GAUGE_OF), **_named(said.counters, COUNTER_OF), **_instruments(said)}
    if not figures:
        raise Malformed("there is no figure in it that is known here")
    return Look(tenant_id, gateway_id, address, moment(said, arrived_at), figures)


def _instruments(said: Vitals) -> dict[str, float]:
    if len(said.instruments) > INSTRUMENTS:
        raise Malformed("it speaks of too many instruments")
    found: dict[str, float] = {}
    for dev, counted in said.instruments.items():
        if not dev or len(dev) > NAME or not dev.isprintable() or "\\" in dev:
            raise Malformed("an instrument has a name that cannot be kept")
        found |= {f"{name} {dev}": value for name, value in _named(counted, INSTRUMENT_OF).items()}
    return found


def _named(values: dict[str, float], known: dict[str, Figure]) -> dict[str, float]:
    """Figures this cloud does not know yet are left out: a gateway may be newer."""
    found = {known[short].name: value for short, value in values.items() if short in known}
    if not all(math.isfinite(value) and abs(value) < LARGEST for value in found.values()):
        raise Malformed("a figure is no number that can be kept")
    return found


def moment(said: Vitals, arrived_at: datetime) -> datetime:
    """When it was, to the second; a time that cannot be (a clock not set yet) gives way to that of arrival."""
    try:
        at = datetime.fromisoformat(said.at)
    except ValueError:
        raise Malformed("at is no moment") from None
    if at.tzinfo is None or not arrived_at - BEHIND <= at <= arrived_at + AHEAD:
        at = arrived_at
    return at.astimezone(UTC).replace(microsecond=0)
