"""How far a store's schedule has changed: what was worked out of it is good for as long as this stays the same."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

NOW = """
    SELECT store, coalesce(max(number) FILTER (WHERE kind = 'hours'), 0) AS hours,
           coalesce(max(number) FILTER (WHERE kind = 'types'), 0) AS types,
           EXISTS (SELECT FROM schedule_rule WHERE store_id = store AND effect IN ('only', 'not'))
           OR EXISTS (SELECT FROM schedule_block WHERE store_id = store AND types <> '{}' AND ended_at IS NULL)
           OR EXISTS (SELECT FROM schedule_quota WHERE store_id = store) AS special
    FROM unnest(CAST(:stores AS bigint[])) AS store
    LEFT JOIN schedule_version ON store_id = store OR store_id IS NULL GROUP BY store
"""


@dataclass(frozen=True)
class Now:
    """Counts of changes. ``special``: what is free depends on the type as well, by windows or quotas."""

    hours: int
    types: int
    special: bool


def now(session: Session, store_id: int) -> Now:
    """How a store's schedule stands. What is read after this is at least as new."""
    return of_all(session, [store_id])[store_id]


def of_all(session: Session, stores: Collection[int]) -> dict[int, Now]:
    """The same of several stores."""
    return {one.store: of_row(one) for one in session.execute(text(NOW), {"stores": list(stores)})}


def of_row(row: Row[Any]) -> Now:
    """What a row of NOW says; also of a longer statement it is a part of."""
    return Now(int(row.hours), int(row.types), row.special)
