"""What was heard on the wires of a gateway when somebody asked it to listen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.fleet import bundles
from cloud.fleet.choices import LIVE
from cloud.fleet.errors import NoSuchFile
from cloud.fleet.models import Order

VERBS = ("capture", "sniff")
SHOWN = 5
FRAMES = 400  # of one recording; the whole of it is the order's file


@dataclass(frozen=True, slots=True)
class Frame:
    """Something that was said: seconds after the beginning, by whom, and the bytes."""

    at: float
    by: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """An order to listen with what came of it, as far as it has come."""

    order: Order
    frames: Sequence[Frame]
    more: bool
    remarks: Sequence[str]
    size: int | None

    @property
    def under_way(self) -> bool:
        """Whether the gateway still listens."""
        return self.order.state in LIVE


def heard(session: Session, gateway_id: int) -> list[Heard]:
    """The last orders to listen, the newest first."""
    mine = (Order.gateway_id == gateway_id, Order.verb.in_(VERBS), Order.patient_id.is_(None))
    query = select(Order).where(*mine).order_by(Order.id.desc()).limit(SHOWN)
    return [_one(session, order) for order in session.scalars(query).all()]


def _one(session: Session, order: Order) -> Heard:
    result: dict[str, Any] = order.result or {}
    entries = result.get("entries")
    if not isinstance(entries, list):
        entries = _of_file(session, order) if "file" in result else []
    found = list(frames(entries))
    remarks = result.get("remarks")
    said = [str(one)[:300] for one in remarks[:10]] if isinstance(remarks, list) else []
    size = result.get("bytes")
    return Heard(order, found[:FRAMES], len(found) > FRAMES, said, size if isinstance(size, int) else None)


def _of_file(session: Session, order: Order) -> list[Any]:
    try:
        _name, content = bundles.whole(session, order)
        return [msgspec.json.decode(line) for line in content.splitlines()[1:]]
    except (NoSuchFile, msgspec.DecodeError):
        return []


def frames(entries: Sequence[Any]) -> Iterator[Frame]:
    """Entries of a recording that hold bytes; what is not one is left out."""
    for one in entries:
        if isinstance(one, dict) and isinstance(one.get("hex"), str) and isinstance(one.get("t"), int | float):
            try:
                data = bytes.fromhex(one["hex"])
            except ValueError:
                continue
            yield Frame(float(one["t"]), "gateway" if one.get("by") == "gateway" else "instrument", data)
