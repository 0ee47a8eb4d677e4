"""How far a gateway's sequence is complete: a high-water mark and the islands beyond a gap."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Every row up to ``hwm`` is safe, and so are the ``islands`` (first, last) beyond it, in order."""

    hwm: int = 0
    islands: tuple[tuple[int, int], ...] = ()

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """The spans that are missing before the last row known."""
        starts = (self.hwm, *(last for _, last in self.islands))
        return tuple((last + 1, first - 1) for last, (first, _) in zip(starts, self.islands, strict=False))

    def with_rows(self, rows: Iterable[int]) -> "Progress":
        """The progress after these rows are safe too."""
        fresh = [(row, row) for row in rows if row > self.hwm]
        return self._joined(sorted([*self.islands, *fresh]))

    def _joined(self, spans: list[tuple[int, int]]) -> "Progress":
        hwm, islands = self.hwm, list[tuple[int, int]]()
        for first, last in spans:
            if first <= hwm + 1:
                hwm = max(hwm, last)
            elif islands and first <= islands[-1][1] + 1:
                islands[-1] = (islands[-1][0], max(islands[-1][1], last))
            else:
                islands.append((first, last))
        return Progress(hwm, tuple(islands))
