"""A small practice to book in: two doctors, two lanes, a technician with an autorefractor, and a few types of visit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.booking import asking
from cloud.booking.asking import Ask
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from cloud.people import services as people
from cloud.schedule.choices import Channel, Effect, Kind, Who
from cloud.schedule.models import Need, Offered, Resource, Rule, Segment, Type
from tests.cloud.people_here import World

DAILY = list(range(7))
LISBON = ZoneInfo("Europe/Lisbon")


@dataclass
class Practice:
    """Numbers of what stands in chain one's store at the pier."""

    world: World
    store: int
    doctors: list[int]
    lanes: list[int]
    technician: int
    refractor: int
    check: int
    full: int
    patients: list[int]

    def ask(self, type_id: int | None = None, **told: object) -> Ask:
        """Somebody known wants a visit at the desk."""
        said = {"who": Who.EXISTING, "channel": Channel.DESK, **told}
        return Ask(self.store, type_id or self.check, **said)  # type: ignore[arg-type]

    @property
    def on(self) -> date:
        """A day some weeks ahead."""
        return (now() + timedelta(days=21)).date()

    def at(self, hour: int, minute: int = 0) -> datetime:
        """An instant of that day, by the store's wall clock."""
        return datetime(self.on.year, self.on.month, self.on.day, hour, minute, tzinfo=LISBON).astimezone(UTC)


def found(engine: Engine, world: World, patients: int = 2) -> Practice:
    """Make it, in the store at the pier of chain one."""
    with unit_of_work(engine, world.one) as session:
        store = world.pier.id
        doctors = [_resource(session, store, Kind.PERSON, f"Dr {name}", "doctor") for name in ("Ada", "Ben")]
        lanes = [_resource(session, store, Kind.ROOM, f"Lane {n}", "lane") for n in (1, 2)]
        technician = _resource(session, store, Kind.PERSON, "Tess", "technician")
        refractor = _resource(session, store, Kind.DEVICE, "ARK", "autorefractor")
        session.add(Rule(store_id=store, effect=Effect.OPEN, days=DAILY, starts=0, ends=1440))
        for one in (*doctors, *lanes, technician, refractor):
            session.add(Rule(store_id=store, resource_id=one, effect=Effect.OPEN, days=DAILY, starts=540, ends=720))
        check = kind(session, store, "check", 20, [(20, (0, 0), ["doctor", "lane"])])
        full = kind(
            session,
            store,
            "full",
            60,
            [(10, (0, 0), ["technician", "autorefractor"]), (20, (20, 30), ["doctor", "lane"])],
        )
        names = (people.register(session, record_number=f"P-{n}", family_name=f"Family {n}") for n in range(patients))
        return Practice(world, store, doctors, lanes, technician, refractor, check, full, [one.id for one in names])


def all_know_dr_ada(monkeypatch: pytest.MonkeyPatch, practice: Practice) -> Practice:
    """For tests that say who serves: everybody had the first doctor and the first lane at their last visit."""
    first = frozenset({practice.doctors[0], practice.lanes[0]})
    monkeypatch.setattr(asking, "last_served", lambda *_who: first)
    return practice


def _resource(session: Session, store: int, kind: Kind, name: str, *skills: str) -> int:
    one = Resource(store_id=store, kind=kind, name=name, skills=list(skills))
    session.add(one)
    session.flush()
    return one.id


def kind(
    session: Session, store: int, code: str, shown: int, segments: list[tuple[int, tuple[int, int], list[str]]]
) -> int:
    """A type with these segments: minutes, gap, skills."""
    one = Type(code=code, names={"en": code, "zh": code}, shown=shown, grid={"kind": "clock", "every": 20, "offset": 0})
    session.add(one)
    session.flush()
    for number, (minutes, (least, most), skills) in enumerate(segments):
        segment = Segment(type_id=one.id, number=number, names={}, minutes=minutes, gap_least=least, gap_most=most)
        session.add(segment)
        session.flush()
        session.add_all(Need(segment_id=segment.id, skill=skill) for skill in skills)
    session.add_all(Offered(type_id=one.id, store_id=store, channel=channel) for channel in Channel)
    session.flush()
    return one.id
