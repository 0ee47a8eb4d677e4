"""Fetches stored records from a meter through its Record Access Control Point 2A52.

Asked is from the last known number on. A meter whose battery was changed may count from the start again and would then
never have anything newer; so where there is nothing newer the newest is asked for, and all of them when its number is
smaller than ours.
"""

from typing import Literal

REPORT, NUMBER_OF, ABORT = 1, 4, 3
ALL, AT_LEAST, NEWEST = 1, 3, 6
ANSWER, NUMBER_ANSWER = 6, 5
SUCCESS, NO_RECORDS = 1, 6
BY_SEQUENCE = 1


def all_records() -> bytes:
    """Everything stored."""
    return bytes((REPORT, ALL))


def from_sequence(number: int) -> bytes:
    """Records of this number and above."""
    return bytes((REPORT, AT_LEAST, BY_SEQUENCE)) + number.to_bytes(2, "little")


def newest() -> bytes:
    """The newest record alone."""
    return bytes((REPORT, NEWEST))


def answer(raw: bytes) -> int | None:
    """The code of an answer to REPORT; nothing when it is another answer."""
    if len(raw) == 4 and raw[0] == ANSWER and raw[2] == REPORT:
        return raw[3]
    return None


class Fetching:
    """What to ask next, given the last number that is safely stored (absent: everything)."""

    def __init__(self, last: int | None) -> None:
        self._last = last
        self._stage: Literal["new", "newest", "all"] = "new" if last is not None and last < 0xFFFF else "all"
        self._seen: int | None = None

    def begin(self) -> bytes:
        """The first request."""
        return from_sequence((self._last or 0) + 1) if self._stage == "new" else all_records()

    def saw(self, sequence: int) -> None:
        """A record came."""
        self._seen = sequence

    def answered(self, code: int) -> bytes | None:
        """The next request, or nothing: all is fetched."""
        if self._stage == "new" and code == NO_RECORDS:
            self._stage = "newest"
            return newest()
        restarted = self._seen is not None and self._last is not None and self._seen < self._last
        if self._stage == "newest" and code == SUCCESS and restarted:
            self._stage = "all"
            return all_records()
        return None
