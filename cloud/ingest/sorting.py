"""Takes a message apart, checks every row on its own, and makes a parcel of it.

One bad row never holds up its neighbours: it becomes a dead letter, and its number counts as handled.
"""

import base64
import hashlib
from datetime import datetime, timedelta

import msgspec

from cloud.readings.parcels import Dead, Parcel, Row, Sender
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
            parcel.readings.append(Row(item.seq, (*_shared(parcel, epoch, item), *_reading(parcel, item))))
        else:
            parcel.captures.append(Row(item.seq, (*_shared(parcel, epoch, item), *_capture(item))))
    except (readings.Malformed, envelope.Malformed, ValueError) as refusal:
        parcel.dead.append(Dead(str(refusal), msgspec.json.encode(item), epoch, item.seq))


def _shared(parcel: Parcel, epoch: int, item: Item) -> tuple[str, ...]:
    """Fields in the order of parcels.SHARED."""
    sender, clock = parcel.sender, item.clk
    return (
        *(f"{sender.gateway_id}", f"{sender.store_id}", f"{epoch}", f"{item.seq}", item.ts_gw, _plain(item.boot)),
        *(f"{item.mono_ns}", clock.state, "" if clock.err_ms is None else f"{clock.err_ms}"),
        *(_plain(item.dev), _plain(f"{item.drv} {item.drv_v}")),
    )


def _reading(parcel: Parcel, item: Item) -> tuple[str, ...]:
    """Fields in the order of parcels.READING, after the shared ones."""
    reading = readings.from_json(item.body)
    if reading.reading_id is None or reading.schema is None:
        raise readings.Malformed("the reading carries no reading_id or no schema")
    named = (reading.patient_ref.id if reading.patient_ref else None) or ""
    body = bytes(item.body).decode()
    return (reading.reading_id, readings.kind(reading), _plain(named), str(_timely(parcel, item)), body)


def _capture(item: Item) -> tuple[str, ...]:
    """Fields in the order of parcels.CAPTURE, after the shared ones."""
    capture = envelope.decode(envelope.Capture, item.body)
    if hashlib.sha256(capture.data).hexdigest() != capture.sha256:
        raise envelope.Malformed("the bytes of the capture do not have the digest it names")
    data, offset = base64.b64encode(capture.data).decode(), "" if capture.offset is None else str(capture.offset)
    return (capture.sha256, _plain(capture.dialect), data, _plain(capture.why or ""), offset)


def _plain(words: str) -> str:
    """The text, or a refusal: a control character would break the line that carries it to the database."""
    if words.isprintable():
        return words
    raise ValueError("a name holds a control character")


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
