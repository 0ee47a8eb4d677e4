"""The entrance: who comes is registered at the desk's page, or is known by their appointment."""

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from deploy.morning.client import Client, Lost
from deploy.morning.log import WAITS, Deed
from deploy.morning.people import BOOKED, EMERGENCY, Person
from deploy.morning.staff import SETTLED, TRY_AGAIN, Day

TICKET = re.compile(r'class="ticket-large">([A-Z]\d{3})<')


class Entrance(threading.Thread):
    """Everybody comes in at their time. ``begun`` is the morning's first moment."""

    def __init__(self, day: Day, client: Client, engine: Engine, chain: int) -> None:
        super().__init__(name="entrance", daemon=True)
        self.day, self.client, self.begun = day, client, time.monotonic()
        self._engine, self._chain = engine, chain

    def run(self) -> None:
        """One after the other."""
        try:
            for person in self.day.people:
                time.sleep(max(0.0, self.begun + person.comes - time.monotonic()))
                self._welcome(person)
        except Exception as wrong:
            self.day.trouble.append(f"{self.name}: {type(wrong).__name__} {wrong}"[:200])

    def _welcome(self, person: Person) -> None:
        with self.day.ways.act() as away:
            (self._take_in_away if away else self._take_in)(person)

    def _take_in_away(self, person: Person) -> None:
        """At the gateway's page, which knows whole minutes and nobody who comes before others by a word."""
        with self.day.log.deed("arrive", self.name, moves=((person.begins, WAITS),), away=True) as deed:
            due, typed = datetime.now(self.day.founded.zone) + timedelta(seconds=person.due or 0), ""
            if person.due is not None:
                typed, due = f"{due:%H:%M}", due.replace(second=0, microsecond=0)
            deed.ticket = person.ticket = self.day.box.come(person.kind, typed)
            person.priority = 2 if person.kind == EMERGENCY else 0
        if person.due is not None:
            person.due = (due - datetime.now(self.day.founded.zone)).total_seconds()

    def _take_in(self, person: Person) -> None:
        with self.day.log.deed("arrive", self.name, moves=((person.begins, WAITS),)) as deed:
            way: Callable[[Person, Deed], str] = self._booked if person.kind == BOOKED else self._registered
            deed.ticket = person.ticket = way(person, deed)

    def _booked(self, person: Person, _deed: Deed) -> str:
        """By the service that every way in goes through: the demo's practice is closed at this hour."""
        due = datetime.now(UTC) + timedelta(seconds=person.due or 0)
        with unit_of_work(self._engine, self._chain) as session:
            kind = queries.kind(session, self.day.founded.store, person.kind)
            return services.arrive(session, kind, due_at=due)[0].ticket

    def _registered(self, person: Person, deed: Deed) -> str:
        fields = {"kind": person.kind, "priority": person.priority, "why": "to be seen before others"}
        while True:
            try:
                where = self.client.form("/arrivals/new", **fields)
                break
            except Lost:
                deed.guessed = True
                if found := self._lost(person):
                    return found
        return self._read(where)

    def _read(self, where: str) -> str:
        """The number on the page one lands on."""
        while True:
            try:
                return str(TICKET.findall(self.client.page(where))[0])
            except Lost:
                time.sleep(TRY_AGAIN)

    def _lost(self, person: Person) -> str:
        """The ticket of a registration without an answer, if it was one: nobody holds it."""
        time.sleep(SETTLED)
        try:
            stations = self.client.json("/api/v1/stations")["stations"]
        except Lost:
            return ""
        there = next(one["line"] for one in stations if one["id"] == self.day.founded.stations[person.begins])
        held = {one.ticket for one in self.day.people}
        return next((str(one["ticket"]) for one in there if one["ticket"] not in held), "")
