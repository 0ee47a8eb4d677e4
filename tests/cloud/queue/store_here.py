"""A store with its stations, and people who come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from cloud.queue.models import Desk, Station, Stay, Step
from tests.cloud.people_here import World


@dataclass
class Open:
    """Chain one's store at the pier; ``stations`` by sort."""

    engine: Engine
    world: World
    stations: dict[str, int]

    def work(self):
        """A transaction of chain one."""
        return unit_of_work(self.engine, self.world.one)

    def come(self, session: Session, code: str = "general", **told: object) -> tuple[Stay, Step]:
        """Somebody arrives."""
        kind = queries.kind(session, self.world.pier.id, code)
        day = queries.today(session, kind.store_id)  # an hour ago may have been yesterday
        stay, step, _token = services.arrive(session, kind, by=self.world.rosa.id, **{"day": day, **told})
        return stay, step

    def at_doctor(self, session: Session, *, minutes: int = 0, **told: object) -> int:
        """Somebody waits for the doctor since some minutes; the number of the step."""
        at = now() - timedelta(minutes=minutes)
        stay, step = self.come(session, at=at, **told)
        return services.transfer(session, inline(step, stay), self.stations["doctor"], by=self.world.rosa.id).id

    def step(self, session: Session, step_id: int) -> queries.InLine:
        """Read anew."""
        return queries.step(session, step_id, self.world.pier.id)

    def room(self, session: Session, number: int = 1, sort: str = "doctor") -> Desk:
        """A door of a station."""
        known = [one for one in queries.desks(session, [self.stations[sort]]) if one.number == number]
        made = Desk(station_id=self.stations[sort], names={"en": f"Room {number}"}, number=number)
        if not known:
            session.add(made)
            session.flush()
        return known[0] if known else made


def inline(step: Step, stay: Stay) -> queries.InLine:
    """As the queue hands them round."""
    return queries.InLine(step, stay)


def found(engine: Engine, world: World) -> Open:
    """Furnish the store."""
    with unit_of_work(engine, world.one) as session:
        made: list[Station] = services.furnish(session, world.pier.id)
        return Open(engine, world, {one.sort: one.id for one in made})


def minutes_ago(count: float) -> datetime:
    """A moment."""
    return now() - timedelta(minutes=count)
