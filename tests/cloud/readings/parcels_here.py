"""An outbox as a gateway has one: numbers its rows, and makes batches and parcels of them."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from cloud.kernel.clock import now
from cloud.kernel.ids import uuid7
from cloud.readings.parcels import Parcel
from cloud.readings.sorting import sort_results
from tests.cloud.people_here import Place

_epochs, _moments = count(1), count(1_000)
RAW = b"\x01ARK\x02 what the instrument said \xff\x00\x03"


@dataclass(slots=True)
class Line:
    """A row of the outbox as JSON would have it; ``id`` is the reading's, when it is one."""

    item: dict[str, Any]
    id: UUID = field(default_factory=uuid7)

    @property
    def seq(self) -> int:
        return int(self.item["seq"])

    def but(self, **changes: Any) -> "Line":
        """The same row with other fields."""
        return Line({**self.item, **changes}, self.id)

    def saying(self, **changes: Any) -> "Line":
        """The same row with other things in its body."""
        return Line({**self.item, "body": {**self.item["body"], **changes}}, self.id)


@dataclass(slots=True)
class Outbox:
    """One epoch of one gateway."""

    place: Place
    epoch: int = field(default_factory=lambda: next(_epochs))
    at: datetime = field(default_factory=now)
    _seqs: Any = field(default_factory=lambda: count(1))

    def skip(self) -> int:
        """A row number that is used up and does not arrive."""
        return int(next(self._seqs))

    def reading(self, number: str | None = None, dev: str = "ar-1", **said: Any) -> Line:
        """An autorefraction, naming a record number or none."""
        identity = uuid7()
        body = {
            "kind": "autorefraction",
            "instrument": {"maker": "Northlight", "model": "AR-3", "dialect": "sample"},
            "integrity": {"checksum": "ok", "raw_sha256": hashlib.sha256(RAW).hexdigest()},
            "schema": "emmetra.reading/1",
            "reading_id": str(identity),
            "received_at": self.at.isoformat(),
            "right": {"sphere": "-1.75", "cylinder": "-0.50", "axis": 5, "confidence": 9},
            **({"patient_ref": {"id": number}} if number is not None else {}),
            **said,
        }
        return Line(self._item("reading", dev, body), identity)

    def capture(self, data: bytes = RAW, why: str | None = None) -> Line:
        """What the instrument said."""
        told = base64.b64encode(data).decode()
        body = {"sha256": hashlib.sha256(data).hexdigest(), "data": told, "dialect": "sample"}
        return Line(self._item("capture", "ar-1", body | ({"why": why} if why else {})))

    def _item(self, kind: str, dev: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            **{
                "seq": self.skip(),
                "kind": kind,
                "boot": "b-1",
                "ts_gw": self.at.isoformat(),
                "mono_ns": next(_moments),
            },
            **{"clk": {"state": "synced", "err_ms": 3}, "dev": dev, "drv": "nidek", "drv_v": "1", "body": body},
        }

    def batch(self, *lines: Line) -> bytes:
        """The message."""
        return json.dumps({"v": 1, "epoch": self.epoch, "items": [line.item for line in lines]}).encode()

    def parcel(self, *lines: Line) -> Parcel:
        """The message, sorted."""
        return sort_results(self.place.sender, self.batch(*lines), now())
