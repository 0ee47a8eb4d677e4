"""Which blob is offered, and which piece is sent next: small ones before large ones, older ones before newer."""

from dataclasses import dataclass, field

from edge.backoff import Backoff
from edge.blobs.journal import Row
from protocols.envelope.blobs import Answer

MIB = 1 << 20
SMALL = MIB
WINDOW = 16  # offers that wait for an answer
ANSWER_S = 15.0
AGAIN_CAP_S = 900.0


@dataclass
class Turn:
    """A blob with its ticket. ``sure``: the offset is what the cloud said last. ``failed`` times in a row."""

    row: Row
    answer: Answer
    offset: int
    sure: bool = True
    failed: int = 0


@dataclass
class Asked:
    """An offer that was made: when it is made again (monotonic)."""

    due: float = 0.0
    later: Backoff = field(default_factory=lambda: Backoff(ANSWER_S, AGAIN_CAP_S))


class Queue:
    """Offers that are out, and tickets that are here. Nothing of it outlives the process."""

    def __init__(self) -> None:
        self.turns: dict[str, Turn] = {}
        self._asked: dict[str, Asked] = {}

    def ask_anew(self) -> None:
        """There is another connection: what was asked over the last one may be lost."""
        self._asked.clear()

    def ask_again(self, sha256: str) -> None:
        """The ticket is over."""
        self.turns.pop(sha256, None)
        self._asked.pop(sha256, None)

    def over(self, sha256: str) -> None:
        """It is kept, or never will be."""
        self.ask_again(sha256)

    def offers(self, rows: list[Row], now: float) -> list[Row]:
        """What to offer now, so that no more than WINDOW answers are waited for; they count as asked."""
        waiting = sum(one.due > now for sha256, one in self._asked.items() if sha256 not in self.turns)
        due = [row for row in rows if row.sha256 not in self.turns and self._due(row.sha256) <= now]
        chosen = due[: max(0, WINDOW - waiting)]
        for row in chosen:
            asked = self._asked.setdefault(row.sha256, Asked())
            asked.due = now + ANSWER_S + asked.later.next()
        return chosen

    def _due(self, sha256: str) -> float:
        asked = self._asked.get(sha256)
        return asked.due if asked else 0.0

    def may(self, row: Row, answer: Answer) -> None:
        """A ticket has come; a newer one takes the place of an older."""
        before = self.turns.get(row.sha256)
        offset = max(answer.offset, before.offset) if before else answer.offset
        self.turns[row.sha256] = Turn(row, answer, offset, sure=before is None)

    def next(self) -> Turn | None:
        """Whose piece goes now."""
        return min(self.turns.values(), key=_place, default=None)


def _place(turn: Turn) -> tuple[int, bool, float, str]:
    """One that cannot be sent lets the others pass."""
    return turn.failed, turn.row.bytes > SMALL, turn.row.at, turn.row.sha256


class PieceSize:
    """As much at once as takes a few seconds: 1 to 8 MiB, whole pieces as the cloud seals them."""

    def __init__(self) -> None:
        self.bytes = MIB

    def took(self, count: int, seconds: float) -> None:
        """So many went in so long."""
        if count >= self.bytes and seconds < 2:
            self.bytes = min(8 * MIB, self.bytes * 2)
        elif seconds > 10:
            self.bytes = max(MIB, self.bytes // 2)
