"""What stands signed of a patient before a visit: fetched once, and only when somebody asks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from cloud.clinic import queries, sheet
from cloud.clinic.choices import Act
from cloud.clinic.models import Encounter, Observation, Version
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet

# Three visits tell a slip from a trend; a history of twenty years is read on its own pages.
DEPTH = 3
ELEMENTS = (
    *("autorefraction", "manifest", "cycloplegic", "trial_frame", "final", "dispensed", "glasses"),
    *("visual_acuity", "iop", "target_iop", "pachymetry", "keratometry", "biometry", "pd", "near"),
    *("phoria", "npc", "accommodation", "aca", "vergence"),
)


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier visit, as far as its elements were asked for."""

    encounter_id: int
    began_at: datetime
    sheet: Sheet


class History:
    """Earlier visits, newest first."""

    def __init__(self, visits: Sequence[Past] = ()) -> None:
        self.visits = tuple(visits)

    def last(self, *elements: str) -> Past | None:
        """The newest visit that has one of these elements."""
        return next((past for past in self.visits if any(place.element in elements for place in past.sheet)), None)

    def item(self, place: Place) -> tuple[Item, Past] | None:
        """What stood last at a place and could be read."""
        found = ((past.sheet.get(place), past) for past in self.visits)
        return next(((item, past) for item, past in found if item is not None and item.value is not None), None)

    def with_element(self, element: str) -> Iterator[Past]:
        """Every visit that has the element."""
        return (past for past in self.visits if past.sheet.instances(element))


def read(
    session: Session, patient_ids: Collection[int] | Select[int], before: datetime, elements: Collection[str] = ELEMENTS
) -> History:
    """The newest three signed visits of each element, in one question; retracted records are left out."""
    rank = func.dense_rank().over(
        partition_by=Observation.element, order_by=(Encounter.began_at.desc(), Encounter.id.desc())
    )
    ranked = (
        select(Observation, Encounter.began_at, rank.label("rank"))
        .select_from(Observation)
        .join(Version, (Version.id == Observation.version_id) & queries.newest())
        .join(Encounter, Encounter.id == Observation.encounter_id)
        .where(Observation.patient_id.in_(patient_ids), Observation.element.in_(elements))
        .where(Encounter.began_at < before, Version.act != Act.RETRACTED.value)
        .subquery()
    )
    row = aliased(Observation, ranked)
    query = select(row, ranked.c.began_at).where(ranked.c.rank <= DEPTH)
    order = (ranked.c.began_at.desc(), ranked.c.encounter_id.desc(), ranked.c.id)
    return _visits(session.execute(query.order_by(*order)))


def _visits(found: Iterable[Row[Observation, datetime]]) -> History:
    rows: dict[tuple[int, datetime], list[Observation]] = {}
    for row, began_at in found:
        rows.setdefault((row.encounter_id, began_at), []).append(row)
    return History([Past(one, at, sheet.of_observations(some)) for (one, at), some in rows.items()])
