"""Rows of the outbox as messages."""

import hashlib
from collections.abc import Sequence

import msgspec

from edge.outbox import Row
from protocols.envelope import Batch, Clock, Item, encode

_clock = msgspec.json.Decoder(Clock)


def batch(epoch: int, rows: Sequence[Row]) -> bytes:
    """A batch of rows, ready to publish."""
    return encode(Batch(v=1, epoch=epoch, items=[item(row) for row in rows]))


def item(row: Row) -> Item:
    """One row; its body is JSON already."""
    return Item(
        seq=row.seq,
        kind=row.kind,
        boot=row.boot,
        ts_gw=row.ts_gw,
        mono_ns=row.mono_ns,
        clk=_clock.decode(row.clk),
        dev=row.dev,
        drv=row.drv,
        drv_v=row.drv_v,
        body=msgspec.Raw(row.body),
    )


def sha256(data: bytes) -> str:
    """The name of raw bytes."""
    return hashlib.sha256(data).hexdigest()
