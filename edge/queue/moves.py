"""Changes of one stay, one upon the other, each as it is drawn in the machines; as ``cloud.queue.services`` makes them.

Pure: a draft changes nothing, an entry with its changes does.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from edge.queue.day import age, becomes, moment
from edge.queue.refusals import Refused
from protocols.envelope.queue import Change, Guest, Part, Place
from protocols.queue.course import Leg, following, is_busy
from protocols.queue.machines import may
from protocols.queue.words import OPEN, Stay, Step

ENDS = (Step.LEFT, Step.CANCELLED, Step.DONE, Step.DISCHARGED)


class Draft:
    """``at`` is when; ``changes`` are those made so far."""

    def __init__(self, guest: Guest, at: str) -> None:
        self._stay, self._at = guest.id, at
        self._parts = {one.id: one for one in sorted(guest.parts, key=lambda one: age(one.id))}
        self.changes: list[Change] = []

    def move(self, step: int, wanted: str, **also: Any) -> None:
        """A step becomes something else. Raises Refused where that is not drawn."""
        part = self._parts[step]
        if not may(part.machine, part.state, wanted):
            raise Refused("not_drawn")
        change = Change(of="step", id=step, was=part.state, becomes=wanted, **also)
        self.changes.append(change)
        self._parts[step] = replace(part, since=self._at, **becomes(change))

    def wait(self, step: int, wanted: str = Step.WAITING, since: str = "") -> None:
        """In line, with the calls before forgotten. Raises Refused."""
        self.move(step, wanted, queued_at=since or self._at, turn=0, not_before=0)

    def end(self, wanted: str) -> None:
        """The stay is over."""
        self.changes.append(Change(of="stay", id=self._stay, was=Stay.HERE, becomes=wanted))

    def open(self) -> list[Part]:
        """Steps that are not over, as they came."""
        return [one for one in self._parts.values() if one.state in OPEN]

    def go_on(self, places: Mapping[int, Place]) -> None:
        """After a step: wherever they go next, or the end of the stay."""
        legs = [_leg(one, places) for one in self.open()]
        if found := following(legs):
            step, wanted = found
            anew = {"turn": 0} if wanted == Step.RETURNED else {}
            self.move(step, wanted, queued_at=self._at, **anew)
        elif not is_busy(legs):
            self.end(Stay.DONE)

    def leave(self) -> None:
        """Somebody goes without being done; every open step ends as near to that as is drawn."""
        self.end(Stay.LEFT)
        for part in self.open():
            self.move(part.id, next(one for one in ENDS if may(part.machine, part.state, one)))


def _leg(part: Part, places: Mapping[int, Place]) -> Leg:
    there = places.get(part.station)  # nowhere, where the cloud has closed it
    return Leg(part.id, there.sort if there else "", part.state, moment(part.since))


def first(part: Part, *wanted: str) -> str:
    """What of these is drawn for a step. Raises Refused where nothing is."""
    found = next((one for one in wanted if may(part.machine, part.state, one)), None)
    if found is None:
        raise Refused("not_drawn")
    return found
