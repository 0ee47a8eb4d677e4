"""Files that orders brought: taken in piece by piece, given out whole, forgotten in time."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.fleet.choices import BUNDLE_BYTES, BUNDLE_DAYS, LIVE, PIECES
from cloud.fleet.errors import NoSuchFile
from cloud.fleet.models import Bundle, Order
from cloud.kernel.clock import now
from cloud.kernel.tenancy import current_tenant
from protocols import envelope
from protocols.envelope.vitals import LogChunk


def take(session: Session, gateway_id: int, payload: bytes) -> None:
    """Keep a piece that a live order of this gateway brings; of anything else nothing. Raises envelope.Malformed."""
    chunk = envelope.decode(LogChunk, payload)
    if not 0 <= chunk.n < chunk.of <= PIECES:
        raise envelope.Malformed("the piece is not one of a file")
    mine = (Order.gateway_id == gateway_id) & (Order.command_id == chunk.id) & Order.state.in_(LIVE)
    order_id = session.scalar(select(Order.id).where(mine))
    if order_id is None:
        return
    forget(session)
    values = {"name": chunk.name[:120], "data": chunk.data, "sha256": hashlib.sha256(chunk.data).hexdigest()}
    row = {"tenant_id": current_tenant(), "order_id": order_id, "n": chunk.n, "of": chunk.of, **values}
    expires = now() + timedelta(days=BUNDLE_DAYS)
    session.execute(insert(Bundle).values(**row, expires_at=expires).on_conflict_do_nothing())


def forget(session: Session) -> None:
    """Let go of what has had its time, and of the oldest beyond the room there is."""
    session.execute(delete(Bundle).where(Bundle.expires_at <= now()))
    after = func.sum(func.length(Bundle.data)).over(order_by=Bundle.id.desc())
    sizes = select(Bundle.id, after.label("size")).subquery()
    beyond = select(sizes.c.id).where(sizes.c.size > BUNDLE_BYTES)
    session.execute(delete(Bundle).where(Bundle.id.in_(beyond)).execution_options(synchronize_session=False))


def whole(session: Session, order: Order) -> tuple[str, bytes]:
    """Name and content of the file of an order. Raises NoSuchFile where a piece is missing or not what was sent."""
    told = (order.result or {}).get("file") or {}
    pieces = session.scalars(select(Bundle).where(Bundle.order_id == order.id).order_by(Bundle.n)).all()
    data = b"".join(piece.data for piece in pieces)
    if not pieces or len(pieces) != pieces[0].of or hashlib.sha256(data).hexdigest() != told.get("sha256"):
        raise NoSuchFile(order.id)
    return pieces[0].name, data


def there(session: Session, orders: list[Order]) -> set[int]:
    """Orders of which a file is still kept."""
    mine = [one.id for one in orders]
    return set(session.scalars(select(Bundle.order_id).where(Bundle.order_id.in_(mine)).distinct())) if mine else set()
