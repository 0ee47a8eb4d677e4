"""Takes a message apart, checks every row on its own, and makes a parcel of it.

One bad row never holds up its neighbours: it becomes a dead letter, and its number counts as handled.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from cloud.readings.parcels import CaptureRow, Dead, Parcel, ReadingRow, Sender
from protocols import envelope, readings
from protocols.envelope import Batch, Item

# A gateway whose clock is not disciplined may still be right; when its time and ours agree this closely
# at arrival, its time says truly who was in the chair.
AGREES = timedelta(seconds=5)


def sort_results(sender: Sender, payload: bytes, arrived_at: datetime) -> Parcel:
    """Make a parcel of a batch of results."""
    parcel = Parcel(sender, arrived_at)
    try:
        batch = envelope.decode(Batch, payload)
    except envelope.Malformed as refusal:
        _bury_whole(parcel, payload, str(refusal))
        return parcel
    parcel.epoch = batch.epoch
    for item in batch.items:
        _sort_item(parcel, batch.epoch, item)
    return parcel


def _sort_item(parcel: Parcel, epoch: int, item: Item) -> None:
    try:
        if item.kind == "reading":
            parcel.readings.append(_reading_row(parcel, epoch, item))
        else:
            parcel.captures.append(_capture_row(parcel, epoch, item))
    except (readings.Malformed, envelope.Malformed, ValueError) as refusal:
        parcel.dead.append(Dead(str(refusal), msgspec.json.encode(item), epoch, item.seq))


def _reading_row(parcel: Parcel, epoch: int, item: Item) -> ReadingRow:
    reading = readings.from_json(item.body)
    if reading.reading_id is None or reading.schema is None:
        raise readings.Malformed("the reading carries no reading_id or no schema")
    named = reading.patient_ref.id if reading.patient_ref else None
    return ReadingRow(
        **_shared(parcel, epoch, item),
        reading_id=reading.reading_id,
        kind=str(reading.__struct_config__.tag),
        record_number=named,
        timely=_timely(parcel, item),
        body=item.body,
    )


def _capture_row(parcel: Parcel, epoch: int, item: Item) -> CaptureRow:
    capture = envelope.decode(envelope.Capture, item.body)
    if hashlib.sha256(capture.data).hexdigest() != capture.sha256:
        raise envelope.Malformed("the bytes of the capture do not have the digest it names")
    return CaptureRow(
        **_shared(parcel, epoch, item),
        sha256=capture.sha256,
        dialect=capture.dialect,
        data=msgspec.to_builtins(capture.data),
        why=capture.why,
        offset_at=capture.offset,
    )


def _shared(parcel: Parcel, epoch: int, item: Item) -> dict[str, Any]:
    return {
        "gateway_id": parcel.sender.gateway_id,
        "store_id": parcel.sender.store_id,
        "epoch": epoch,
        "seq": item.seq,
        "captured_at": item.ts_gw,
        "boot": item.boot,
        "mono_ns": item.mono_ns,
        "clock": msgspec.Raw(msgspec.json.encode(item.clk)),
        "dev": item.dev,
        "driver": f"{item.drv} {item.drv_v}",
    }


def _timely(parcel: Parcel, item: Item) -> bool:
    if item.clk.state == "synced":
        return True
    return abs(parcel.arrived_at - datetime.fromisoformat(item.ts_gw)) <= AGREES


def _bury_whole(parcel: Parcel, payload: bytes, why: str) -> None:
    """A message that is no batch: settle the rows whose numbers can still be made out."""
    try:
        loose = msgspec.json.decode(payload)
        parcel.epoch = int(loose["epoch"])
        seqs = [int(item["seq"]) for item in loose["items"]]
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError):
        parcel.dead.append(Dead(why, payload))
        return
    for seq in seqs:
        parcel.dead.append(Dead(why, payload + b"\n" + str(seq).encode(), parcel.epoch, seq))
