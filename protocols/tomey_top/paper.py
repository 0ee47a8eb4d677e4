"""The print-out row by row: what it is in depends on what stood above it."""

import re

from protocols.framing import Unread
from protocols.sheet import Margin, measured_at, readable
from protocols.tomey_top.rows import Pair, middle, pair, taken

CORRECTED, THICKNESS, AVERAGE = "C.IOP", "CCT", "Avg."
_MMHG = "mmHg"
_IDLE = re.compile(r"\s*(?:-{10,}|Right\s+Left)\s*")
_UNITS = re.compile(r"\s*(mmHg|kPa|hPa)(?:\s+\1)?\s*")
_DATE = re.compile(r"\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[ \t].*")
_NUMBER = re.compile(r"\s*No\.\s*:\s*(\d{1,12})\s*")


class Paper:
    """What stands on it. Raises Unread when the pressures are in another unit than mmHg."""

    def __init__(self, raw: bytes) -> None:
        *lines, rest = [readable(line) for line in re.split(rb"\r?\n", raw)]
        self.margin = Margin()
        self.rows: dict[str, Pair] = {}
        self.readings: list[Pair] = []
        self.maker = self.model = ""
        self.mmhg = False
        self.measured_at: str | None = None
        self.print_number: str | None = None
        self._parting = middle(lines)
        for line in filter(str.strip, lines):
            self._take(line)
        if rest.strip():
            self.margin.unreadable("row", rest)  # its last figure may be cut

    def row(self, tag: str) -> Pair:
        """Both eyes of a row; nothing for a row that was not printed."""
        return self.rows.get(tag, Pair(None, None))

    def _take(self, line: str) -> None:
        tag = line.split()[0]
        if tag in (CORRECTED, THICKNESS, AVERAGE):
            self._named(tag, line)
        elif not self.rows:
            self.maker = line.strip()
        elif self.print_number is not None:
            self.model = line.strip()
        else:
            self._below(line)

    def _named(self, tag: str, line: str) -> None:
        if tag in self.rows:
            self.margin.unreadable(tag, line)
        else:
            self.rows[tag] = taken(tag, line, self._parting, self.margin)

    def _below(self, line: str) -> None:
        if number := _NUMBER.fullmatch(line):
            self.print_number = number[1]
        elif _DATE.fullmatch(line):
            self.measured_at = measured_at(line, self.margin, "date")
        elif unit := _UNITS.fullmatch(line):
            if unit[1] != _MMHG:
                raise Unread("The pressures are not in mmHg.")
            self.mmhg = True
        elif not _IDLE.fullmatch(line):
            self._reading(line)

    def _reading(self, line: str) -> None:
        found = pair(line, self._parting)
        if found is None:
            self.margin.unreadable("row", line)
        else:
            self.readings.append(found)
