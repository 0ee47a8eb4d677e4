"""What a plot says. Feature rooms fill these; nothing here knows what is plotted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from cloud.web.charts.scales import Extent, extent

Values = Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Track:
    """One line in pieces: between two pieces nothing is known, and nothing is drawn."""

    name: str
    pieces: Sequence[Values]

    @property
    def values(self) -> list[tuple[datetime, float]]:
        """All of them by time."""
        return [one for piece in self.pieces for one in piece]


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over the time from ``start`` to ``end`` (aware, UTC) on one scale that begins at 0 or below."""

    title: str
    unit: str
    start: datetime
    end: datetime
    tracks: Sequence[Track] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(track.pieces for track in self.tracks)

    @property
    def heading(self) -> str:
        """The title with its unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def height(self) -> Extent:
        """From 0, or the lowest value below it, to the highest, in round steps."""
        values = [Decimal(str(value)) for track in self.tracks for _, value in track.values]
        return extent([Decimal(0), *values] if any(values) else [Decimal(0), Decimal(1)], about=4)


HOURS = (1, 2, 3, 6, 12, 24, 48, 168, 336, 720)


def ticks(start: datetime, end: datetime, about: int = 6) -> list[datetime]:
    """Round hours or midnights of the zone ``start`` is in, at most about that many."""
    hours = (end - start).total_seconds() / 3600
    every = next((step for step in HOURS if hours <= step * about), HOURS[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    many = int((end - midnight).total_seconds() // 3600) // every + 1
    # wall-clock steps: where the clocks change, a midnight stays a midnight
    found = [midnight + timedelta(hours=every * nth) for nth in range(many + 1)]
    return [at for at in found if start <= at <= end]
