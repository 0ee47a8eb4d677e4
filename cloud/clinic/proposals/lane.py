"""Who else sat in a lane today, and what is known of their eyes; asked only when a reading looks like another's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cloud.clinic import history
from cloud.clinic.powers import Pair
from cloud.clinic.proposals import beside, whose
from cloud.clinic.proposals.whose import Neighbours
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.readings import queries as stored
from cloud.readings.queries import Shown


class Lane:
    """Today's patients of a store's lanes, besides one."""

    def __init__(self, session: Session, besides: Sequence[int], since: datetime) -> None:
        self.session, self.besides, self.since = session, besides, since

    def __call__(self, shown: Shown) -> Neighbours:
        """Refractions, by name, of those who sat where this reading came from."""
        return lambda: self._refractions(shown.store_id, shown.lane)

    def _refractions(self, store_id: int, lane: str | None) -> Mapping[str, Sequence[Pair]]:
        here = stored.seated_since(self.session, store_id, lane, self.since)
        others = people.named(self.session, here - set(self.besides))
        return {whose.called(one): list(self._known(one.id)) for one in others.values()}

    def _known(self, patient_id: int) -> Iterator[Pair]:
        yield from whose.refractions_of(history.read(self.session, [patient_id], now()))
        for one in stored.captured(self.session, [patient_id], self.since):
            if (pair := beside.pair(one.reading)) is not None:
                yield pair
