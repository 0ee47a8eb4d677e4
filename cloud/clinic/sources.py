"""The names that marks of provenance speak of, gathered in three questions however long the record is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.clinic.choices import Origin
from cloud.clinic.models import Encounter
from cloud.clinic.sheet import Item, Sheet
from cloud.clinic.wording import Sources
from cloud.readings import queries as readings


def of(session: Session, sheets: Iterable[Sheet], staff: Iterable[int] = ()) -> Sources:
    """What the marks of these sheets need, and the names of ``staff`` besides."""
    items = [item for sheet in sheets for item in sheet.values()]
    return Sources(
        accounts.names(session, {item.changed_by for item in items} | set(staff)),
        readings.instruments(session, {found for item in items if (found := _reading(item))}),
        _visits(session, {int(item.source) for item in items if _is_copy(item) and item.source}),
    )


def _is_copy(item: Item) -> bool:
    return item.origin is Origin.COPIED and (item.source or "").isdigit()


def _reading(item: Item) -> UUID | None:
    if item.origin is not Origin.DEVICE and item.device_value is None:
        return None
    try:
        return UUID(item.source or "")
    except ValueError:
        return None


def _visits(session: Session, ids: set[int]) -> Mapping[str, datetime]:
    query = select(Encounter.id, Encounter.began_at).where(Encounter.id.in_(ids))
    return {str(row.id): row.began_at for row in session.execute(query)} if ids else {}
