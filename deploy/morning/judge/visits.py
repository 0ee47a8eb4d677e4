"""The log as visits: somebody at a station, from joining its line to what ended it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from deploy.morning.judge.rule import Waiting
from deploy.morning.log import WAITS, Deed, Log
from deploy.morning.people import Person

Key = tuple[str, str]


@dataclass
class Visit:
    """One time in a line: the deed that brought somebody there, and the presses that called them."""

    ticket: str
    station: str
    joined: Deed
    presses: list[Deed] = field(default_factory=list)


def visits(log: Log) -> tuple[list[Visit], list[str]]:
    """Everybody's, and what is no proper visit: called twice, never, or without standing in a line."""
    joined, pressed = _joins(log), _presses(log)
    found = [_visit(key, n, one, pressed[key]) for key, row in joined.items() for n, one in enumerate(row)]
    wrong = [said for key in {*joined, *pressed} for said in _counted(key, len(joined[key]), pressed[key])]
    return found, wrong + [said for one in found for said in _turns(one)]


def _joins(log: Log) -> defaultdict[Key, list[Deed]]:
    found = defaultdict[Key, list[Deed]](list)
    for deed in sorted(log.deeds, key=lambda one: one.began):
        for station, state in deed.moves:
            if state == WAITS and deed.what != "missed":
                found[deed.ticket, station].append(deed)
    return found


def _presses(log: Log) -> defaultdict[Key, list[Deed]]:
    found = defaultdict[Key, list[Deed]](list)
    for deed in sorted(log.deeds, key=lambda one: one.began):
        if deed.what == "press":
            found[deed.ticket, deed.station].append(deed)
    return found


def _visit(key: Key, number: int, joined: Deed, presses: Sequence[Deed]) -> Visit:
    firsts = [at for at, one in enumerate(presses) if one.turn == 1] + [len(presses)]
    mine = presses[firsts[number] : firsts[number + 1]] if number + 1 < len(firsts) else []
    return Visit(*key, joined, list(mine))


def _counted(key: Key, joins: int, presses: Sequence[Deed]) -> Iterator[str]:
    firsts = sum(one.turn == 1 for one in presses)
    if firsts != joins:
        yield f"{key[0]} was {joins} times in line for {key[1]} and called for the first time {firsts} times"


def _turns(one: Visit) -> Iterator[str]:
    turns = [press.turn for press in one.presses]
    if turns != list(range(1, len(turns) + 1)):
        yield f"{one.ticket} at {one.station}: turns {turns}"


def waiting(one: Visit, people: dict[str, Person], came: dict[str, float], after: int = 0) -> Waiting:
    """As the rule sees them."""
    person, at = people[one.ticket], came[one.ticket]
    due = None if person.due is None else at + person.due
    return Waiting(one.ticket, one.joined.ended, at, due, person.priority, one.joined.back, after)
