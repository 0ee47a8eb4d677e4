"""Call buttons while this gateway holds the queue: the keys of ``cloud.calls.buttons``, carried out here."""

from collections.abc import Callable, Mapping

from edge.queue import deeds
from edge.queue.day import Day
from edge.queue.deeds import Deed, Hand
from edge.queue.refusals import Refused
from protocols.envelope.queue import Door, Entry, Place
from protocols.queue.words import Step


def pressed(key: str) -> Deed:
    """What a key says: ``next:3``, ``again:3``, ``missed:3`` of door 3, ``ticket:general``. Raises Refused."""
    what, _colon, which = key.partition(":")
    if what == "ticket":
        return lambda day, at: deeds.come(day, at, Hand(through="button"), which)
    if what not in DEEDS or not which.isdecimal():
        raise Refused("unknown")
    return lambda day, at: DEEDS[what](day, at, *_door(day, int(which)))


def _door(day: Day, number: int) -> tuple[Place, Door]:
    found = ((place, door) for place in day.book.places for door in place.doors if door.number == number)
    if (one := next(found, None)) is None:
        raise Refused("unknown")
    return one


def _next(day: Day, at: str, place: Place, door: Door) -> Entry:
    return deeds.next_(day, at, Hand(door.id, through="button"), place.id)


def _again(day: Day, at: str, place: Place, door: Door) -> Entry:
    return deeds.this(day, at, Hand(door.id, through="button"), _called_to(day, at, place, door))


def _missed(day: Day, at: str, place: Place, door: Door) -> Entry:
    return deeds.missed(day, at, Hand(door.id, through="button"), _called_to(day, at, place, door))


def _called_to(day: Day, at: str, place: Place, door: Door) -> int:
    """Who was called to this door last and has not come."""
    mine = [row.part for row in day.rows(place.id, at) if (row.part.state, row.part.desk) == (Step.CALLED, door.id)]
    if not mine:
        raise Refused("nobody")
    return max(mine, key=lambda part: part.since).id


DEEDS: Mapping[str, Callable[[Day, str, Place, Door], Entry]] = {"next": _next, "again": _again, "missed": _missed}
