"""Changes of one stay, one upon the other, each as it is drawn in the machines; as ``cloud.queue.services`` makes them.

Pure: a draft changes nothing, an entry with its changes does.
"""

from typing import Any

from msgspec.structs import replace

from edge.queue.day import age, becomes
from edge.queue.refusals import Refused
from protocols.envelope.queue import Change, Guest, Part
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

    def go_on(self) -> None:
        """After a step: back to a doctor who waits for what was done, the next planned one, or the end of the stay."""
        left = self.open()
        if any(one.state not in (Step.PLANNED, Step.ORDERS_PLACED) for one in left):
            return
        if away := next((one for one in left if one.state == Step.ORDERS_PLACED), None):
            self.wait(away.id, Step.RETURNED)
        elif left:
            self.move(left[0].id, Step.WAITING, queued_at=self._at)
        else:
            self.end(Stay.DONE)

    def leave(self) -> None:
        """Somebody goes without being done; every open step ends as near to that as is drawn."""
        self.end(Stay.LEFT)
        for part in self.open():
            self.move(part.id, next(one for one in ENDS if may(part.machine, part.state, one)))


def first(part: Part, *wanted: str) -> str:
    """What of these is drawn for a step. Raises Refused where nothing is."""
    found = next((one for one in wanted if may(part.machine, part.state, one)), None)
    if found is None:
        raise Refused("not_drawn")
    return found
