"""Whether everybody was called in the right order.

Exactly where one thing was done after the other; else as far as it can be known that somebody stood in line all the
time a colleague pressed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from deploy.morning.judge import rule
from deploy.morning.judge.rule import BACK, BEFORE, DUE, FAR, NOW, Waiting
from deploy.morning.judge.visits import Visit, waiting
from deploy.morning.log import WAITS, Deed, Log
from deploy.morning.people import Person

LAST = 3  # calls


class Replay:
    """The lines as they were while one thing was done after the other."""

    def __init__(self, log: Log, people: Sequence[Person]) -> None:
        self._people = {one.ticket: one for one in people}
        self._alone = sorted((one for one in log.deeds if one.alone), key=lambda one: one.ended)
        self._lines = defaultdict[str, dict[str, Waiting]](dict)
        self._calls = defaultdict[str, int](int)
        self._away: dict[tuple[str, str], Waiting] = {}
        self._came: dict[str, float] = {}
        self.judged = 0

    def faults(self) -> Iterator[str]:
        """Every press that called somebody else than the words of the rule say."""
        for deed in self._alone:
            if deed.what == "press":
                yield from self._pressed(deed)
            for station, state in deed.moves:
                if state == WAITS:
                    self._joins(deed, station)

    def _pressed(self, deed: Deed) -> Iterator[str]:
        line, calls = self._lines[deed.station], self._calls[deed.station]
        expected = {rule.first(line.values(), at, calls) for at in (deed.began, deed.ended)}
        self.judged += 1
        if deed.ticket not in expected:
            yield self._said(deed, expected, line, calls)
        if deed.ticket in line:
            self._away[deed.station, deed.ticket] = line.pop(deed.ticket)
        self._calls[deed.station] += 1

    def _said(self, deed: Deed, expected: set[str], line: dict[str, Waiting], calls: int) -> str:
        told = ", ".join(f"{name} in group {rule.rank(one, deed.ended, calls)}" for name, one in line.items())
        return f"call {calls + 1} at {deed.station} was {deed.ticket}, not {'/'.join(expected)}; in line: {told}"

    def _joins(self, deed: Deed, station: str) -> None:
        if deed.what == "missed":
            if deed.turn < LAST:
                back = self._away[station, deed.ticket]
                self._lines[station][deed.ticket] = replace(back, after=self._calls[station] + rule.BEHIND)
            return
        came = self._came.setdefault(deed.ticket, deed.ended)
        visit = Visit(deed.ticket, station, deed)
        self._lines[station][deed.ticket] = waiting(visit, self._people, {deed.ticket: came})


def overtaken(log: Log, people: Sequence[Person], visits: Sequence[Visit]) -> Iterator[str]:
    """Presses that called somebody while another, who is before them by any reading, stood free in the line."""
    of = {one.ticket: one for one in people}
    came = {one.ticket: one.ended for one in log.deeds if one.what == "arrive"}
    for called in visits:
        press = called.presses[0] if called.presses else None
        if press is not None and not press.alone:
            yield from _before(called, press, [one for one in visits if one.station == called.station], of, came)


def _before(
    called: Visit, press: Deed, visits: Sequence[Visit], of: dict[str, Person], came: dict[str, float]
) -> Iterator[str]:
    theirs = waiting(called, of, came)
    for one in visits:
        if one is not called and _free(one, press):
            mine = waiting(one, of, came)
            if all(_is_before(mine, theirs, one, called, at) for at in (press.began, press.ended)):
                yield f"{called.ticket} was called at {called.station} by {press.by} while {one.ticket} was before them"


def _free(one: Visit, press: Deed) -> bool:
    """In line from before the press to after it, and never called before."""
    return one.joined.ended < press.began and bool(one.presses) and one.presses[0].began > press.ended


def _is_before(mine: Waiting, theirs: Waiting, one: Visit, called: Visit, at: float) -> bool:
    ours, other = rule.rank(mine, at, 0), rule.rank(theirs, at, 0)
    if ours != other:
        return ours < other and (ours in (NOW, BEFORE, BACK) or other == FAR)
    if ours in (DUE, FAR) and mine.due is not None and theirs.due is not None:
        return mine.due < theirs.due - 1
    return one.joined.ended < called.joined.began
