"""Questions about what gateways shall be and are."""

from collections.abc import Collection, Sequence

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import queries as fleet
from cloud.kernel.database import outside
from cloud.shadow.errors import NoSuchVersion
from cloud.shadow.models import DesiredVersion, ReportedChange, Standing
from cloud.shadow.rules import checked
from protocols import envelope
from protocols.envelope import Address
from protocols.envelope.desired import Desired, Wanted

PAGE = 10


def desired(session: Session, gateway_id: int, version: int | None = None) -> DesiredVersion | None:
    """The newest document, or a certain one. Raises NoSuchVersion."""
    mine = select(DesiredVersion).where(DesiredVersion.gateway_id == gateway_id)
    if version is None:
        return session.scalars(mine.order_by(DesiredVersion.version.desc()).limit(1)).first()
    found = session.scalars(mine.where(DesiredVersion.version == version)).first()
    if found is None:
        raise NoSuchVersion(version)
    return found


def wanted(session: Session, gateway_id: int) -> tuple[Wanted, int]:
    """What a gateway shall be, with its version; nothing and 0 where nobody wanted anything."""
    newest = desired(session, gateway_id)
    return (checked(newest.doc), newest.version) if newest else (Wanted(), 0)


def versions(session: Session, gateway_id: int, before: int | None = None) -> tuple[Sequence[DesiredVersion], bool]:
    """Documents, newest first, and whether there are older ones."""
    mine = select(DesiredVersion).where(DesiredVersion.gateway_id == gateway_id)
    older = mine.where(DesiredVersion.version < before) if before is not None else mine
    found = session.scalars(older.order_by(DesiredVersion.version.desc()).limit(PAGE + 1)).all()
    return found[:PAGE], len(found) > PAGE


def reported(session: Session, gateway_id: int) -> ReportedChange | None:
    """How a gateway says it is now."""
    mine = select(ReportedChange).where(ReportedChange.gateway_id == gateway_id)
    return session.scalars(mine.order_by(ReportedChange.id.desc()).limit(1)).first()


def reported_of(session: Session, gateway_ids: Collection[int]) -> dict[int, ReportedChange]:
    """The same of many, by gateway."""
    newest = select(func.max(ReportedChange.id)).where(ReportedChange.gateway_id.in_(gateway_ids))
    query = select(ReportedChange).where(ReportedChange.id.in_(newest.group_by(ReportedChange.gateway_id)))
    return {row.gateway_id: row for row in session.scalars(query)}


def history(session: Session, gateway_id: int, limit: int = PAGE) -> Sequence[ReportedChange]:
    """What it reported before, newest first."""
    mine = select(ReportedChange).where(ReportedChange.gateway_id == gateway_id)
    return session.scalars(mine.order_by(ReportedChange.id.desc()).limit(limit)).all()


def standing(session: Session, gateway_id: int) -> Standing | None:
    """Where its documents stand."""
    return session.scalars(select(Standing).where(Standing.gateway_id == gateway_id)).first()


def unpublished(engine: Engine) -> list[tuple[int, int]]:
    """Chain and gateway of every document the broker does not have yet, over all chains."""
    with outside(engine) as session:
        found = session.execute(text("SELECT * FROM shadow_unpublished()"))
        return [(row.tenant_id, row.gateway_id) for row in found]


def letter(session: Session, gateway_id: int) -> tuple[str, bytes, int] | None:
    """The newest document as it leaves: topic, message and version; None where the gateway may hear nothing."""
    newest, gateway = desired(session, gateway_id), fleet.gateway(session, gateway_id)
    if newest is None or gateway is None or gateway.status != "enrolled":
        return None
    address = Address(*accounts.slugs(session, gateway.store_id), gateway.slug)
    at = newest.wanted_at.isoformat().replace("+00:00", "Z")
    message = Desired(v=1, version=newest.version, at=at, doc=checked(newest.doc))
    return address.down("shadow"), envelope.encode(message), newest.version
