"""A store whose doors are open: visits of today, a kiosk, and whoever comes in."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from cloud.arrival import kiosks
from cloud.booking import links, listing, services
from cloud.booking.choices import Purpose
from cloud.kernel.clock import now
from cloud.people.models import Patient
from cloud.queue import queries
from cloud.queue.models import Kind, Stay
from tests.cloud.booking.practice_here import kind
from tests.cloud.people_here import World
from tests.cloud.queue.store_here import Open, found

BORN = date(1980, 5, 4)


@dataclass
class Doors:
    """The store at the pier; ``kiosk`` is the token of its kiosk, ``check`` a type of visit."""

    app: Flask
    engine: Engine
    world: World
    store: Open
    kiosk: str
    check: int

    def work(self):
        return self.store.work()

    def booked(self, patient: int | None = None, at: datetime | None = None, store: int | None = None) -> int:
        """A visit, within minutes where no time is said."""
        with self.work() as session:
            return book(session, self.check, store or self.world.pier.id, patient or self.world.grace, at)

    def link(self, visit: int) -> str:
        with self.work() as session:
            one = listing.one(session, visit)
            return links.make(session, Purpose.MANAGE, visit_id=visit, until=one.ends_at + timedelta(days=1))

    def state(self, visit: int) -> str:
        with self.work() as session:
            return listing.one(session, visit).state

    def stays(self) -> list[Stay]:
        with self.work() as session:
            return list(session.scalars(select(Stay).order_by(Stay.id)))

    def kind(self, code: str, **told: object) -> Kind:
        """A kind of registration, changed."""
        with self.work() as session:
            one = queries.kind(session, self.world.pier.id, code)
            for name, value in told.items():
                setattr(one, name, value)
            session.flush()
            return one

    def person(self, patient: int, **told: object) -> None:
        with self.work() as session:
            one = session.scalars(select(Patient).where(Patient.id == patient)).one()
            for name, value in told.items():
                setattr(one, name, value)

    def browser(self) -> "Visitor":
        return Visitor(self.app.test_client())


@dataclass
class Visitor:
    """Somebody without a session: reads a page, sends its form back."""

    client: FlaskClient
    page: str = ""

    def read(self, address: str) -> TestResponse:
        answer = self.client.get(address, follow_redirects=True)
        self.page = answer.get_data(as_text=True)
        return answer

    def send(self, address: str, **entered: object) -> TestResponse:
        """With the stamp of the page that was read."""
        stamp = re.search(r'name="stamp" value="([^"]+)"', self.page)
        told = {"stamp": stamp[1] if stamp else "", **entered}
        answer = self.client.post(address, data=told, follow_redirects=True)
        self.page = answer.get_data(as_text=True)
        return answer


def opened(app: Flask, engine: Engine, world: World) -> Doors:
    """Furnish the store; Grace was born on BORN and has a telephone."""
    store = found(engine, world)
    with store.work() as session:
        check = kind(session, world.pier.id, "arrival-check", 20, [(20, (0, 0), ["doctor"])])
        _screen, token = kiosks.open_(session, world.pier.id, "At the door", world.olivia.id)
    doors = Doors(app, engine, world, store, token, check)
    doors.person(world.grace, birth_date=BORN, phone="+351 910 555 1234")
    return doors


def book(session: Session, type_id: int, store: int, patient: int, at: datetime | None = None) -> int:
    """A visit of today as a row: its times are nobody's business here."""
    begins = at or soon()
    about = {"who": "existing", "channel": "desk"}
    visit = services.new_visit(store, type_id, patient, begins, begins + timedelta(minutes=20), **about)
    session.add(visit)
    session.flush()
    return visit.id


def soon() -> datetime:
    """About now, on today's day by the store's clock."""
    return now()
