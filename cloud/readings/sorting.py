"""Takes a message apart, checks every row on its own, and makes a parcel of it.

One bad row never holds up its neighbours: it becomes a dead letter, and its number counts as handled.
"""

import base64
import hashlib
import re
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from cloud.readings.parcels import Dead, Parcel, Row, Sender
from protocols import envelope, readings
from protocols.envelope import Batch, Item
from protocols.envelope.messages import Positive

# A gateway whose clock is not disciplined may still be right; when its time and ours agree this closely
# at arrival, its time says truly who was in the chair.
AGREES = timedelta(seconds=5)
# What PostgreSQL can store and Python read back; a clock that is merely wrong is a doubt, not a dead letter.
YEARS = range(1970, 9999)
REASON = 200  # characters; a refusal quotes keys, and a key is as long as its sender likes
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_QUOTED = re.compile(r":? '.*'", re.DOTALL)


class _Loose(msgspec.Struct):
    """A batch whose rows are looked at one by one, because one of them spoils the whole."""

    v: Literal[1]
    epoch: Positive
    items: list[msgspec.Raw]


class _Numbered(msgspec.Struct):
    seq: Positive


def sort_results(sender: Sender, payload: bytes, arrived_at: datetime) -> Parcel:
    """Make a parcel of a batch of results."""
    parcel = Parcel(sender, arrived_at)
    try:
        batch = envelope.decode(Batch, payload)
    except envelope.Malformed as refusal:
        _sort_loosely(parcel, payload, refusal)
        return parcel
    parcel.epoch = batch.epoch
    for item in batch.items:
        _sort_item(parcel, batch.epoch, item, item)
    return parcel


def sort_again(sender: Sender, epoch: int | None, payload: bytes, arrived_at: datetime) -> Parcel:
    """Make a parcel of a dead letter: a row of the outbox ``epoch``, or a whole message (epoch None)."""
    if epoch is None:
        return sort_results(sender, payload, arrived_at)
    parcel = Parcel(sender, arrived_at, epoch)
    try:
        item = msgspec.json.decode(payload, type=Item)
    except msgspec.MsgspecError as wrong:
        parcel.dead.append(Dead(reason(wrong), payload, epoch, _number(msgspec.Raw(payload))))
    else:
        _sort_item(parcel, epoch, item, item)
    return parcel


def _sort_loosely(parcel: Parcel, payload: bytes, refusal: Exception) -> None:
    """A message that is no batch: take the rows that are good, settle those whose number can be made out."""
    try:
        loose = msgspec.json.decode(payload, type=_Loose)
    except msgspec.MsgspecError:
        parcel.dead.append(Dead(reason(refusal), payload))
        return
    parcel.epoch = loose.epoch
    for raw in loose.items:
        try:
            item = msgspec.json.decode(raw, type=Item)
        except msgspec.MsgspecError as wrong:
            parcel.dead.append(Dead(reason(wrong), bytes(raw), loose.epoch, _number(raw)))
        else:
            _sort_item(parcel, loose.epoch, item, raw)


def _number(raw: msgspec.Raw) -> int | None:
    try:
        return msgspec.json.decode(raw, type=_Numbered).seq
    except msgspec.MsgspecError:
        return None


def _sort_item(parcel: Parcel, epoch: int, item: Item, said: Any) -> None:
    try:
        if item.kind == "reading":
            shared, (told, order) = _shared(parcel, epoch, item), _reading(parcel, item)
            rows = parcel.ordered if order else parcel.readings
            rows.append(Row(item.seq, (*shared, *told, *order)))
        else:
            parcel.captures.append(Row(item.seq, (*_shared(parcel, epoch, item), *_capture(item))))
    except ValueError as refusal:  # both kinds of Malformed are one
        parcel.dead.append(Dead(reason(refusal), msgspec.json.encode(said), epoch, item.seq))


def reason(refusal: Exception) -> str:
    """The reason in one printable line; where it quotes what was sent, the quote is left out."""
    words = _QUOTED.sub("", str(refusal))
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:REASON]


def _shared(parcel: Parcel, epoch: int, item: Item) -> tuple[str, ...]:
    """Fields in the order of parcels.SHARED."""
    sender, clock = parcel.sender, item.clk
    return (
        *(f"{sender.gateway_id}", f"{sender.store_id}", f"{epoch}", f"{item.seq}", _moment(item), _named(item.boot)),
        *(f"{item.mono_ns}", clock.state, "" if clock.err_ms is None else f"{clock.err_ms}"),
        *(_named(item.dev), _plain(f"{item.drv} {item.drv_v}")),
    )


def _reading(parcel: Parcel, item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields in the order of parcels.READING, after the shared ones, and what ORDERED has beyond that, if anything."""
    reading = readings.from_json(item.body)
    if reading.reading_id is None or reading.schema is None:
        raise readings.Malformed("the reading carries no reading_id or no schema")
    named = (reading.patient_ref.id if reading.patient_ref else None) or ""
    if not _UUID.fullmatch(reading.reading_id):
        raise readings.Malformed("reading_id is no UUID")
    body = bytes(item.body).decode()
    told = (reading.reading_id, readings.kind(reading), _plain(named), str(_timely(parcel, item)), body)
    return told, _order(reading)


def _order(reading: readings.Reading) -> tuple[str, ...]:
    """Accession number and study UID as the instrument copied them, and the birth date it knows; empty without them."""
    order, patient = reading.order, reading.patient_ref
    named = (_plain((order.accession or "").strip()), _plain((order.study_uid or "").strip())) if order else ("", "")
    return (*named, _birth_date(patient.birth_date if patient else None)) if any(named) else ()


def _birth_date(said: str | None) -> str:
    """ISO or DICOM's eight digits; what is no day says nothing."""
    digits = (said or "").replace("-", "")
    try:
        return date.fromisoformat(digits).isoformat() if digits.isdecimal() and len(digits) == 8 else ""
    except ValueError:
        return ""


def _capture(item: Item) -> tuple[str, ...]:
    """Fields in the order of parcels.CAPTURE, after the shared ones."""
    capture = envelope.decode(envelope.Capture, item.body)
    is_blob = capture.media_type is not None and not capture.data  # its bytes are hashed where they arrive
    if is_blob and not _SHA256.fullmatch(capture.sha256):
        raise envelope.Malformed("the blob is named by no digest")
    if not is_blob and hashlib.sha256(capture.data).hexdigest() != capture.sha256:
        raise envelope.Malformed("the bytes of the capture do not have the digest it names")
    data, offset = base64.b64encode(capture.data).decode(), "" if capture.offset is None else str(capture.offset)
    return (capture.sha256, _named(capture.dialect), data, _plain(capture.why or ""), offset)


def _plain(words: str) -> str:
    """The text, perhaps empty, or a refusal: a control character would break the line on its way in."""
    if _CONTROL.search(words):
        raise ValueError("a name holds a control character")
    return words


def _named(words: str) -> str:
    """A name, which is there and printable, or a refusal."""
    if words:
        return _plain(words)
    raise ValueError("a name is empty")


def _moment(item: Item) -> str:
    """When the gateway heard it, or a refusal: PostgreSQL takes words for a time that no page can show."""
    moment = datetime.fromisoformat(item.ts_gw)
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError("ts_gw is no moment: it lacks a zone, or lies beyond any calendar")
    return _plain(item.ts_gw)  # fromisoformat reads over a NUL at the end


def _timely(parcel: Parcel, item: Item) -> bool:
    if item.clk.state == "synced":
        return True
    return abs(parcel.arrived_at - datetime.fromisoformat(item.ts_gw)) <= AGREES
