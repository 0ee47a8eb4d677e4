"""Which batches of a group carry a trace, and since when they were on their way."""

from collections.abc import Iterable
from datetime import datetime

from cloud.readings.parcels import Parcel, Row
from cloud.telemetry.tracing import Traced
from protocols.envelope import Address

MOMENT, CLOCK = 4, 7  # places in parcels.SHARED


def of(group: Iterable[tuple[Address, str | None, Parcel]]) -> list[Traced]:
    """The traced ones, from address, traceparent and rows."""
    return [
        Traced(trace, str(address), parcel.arrived_at, _heard_at(parcel), len(parcel.rows))
        for address, trace, parcel in group
        if trace is not None
    ]


def _heard_at(parcel: Parcel) -> datetime | None:
    """When its first row was heard, where the gateway's clock could be believed."""
    rows: list[Row] = sorted((*parcel.captures, *parcel.readings, *parcel.ordered), key=lambda row: row.seq)
    if not rows or rows[0].fields[CLOCK] != "synced":
        return None
    return datetime.fromisoformat(rows[0].fields[MOMENT])
