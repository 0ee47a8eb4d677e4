"""The queue as it is here: a book, and every entry since. The same entries make the same day, whenever they are read.

Pure: it knows no clock and no disk. Who came yesterday is not of today, by the store's own midnight.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from protocols.envelope.queue import Answered, Book, Came, Change, Door, Entry, Guest, Numbers, Part, Place
from protocols.queue import turns
from protocols.queue.machines import of_station
from protocols.queue.words import IN_LINE, OVER, Step

BORN_HERE = 2**62  # what a gateway began comes after every row of the cloud, in its own order


@dataclass(frozen=True, slots=True)
class Row:
    """A step that is not over, with whose it is."""

    guest: Guest
    part: Part


class Day:
    """``hold`` names the holding, empty where the cloud calls; ``n`` is its last entry, ``since`` when it began.

    ``gives``: it is being handed back; ``gave`` counts how often that was tried.
    """

    def __init__(self, book: Book, given: Mapping[str, int] | None = None) -> None:
        self.book, self.zone = book, zone_of(book)
        self.places = {one.id: one for one in book.places}
        self.given = {_lease(one): one.given for one in book.numbers}
        self.given |= {lease: max(n, self.given.get(lease, 0)) for lease, n in (given or {}).items()}
        self.hold, self.n, self.since, self.gives, self.gave = "", 0, "", False, 0
        self.answers: dict[str, Answered] = {}
        self.touched: dict[tuple[str, int], int] = {}  # by which entry; a place without doors is -station
        self._guests: dict[str, dict[int, Guest]] = {book.day: {one.id: one for one in book.guests}}
        self._calls = Counter({(book.day, one.id): one.calls for one in book.places})
        self._whose = {part.id: (book.day, one.id) for one in book.guests for part in one.parts}

    @property
    def is_calling(self) -> bool:
        """Whether people are called from here."""
        return self.hold != "" and not self.gives

    def today(self, at: str) -> str:
        """The store's day."""
        return moment(at).astimezone(self.zone).date().isoformat()

    def clock(self, at: str) -> str:
        """The time on the store's wall."""
        return f"{moment(at).astimezone(self.zone):%H:%M}"

    def guests(self, at: str) -> Mapping[int, Guest]:
        """Who is in the store today, by the number of the stay."""
        return self._guests.get(self.today(at), {})

    def row(self, step: int, at: str) -> Row | None:
        """A step of somebody who is here today."""
        day, stay = self._whose.get(step, ("", 0))
        guest = self._guests[day].get(stay) if day == self.today(at) else None
        return next((Row(guest, part) for part in guest.parts if part.id == step), None) if guest else None

    def rows(self, station: int, at: str) -> list[Row]:
        """Steps at a station that are not over."""
        return [Row(one, part) for one in self.guests(at).values() for part in one.parts if part.station == station]

    def line(self, station: int, at: str) -> list[Row]:
        """Who waits there, in the order in which they will be called."""
        of = {age(row.part.id): row for row in self.rows(station, at) if row.part.state in IN_LINE}
        line = turns.order((_waits(row) for row in of.values()), moment(at), self.calls(station, at), self.book.rule)
        return [of[one.id] for one in line]

    def calls(self, station: int, at: str) -> int:
        """How many were called there today."""
        return self._calls[self.today(at), station]

    def door(self, number: int | None) -> tuple[Place, Door] | None:
        """A door by its row, with its station."""
        return next(((place, door) for place in self.book.places for door in place.doors if door.id == number), None)

    def left(self, day: str, letter: str) -> Iterator[tuple[Numbers, int]]:
        """Leases of a letter on a day in which there is a number, with the next."""
        for one in self.book.numbers:
            following = max(one.first, self.given[_lease(one)] + 1)
            if (one.day, one.letter) == (day, letter) and following <= one.last:
                yield one, following

    def apply(self, entry: Entry) -> None:
        """What an entry says is so from now on."""
        self.n = entry.n
        match entry.what:
            case "took":
                self.hold, self.gives, self.since = entry.hold, False, self.since or entry.at
            case "gave":
                self.gives, self.gave = True, self.gave + 1
        if entry.came is not None:
            self._came(entry, entry.came)
        if entry.sent is not None:
            self._line_up(entry.sent.stay, self._part(entry, entry.sent.station, entry.sent.queued_at))
        for change in entry.changes:
            self._change(entry, change)
        self._said(entry)

    def _said(self, entry: Entry) -> None:
        if (made := entry.made) is not None:
            self._swap(made.step, call=made.call)
            self.touched["door", made.desk or -self._step(made.step).station] = entry.n
        if entry.answered is not None:
            self.answers[entry.answered.call] = entry.answered
        if entry.cleared is not None:
            self._clear(entry)

    def _came(self, entry: Entry, came: Came) -> None:
        offer = next(one for one in self.book.offers if one.code == came.offer)
        told: dict[str, Any] = {"ticket": came.ticket, "arrived_at": entry.at, "due_at": came.due_at}
        guest = Guest(id=-entry.n, priority=offer.priority, due=offer.fee, **told)
        self._guests.setdefault(came.day, {})[guest.id] = guest
        self._line_up(guest.id, self._part(entry, offer.first, entry.at), came.day)
        for one in self.book.numbers:
            if (one.day, one.letter) == (came.day, came.ticket[0]) and one.first <= int(came.ticket[1:]) <= one.last:
                self.given[_lease(one)] = int(came.ticket[1:])

    def _part(self, entry: Entry, station: int, queued_at: str) -> Part:
        told: dict[str, Any] = {"state": Step.WAITING, "since": entry.at, "queued_at": queued_at}
        return Part(id=-entry.n, station=station, machine=of_station(self.places[station].sort), **told)

    def _line_up(self, stay: int, part: Part, day: str = "") -> None:
        day = day or self._day_of(stay)
        guest = self._guests[day][stay]
        self._guests[day][stay] = replace(guest, parts=[*guest.parts, part])
        self._whose[part.id] = day, stay

    def _day_of(self, stay: int) -> str:
        return next(day for day, guests in self._guests.items() if stay in guests)

    def _change(self, entry: Entry, change: Change) -> None:
        self.touched[change.of, change.id] = entry.n
        if change.of == "stay":
            del self._guests[self._day_of(change.id)][change.id]
            return
        if change.becomes == Step.CALLED != change.was:
            self._calls[self.today(entry.at), self._step(change.id).station] += 1
        self._swap(change.id, since=entry.at, **becomes(change))

    def _step(self, step: int) -> Part:
        day, stay = self._whose[step]
        return next(one for one in self._guests[day][stay].parts if one.id == step)

    def _swap(self, step: int, **also: Any) -> None:
        day, stay = self._whose[step]
        if (guest := self._guests[day].get(stay)) is not None:
            parts = [replace(one, **also) if one.id == step else one for one in guest.parts]
            self._guests[day][stay] = replace(guest, parts=[one for one in parts if one.state not in OVER])

    def _clear(self, entry: Entry) -> None:
        assert entry.cleared is not None  # noqa: S101 - looked at by the caller
        stay, day = entry.cleared.stay, self._day_of(entry.cleared.stay)
        guest = self._guests[day][stay]
        passed = guest.passed or entry.cleared.what == "overridden"
        self._guests[day][stay] = replace(guest, due=guest.due - entry.cleared.amount, passed=passed)
        self.touched["stay", stay] = entry.n


def becomes(change: Change) -> dict[str, Any]:
    """What a change writes into a step."""
    also = {name: getattr(change, name) for name in ("desk", "turn", "queued_at", "not_before")}
    return {"state": change.becomes, **{name: value for name, value in also.items() if value is not None}}


def age(ref: int) -> int:
    """Rows in the order in which they began; those of a gateway count downwards."""
    return ref if ref > 0 else BORN_HERE - ref


def moment(at: str) -> datetime:
    """ISO 8601; UTC where it says nothing else."""
    found = datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def zone_of(book: Book) -> tzinfo:
    """The store's zone; on a box without the zone's file days begin by the clock of the world."""
    try:
        return ZoneInfo(book.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _lease(one: Numbers) -> str:
    return f"{one.day} {one.letter}{one.first:03}"


def _waits(row: Row) -> turns.Waits:
    guest, part = row.guest, row.part
    due = moment(guest.due_at) if guest.due_at else None
    told = (due, guest.priority, part.state == Step.RETURNED, part.not_before, moment(guest.arrived_at))
    return turns.Waits(age(part.id), moment(part.queued_at or guest.arrived_at), *told)
