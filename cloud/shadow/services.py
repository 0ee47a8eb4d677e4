"""Every change to what a gateway shall be, and what it says it became."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.fleet import services as fleet
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.kernel.facts import Fact, announce
from cloud.kernel.tenancy import current_tenant
from cloud.shadow import queries
from cloud.shadow.errors import Stale
from cloud.shadow.models import DesiredVersion, ReportedChange, Standing
from cloud.shadow.rules import changed, checked, plain
from protocols import envelope
from protocols.envelope.desired import Heard, Reported, Wanted

_WAKE = text(f"SELECT pg_notify('{fleet.ORDERS}', '')")  # the publisher of orders publishes documents as well


def want(
    session: Session,
    gateway_id: int,
    doc: Wanted | Mapping[str, Any],
    base_version: int,
    by: int | None,
    *,
    why: str = "",
    restored: int | None = None,
) -> DesiredVersion:
    """Let a gateway follow this document; it is published once this transaction is kept.

    ``base_version`` is the version the person had before them (0: none). ``by`` is None for a deed of the cloud itself.

    Raises:
        Stale: it is no longer the newest.
        Faulty: a key cannot be so, by place.
    """
    told = plain(checked(plain(doc) if isinstance(doc, Wanted) else doc))
    standing = _held(session, gateway_id)
    before = queries.desired(session, gateway_id)
    if standing.wanted != base_version:
        raise _stale(session, gateway_id, base_version, before)
    row = DesiredVersion(
        **{"gateway_id": gateway_id, "version": base_version + 1, "doc": told, "wanted_by": by},
        **{"why": why, "restored": restored},
    )
    session.add(row)
    standing.wanted = row.version
    session.flush()
    keys = changed(before.doc if before else {}, told)
    audit.note(session, by=by, verb="configured", kind="gateway", subject=gateway_id, version=row.version, keys=keys)
    _tell(session, gateway_id)
    session.execute(_WAKE)
    return row


def set_part(
    session: Session, gateway_id: int, key: str, value: Any, by: int | None, *, why: str = ""
) -> DesiredVersion:
    """Set one key (None: as the gateway's own file says) and leave the others as they are. Raises Faulty."""
    standing = _held(session, gateway_id)
    before = queries.desired(session, gateway_id)
    doc = dict(before.doc) if before else {}
    doc.pop(key, None)
    if value is not None:
        doc[key] = msgspec.to_builtins(value)
    return want(session, gateway_id, doc, standing.wanted, by, why=why)


def restore(session: Session, gateway_id: int, version: int, base_version: int, by: int) -> DesiredVersion:
    """Want again what was wanted before. Raises NoSuchVersion, Stale."""
    old = queries.desired(session, gateway_id, version)
    assert old is not None  # noqa: S101 - a version was named
    return want(session, gateway_id, old.doc, base_version, by, why="", restored=version)


def _stale(session: Session, gateway_id: int, base: int, newest: DesiredVersion | None) -> Stale:
    had = queries.desired(session, gateway_id, base) if newest and 0 < base < newest.version else None
    keys = changed(had.doc if had else {}, newest.doc if newest else {})
    if newest is None:
        return Stale(0, None, None, keys)
    return Stale(newest.version, newest.wanted_by, newest.wanted_at, keys)


def note(session: Session, gateway_id: int, payload: bytes) -> Heard | None:
    """Take in what a gateway says it is; what to answer once that is kept. Raises envelope.Malformed."""
    told = envelope.decode(Reported, payload)
    standing = _held(session, gateway_id)
    standing.heard_at = now()
    row = _row(gateway_id, told)
    if _differs(queries.reported(session, gateway_id), row):
        session.add(row)
        _tell(session, gateway_id)
    if told.doc.instruments is not None:
        fleet.retire(session, gateway_id, [one.name for one in told.doc.instruments])
    if told.asked < standing.wanted:  # the broker forgot it, or the box is a new one
        say_again(session, gateway_id)
    session.flush()
    return Heard(v=1, report=told.report) if told.report else None


def say_again(session: Session, gateway_id: int) -> None:
    """Publish the newest document once more: the gateway does not have it, or has another address now."""
    standing = _held(session, gateway_id)
    if standing.wanted:
        standing.published = 0
        session.flush()
        session.execute(_WAKE)


def published(session: Session, gateway_id: int, version: int) -> None:
    """The broker has it."""
    standing = _held(session, gateway_id)
    standing.published = max(standing.published, version)
    session.flush()


def _row(gateway_id: int, told: Reported) -> ReportedChange:
    return ReportedChange(
        **{"gateway_id": gateway_id, "version": told.version, "asked": told.asked, "state": told.state},
        **{"doc": plain(told.doc), "keys": msgspec.to_builtins(told.keys), "why": told.why},
        story=msgspec.to_builtins(told.story) if told.story else None,
        said_at=datetime.fromisoformat(told.at),
    )


def _differs(before: ReportedChange | None, after: ReportedChange) -> bool:
    names = ("version", "asked", "state", "doc", "keys", "why", "story")
    return before is None or any(getattr(before, name) != getattr(after, name) for name in names)


def _held(session: Session, gateway_id: int) -> Standing:
    """The gateway's standing, held until this transaction ends."""
    fresh = insert(Standing).values(tenant_id=current_tenant(), gateway_id=gateway_id, wanted=0, published=0)
    session.execute(fresh.on_conflict_do_nothing())
    query = select(Standing).where(Standing.gateway_id == gateway_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _tell(session: Session, gateway_id: int) -> None:
    announce(session, Fact(topic="shadow.gateway", tenant_id=current_tenant(), subject=str(gateway_id)))
