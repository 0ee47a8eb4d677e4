"""What a chain's pictures and files take, by store and by kind: for whoever pays for the room."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.fleet import queries as fleet
from cloud.imaging import queries
from cloud.imaging.choices import Sort
from cloud.imaging.queries import Taken
from cloud.kernel.clock import now

LATELY = timedelta(days=30)
BEGINS = {"image/": Sort.PHOTOGRAPH, "video/": Sort.FILM, "text/": Sort.TABLE}
WHOLE = {"application/dicom": Sort.DICOM, "application/pdf": Sort.DOCUMENT}


@dataclass(slots=True)
class Row:
    """Bytes by kind; ``name`` is a store's, empty for what is of none."""

    name: str = ""
    sorts: Counter[Sort] = field(default_factory=Counter)
    count: int = 0
    bytes: int = 0
    lately: int = 0

    def add(self, one: Taken) -> None:
        """One more gateway or media type."""
        self.sorts[sort_of(one.media_type)] += one.bytes
        self.count, self.bytes, self.lately = self.count + one.count, self.bytes + one.bytes, self.lately + one.lately


@dataclass(frozen=True, slots=True)
class Space:
    """Stores, the largest first; what was derived, for itself; and all of it together."""

    stores: list[Row]
    derived: Row
    whole: Row

    @property
    def sorts(self) -> list[Sort]:
        """Kinds that there are."""
        return [one for one in Sort if any(row.sorts[one] for row in self.stores)]


def of_chain(session: Session) -> Space:
    """All a chain takes."""
    found = queries.taken(session, now() - LATELY)
    derived, whole = Row(), Row()
    for one in found:
        whole.add(one)
        if one.derived:
            derived.add(one)
    return Space(sorted(_stores(session, found), key=lambda row: -row.bytes), derived, whole)


def _stores(session: Session, found: list[Taken]) -> Iterator[Row]:
    where = {one.id: one.store_id for one in fleet.gateways(session)}
    names = accounts.store_names(session, set(where.values()))
    rows: dict[int | None, Row] = {}
    for one in found:
        if not one.derived:
            store_id = where.get(one.gateway_id) if one.gateway_id else None
            rows.setdefault(store_id, Row(names.get(store_id, "") if store_id else "")).add(one)
    yield from rows.values()


def sort_of(media_type: str) -> Sort:
    """What kind of file that is, for a person."""
    begins = next((sort for begin, sort in BEGINS.items() if media_type.startswith(begin)), Sort.OTHER)
    return WHOLE.get(media_type, begins)
