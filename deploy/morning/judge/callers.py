"""Whether paper, display, voice and screens agree with what was called: each is decoded from its own bytes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from deploy.morning.devices import Devices, Drawn
from deploy.morning.kept import Call, Order
from deploy.morning.log import Deed, Log
from deploy.morning.people import BOOKED, Person
from firmware_sim.callers import Decoder, Paper, shown

Said = tuple[str, int]  # ticket and door
UNSURE = 4.0  # seconds around an outage in which a call may have been caught by it
UPPER = re.compile(r"^([A-Z]\d{3}) -> (\d+)$")
DOOR = re.compile(r"(\d+)")


@dataclass
class Made:
    """What was called, as the simulator knows it: ``must`` reached the store, ``may`` was made in an outage."""

    must: Counter[Said]
    may: Counter[Said]
    guessed: Counter[str]  # tickets whose door nobody knows for sure

    @property
    def count(self) -> int:
        """All calls."""
        return self.must.total() + self.may.total() + self.guessed.total()


def made(log: Log) -> Made:
    """Every press that called somebody."""
    presses = [one for one in log.deeds if one.what == "press"]
    sure = [one for one in presses if not one.guessed]
    hit = {id(one) for one in sure if not one.away and log.disturbed(one.began, one.ended + UNSURE, UNSURE)}
    must = Counter((one.ticket, one.door or 0) for one in sure if id(one) not in hit)
    may = Counter((one.ticket, one.door or 0) for one in sure if id(one) in hit)
    return Made(must, may, Counter(one.ticket for one in presses if one.guessed))


def on_the_wall(made: Made, log: Log) -> Made:
    """The same for a screen of the cloud, which hears of the gateway's own calls later, and may show them or not."""
    away = Counter((one.ticket, one.door or 0) for one in log.deeds if one.what == "press" and one.away)
    return Made(made.must - away, made.may + away, made.guessed)


def papers(devices: Devices) -> tuple[list[Paper], list[Paper]]:
    """Tickets of people who came, which have the store's name on top, and slips of calls, which have the number."""
    found = [Decoder().feed(one) for one in devices.printer.tickets]
    return [one for one in found if not _is_slip(one)], [one for one in found if _is_slip(one)]


def _is_slip(one: Paper) -> bool:
    return one.texts[0] == one.largest


def of_slips(slips: Iterable[Paper]) -> list[Said]:
    """Ticket and door of each."""
    return [(one.largest, _door(one.texts[1])) for one in slips]


def of_display(said: bytes) -> Iterator[Said]:
    """Ticket and door of each page that stood there."""
    for upper, lower in shown(said):
        found = UPPER.match(upper)
        yield (found[1], _door(lower)) if found and int(found[2]) == _door(lower) else (f"{upper}|{lower}", 0)


def of_voice(heard: Iterable[Sequence[str]]) -> Iterator[Said]:
    """Ticket and door of each announcement, from the phrases it was made of; both languages have to say the same."""
    for ids in heard:
        told = {_spoken([one for one in ids if one.startswith(language)]) for language in ("en/", "zh/")}
        yield told.pop() if len(told) == 1 else (" ".join(ids), 0)


def _spoken(ids: Sequence[str]) -> Said:
    ticket = "".join(one.rpartition(".")[2] for one in ids if ".digit" in f".{one[3:]}" or "letter." in one)
    return ticket, next((int(one.rpartition(".")[2]) for one in ids if "count." in one), 0)


def of_screen(drawn: Iterable[Drawn]) -> list[Said]:
    """Ticket and door of each call that was drawn."""
    return [(one.ticket, _door(one.place)) for one in drawn]


def _door(text: str) -> int:
    found = DOOR.search(text)
    return int(found[1]) if found else 0


def agree(made: Made, seen: Iterable[Said]) -> Iterator[str]:
    """Everything that was called has to be there once, and nothing else."""
    found = Counter(seen)
    for (ticket, door), count in (made.must - found).items():
        yield f"{ticket} to door {door} is missing {count} times"
    left = found - made.must - made.may
    for (ticket, door), count in left.items():
        if count > made.guessed[ticket]:
            yield f"{ticket} to door {door} is there {count} times too often"


def tickets(people: Sequence[Person], log: Log, found: Iterable[Paper]) -> Iterator[str]:
    """Everybody who registered has their ticket on paper once; the code on it is of their own.

    The gateway's own have none: the page it would lead to is the cloud's.
    """
    found = list(found)
    papers, codes = Counter(one.largest for one in found), [one.codes[0][0] for one in found if one.codes]
    came = {one.ticket: one for one in log.deeds if one.what == "arrive"}
    for person in people:
        deed = came.get(person.ticket)
        want = int(person.kind != BOOKED or (deed is not None and deed.away))
        if deed and papers[person.ticket] != want and not _caught(log, deed, papers[person.ticket], want):
            yield f"{person.ticket} is on paper {papers[person.ticket]} times"
    coded = {one.largest for one in found if one.codes}
    yield from (f"{ticket} of the cloud's has no code" for ticket in {*papers} - coded if not _is_away(came, ticket))
    if len(set(codes)) != len(codes):
        yield "two tickets have the same code"


def _is_away(came: dict[str, Deed], ticket: str) -> bool:
    return ticket in came and came[ticket].away


def _caught(log: Log, deed: Deed, count: int, want: int) -> bool:
    return count < want and log.disturbed(deed.began, deed.ended + UNSURE, UNSURE)


def answers(calls: Sequence[Call], orders: dict[int, Order], seen: dict[str, int]) -> Iterator[str]:
    """What callers answered against what they did; a call that did not go out says why."""
    told = [*(one.callers for one in orders.values()), *(one.callers for one in calls)]
    for word, (caller, state) in ANSWERED.items():
        said = sum(one.get(caller, ("", ""))[0] == state for one in told)
        if said > seen[word]:
            yield f"{said} answers of {caller} say {state}, and {seen[word]} were"
    for call in calls:
        yield from _reasons(call, [orders[one] for one in call.orders if one in orders])


ANSWERED = {
    "paper": ("desk", "printed"),
    "display": ("till", "shown"),
    "voice": ("hall", "spoken"),
    "television": ("tv", "shown"),
}


def _reasons(call: Call, orders: Sequence[Order]) -> Iterator[str]:
    name = f"call {call.turn} of {call.ticket} at {call.station}"
    if waits := [
        caller for caller, (state, why) in call.callers.items() if state == "waiting" or (state == "failed" and not why)
    ]:
        yield f"{name} was made by the gateway, and nothing is known of {waits}"
    if not call.told:
        yield f"{name} was given to no gateway, and nobody is told why"
    for one in orders:
        mute = [caller for caller, (state, why) in one.callers.items() if state == "failed" and not why]
        ended = one.state in ("failed", "expired", "refused")
        if mute or (ended and not one.why):
            yield f"{name} {one.state} without a reason {mute}"
        if one.state in ("queued", "sent", "running"):
            yield f"{name} is still {one.state}"
