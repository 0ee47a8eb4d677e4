"""Three lines behind the letter of an eye are its refraction: told by their widths and by their order.

Width alone is not enough: further lines of the same widths may follow, and nobody has told what they are.
"""

from decimal import Decimal
from typing import Any

from protocols.readings import AutorefractionEye, RefractionReading
from protocols.sheet import Margin, blank, figure, power
from protocols.topcon_rm.grammar import WIDTHS

SIDES = {"R": "right", "L": "left"}
_PD_WIDTH = 2


class Figures:
    """Collects while the lines are read."""

    def __init__(self, margin: Margin) -> None:
        self.pd: Decimal | None = None
        self._margin = margin
        self._series: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES.values()}
        self._side = ""
        self._waiting: list[str] = []

    def take(self, line: str) -> None:
        """One line."""
        fits = self._side and len(line) == WIDTHS[len(self._waiting)]
        if line in SIDES:
            self._set_aside()
            self._side = SIDES[line]
        elif fits:
            self._waiting.append(line)
            self._complete()
        else:
            self._set_aside()
            self._other(line)

    def eyes(self) -> dict[str, AutorefractionEye]:
        """Each eye: one refraction is its value, of several none is chosen."""
        self._set_aside()
        found: dict[str, AutorefractionEye] = {}
        for side, series in self._series.items():
            if len(series) == 1:
                found[side] = AutorefractionEye(**series[0])
            elif series:
                self._margin.representative_missing(side)
                found[side] = AutorefractionEye(readings=tuple(RefractionReading(**one) for one in series))
        return found

    def _complete(self) -> None:
        if len(self._waiting) < len(WIDTHS):
            return
        said = power(*self._waiting)
        if said is None:
            self._set_aside()
        elif said:
            self._series[self._side].append(said)
        self._waiting = []

    def _set_aside(self) -> None:
        """Lines that make no refraction."""
        for line in self._waiting:
            if not blank(line):
                self._margin.unreadable(self._side, line)
        self._waiting = []

    def _other(self, line: str) -> None:
        distance = figure(line) if len(line) == _PD_WIDTH and line.isdecimal() else None
        if distance and self.pd is None:
            self.pd = distance
        elif not blank(line):
            self._margin.unknown("line", line)
