"""The staff: each behind a door, pressing next, receiving whoever comes, and going on where an answer was lost.

While the store is without the internet they do the same at the gateway's page, where there are no records: whoever is
in the middle of one waits for the line.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from deploy.morning.box import Box
from deploy.morning.client import Client, Lost, Refused
from deploy.morning.log import AWAY, CALLED, OVER, SERVED, WAITS, Deed, Log
from deploy.morning.people import CASHIER, CHECK_UP, DOCTOR, RECEPTION, STATIONS, Person
from deploy.morning.store import Founded
from deploy.morning.ways import Ways

T = TypeVar("T")
REST = 0.15  # seconds until somebody presses again where nobody waited
SETTLED = 1.0  # after an outage: until every press under way has its answer
TRY_AGAIN = 0.2
CALLS = 3  # after so many somebody has gone
BEGINS = {DOCTOR: "in_room"}  # elsewhere "serving"


@dataclass
class Day:
    """What everybody shares. ``paces`` are seconds at a station: on the way to the door, and behind it."""

    founded: Founded
    log: Log
    people: list[Person]
    paces: dict[str, tuple[float, float]]
    box: Box
    ways: Ways = field(default_factory=Ways)
    over: threading.Event = field(default_factory=threading.Event)
    trouble: list[str] = field(default_factory=list)

    def whose(self, ticket: str) -> Person | None:
        """Who holds a ticket; somebody who was just given one may not have read it yet."""
        for _ in range(100):
            if found := next((one for one in self.people if one.ticket == ticket), None):
                return found
            time.sleep(0.05)
        return None


class Clerk(threading.Thread):
    """Somebody behind a door, until the day is over."""

    def __init__(self, day: Day, client: Client, station: str, door: tuple[int, int]) -> None:
        super().__init__(name=f"door-{door[0]}", daemon=True)
        self.day, self.client, self.station = day, client, station
        self.number, self.desk = door
        self.of = day.founded.stations[station]
        self.lost = 0  # answers

    def run(self) -> None:
        """Whatever goes wrong is told at the end, by name."""
        try:
            while not self.day.over.is_set():
                if (deed := self._next()) is None:
                    time.sleep(REST)
                elif person := self.day.whose(deed.ticket):
                    self._receive(person, deed)
                else:
                    self.day.trouble.append(f"{self.name}: nobody holds {deed.ticket}")
        except Exception as wrong:
            self.day.trouble.append(f"{self.name}: {type(wrong).__name__} {wrong}"[:200])

    def _next(self) -> Deed | None:
        with self.day.ways.act() as away:
            return self._next_away() if away else self._next_here()

    def _next_away(self) -> Deed | None:
        told = {"station": self.station, "door": self.number, "away": True}
        with self.day.log.deed("press", self.name, **told) as deed:
            try:
                row = self.day.box.next(self.of, self.desk, self.day.founded.names[self.number])
            except Refused:
                return None
            self._called(deed, {"ticket": row.ticket, "turn": row.turn, "id": row.step})
        return deed

    def _next_here(self) -> Deed | None:
        with self.day.log.deed("press", self.name, station=self.station, door=self.number) as deed:
            try:
                told = self.client.json(f"/api/v1/stations/{self.of}/next", {"desk": self.desk})
            except Refused:
                return None
            except Lost:
                told = self._found()
                deed.guessed = True
            if told is None:
                return None
            self._called(deed, told)
        return deed

    def _called(self, deed: Deed, told: dict[str, Any]) -> None:
        deed.ticket, deed.turn, deed.step = told["ticket"], told["turn"], told["id"]
        deed.moves = ((self.station, CALLED),)
        self.day.log.claim(self._key(told))

    def _key(self, told: dict[str, Any]) -> tuple[str, str, int, bool]:
        """One call; somebody back from tests is called for the first time once more."""
        person = self.day.whose(told["ticket"])
        back = person is not None and self.station == DOCTOR and self._is_back(person)
        return told["ticket"], f"{self.station}-{told['id']}", told["turn"], back

    def know(self) -> None:
        """Whoever is called here was called by one of us, by whatever number the gateway knew them."""
        for one in self._line(self.station):
            if one["state"] == "called":
                self.day.log.claim(self._key(one))

    def _is_back(self, person: Person) -> bool:
        return any(one.back and one.ticket == person.ticket for one in self.day.log.deeds)

    def _found(self) -> dict[str, Any] | None:
        """Whom the lost press had called, if anybody: who is called, and whom no colleague knows of."""
        self.lost += 1
        before = [one for one in self._line(self.station) if one["state"] == "called"]
        time.sleep(SETTLED)
        return next((one for one in before if self.day.log.claim(self._key(one))), None)

    def _line(self, station: str) -> list[dict[str, Any]]:
        """Everybody at a station, however long it takes to hear."""
        told = self._patiently(lambda: self.client.json("/api/v1/stations"))
        return next(list(one["line"]) for one in told["stations"] if one["id"] == self.day.founded.stations[station])

    def _patiently(self, ask: Callable[[], T]) -> T:
        while True:
            try:
                return ask()
            except Lost:
                time.sleep(TRY_AGAIN)

    def _receive(self, person: Person, call: Deed) -> None:
        walk, stay = self.day.paces[self.station]
        time.sleep(walk)
        with self.day.ways.act() as away:
            if self.station == DOCTOR and call.turn <= person.missing:
                (self._missed_away if away else self._missed)(person, call)
                return
            results = self._begin(person, self._ref(person, call.step, away=away), away=away)
        time.sleep(stay)
        with self.day.ways.online() if results else self.day.ways.act() as away:
            step = self._ref(person, call.step, away=bool(away))
            (self._end_away if away else self._end)(person, step)

    def _ref(self, person: Person, step: int, *, away: bool) -> int:
        """A step that began at the gateway has another number in the cloud."""
        if step > 0 or away:
            return step
        return next(int(one["id"]) for one in self._line(self.station) if one["ticket"] == person.ticket)

    def _begin(self, person: Person, step: int, *, away: bool) -> bool:
        """Somebody is here; whether their results are discussed, which nobody can without the record."""
        moves = ((self.station, SERVED),)
        if away:
            self._pressed_away(person, step, "begin", moves)
            return False
        results = self.station == DOCTOR and self._is_back(person)
        begins = "reviewing" if results else BEGINS.get(self.station, "serving")
        self._turn(person, step, begins, moves)
        return results

    def _end(self, person: Person, step: int) -> None:
        {RECEPTION: self._on_to(CHECK_UP), CHECK_UP: self._checked, DOCTOR: self._seen, CASHIER: self._paid}[
            self.station
        ](person, step)

    def _end_away(self, person: Person, step: int) -> None:
        """Who has tests to come is sent to them and sees a doctor anew: nobody can order anything without the cloud."""
        if self.station == CASHIER:
            self._pressed_away(person, step, "done", ((CASHIER, OVER),))
        elif self.station == CHECK_UP and person.tests and self._was_at_doctor(person):
            self._pressed_away(person, step, "done", ((CHECK_UP, OVER), (DOCTOR, WAITS)), back=True)
        else:
            other = {RECEPTION: CHECK_UP, CHECK_UP: DOCTOR, DOCTOR: CASHIER}[self.station]
            if self.station == DOCTOR and person.tests and not self._was_at_doctor(person):
                person.tests, other = False, CHECK_UP
            to = self.day.founded.stations[other]
            self._pressed_away(person, step, "send", ((self.station, OVER), (other, WAITS)), to=to)

    def _missed_away(self, person: Person, call: Deed) -> None:
        self._pressed_away(person, call.step, "missed", ((self.station, WAITS),), turn=call.turn)
        if call.turn == CALLS:
            self._pressed_away(person, call.step, "gone", ((self.station, OVER),))

    def _pressed_away(
        self, person: Person, step: int, deed: str, moves: tuple[tuple[str, str], ...], to: int = 0, **told: Any
    ) -> None:
        """A button of the gateway's page; its answer is never lost, it stands in the same store."""
        with self.day.log.deed(deed, self.name, station=self.station, moves=moves, away=True, **told) as done:
            done.ticket = person.ticket
            self.day.box.do(step, deed, **({"station": to} if to else {}))

    def _missed(self, person: Person, call: Deed) -> None:
        """Nobody came; after the last call they have gone."""
        step = self._ref(person, call.step, away=False)
        self._turn(person, step, "missed", ((self.station, WAITS),), turn=call.turn)
        if call.turn == CALLS:
            self._turn(person, step, "left", ((self.station, OVER),), reason="did not come")

    def _checked(self, person: Person, step: int) -> None:
        if person.tests and self._was_at_doctor(person):
            self._turn(person, step, "done", ((CHECK_UP, OVER), (DOCTOR, WAITS)), back=True)
        else:
            self._on_to(DOCTOR)(person, step)

    def _was_at_doctor(self, person: Person) -> bool:
        return any(one.ticket == person.ticket and (DOCTOR, AWAY) in one.moves for one in self.day.log.deeds)

    def _seen(self, person: Person, step: int) -> None:
        if not self._is_back(person):
            self._turn(person, step, "exam_draft", ())
        if person.tests and not self._was_at_doctor(person):
            self._send_to_tests(person, step)
            return
        self._plan(person, step, CASHIER)
        self._turn(person, step, "signed", ())
        self._turn(person, step, "discharged", ((DOCTOR, OVER), (CASHIER, WAITS)))

    def _send_to_tests(self, person: Person, step: int) -> None:
        self._plan(person, step, CHECK_UP)
        self._turn(person, step, "orders_placed", ((DOCTOR, AWAY),))
        there = next(one for one in self._line(CHECK_UP) if one["ticket"] == person.ticket)
        self._turn(person, there["id"], "waiting", ((CHECK_UP, WAITS),))

    def _paid(self, person: Person, step: int) -> None:
        self._turn(person, step, "done", ((CASHIER, OVER),))

    def _turn(
        self, person: Person, step: int, becomes: str, moves: tuple[tuple[str, str], ...], reason: str = "", **told: Any
    ) -> None:
        """Move a step on. One whose answer was lost is tried again, and refused where it had been done."""
        with self.day.log.deed(becomes, self.name, station=self.station, moves=moves, **told) as deed:
            deed.ticket = person.ticket
            while True:
                try:
                    self.client.json(f"/api/v1/steps/{step}/{becomes}", {"reason": reason} if reason else {})
                    return
                except Lost:
                    deed.guessed = True
                    self.lost += 1
                    time.sleep(TRY_AGAIN)
                except Refused:
                    if deed.guessed:
                        return
                    raise

    def _on_to(self, other: str) -> Callable[[Person, int], None]:
        def hand_on(person: Person, step: int) -> None:
            self._pressed(person, f"/steps/{step}/transfer", other, ((self.station, OVER), (other, WAITS)))

        return hand_on

    def _plan(self, person: Person, step: int, other: str) -> None:
        self._pressed(person, f"/steps/{step}/then", other, ())

    def _pressed(self, person: Person, path: str, other: str, moves: tuple[tuple[str, str], ...]) -> None:
        """A button of the page that brings somebody to another station; pressed again only where it had not."""
        what = path.rpartition("/")[2]
        with self.day.log.deed(what, self.name, station=self.station, moves=moves) as deed:
            deed.ticket = person.ticket
            while True:
                try:
                    self.client.form(path, station=self.day.founded.stations[other])
                    return
                except Lost:
                    deed.guessed = True
                    self.lost += 1
                    if any(one["ticket"] == person.ticket for one in self._line(other)):
                        return


def at_doors(day: Day, sign_in: Callable[[str], Client]) -> list[Clerk]:
    """Everybody at work."""
    doors = [(station, door) for station in STATIONS for door in day.founded.doors[station]]
    return [Clerk(day, sign_in(f"door-{door[0]}"), station, door) for station, door in doors]
