"""What a chart says. Feature rooms fill these; nothing here knows what is charted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from cloud.web.notation import MINUS

Eye = Literal["R", "L"]
MarkKind = Literal["treatment", "device", "event"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value at one time (aware, UTC).

    ``shown`` is the value in the trade's notation (``−1.75``); empty, it is the number with a true minus. ``method``
    is how it was measured: values of different methods never stand in one line. ``href`` leads to where it is from.
    """

    at: datetime
    value: Decimal
    shown: str = ""
    note: str = ""
    method: str = ""
    href: str = ""

    @property
    def text(self) -> str:
        """The value as it is read."""
        return self.shown or f"{self.value:f}".replace("-", MINUS)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one eye; ``name`` tells apart what stands in the same chart (``K1``, ``K2``)."""

    eye: Eye
    points: Sequence[Point]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A normal range with the source it is from; a side without a bound is open."""

    low: Decimal | None
    high: Decimal | None
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened: a treatment (``until`` empty while it goes on), a change of device, an event."""

    at: datetime
    kind: MarkKind
    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A level to keep to, of one eye or of both."""

    value: Decimal
    words: str
    eye: Eye | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is joined by one line: one eye, one name, one method; ``nth`` counts them within the eye."""

    eye: Eye
    name: str
    method: str
    nth: int
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; ``axis`` names what goes up, ``unit`` its unit, empty where there is none."""

    title: str
    axis: str
    unit: str = ""
    series: Sequence[Series] = ()
    bands: Sequence[Band] = ()
    marks: Sequence[Mark] = ()
    targets: Sequence[Target] = field(default=())

    @property
    def heading(self) -> str:
        """What goes up, with its unit."""
        return f"{self.axis} ({self.unit})" if self.unit else self.axis

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(one.points for one in self.series)

    def lines(self) -> list[Line]:
        """Right eye first, one line for each name and method, points by time."""
        found: list[Line] = []
        for eye in ("R", "L"):
            groups: dict[tuple[str, str], list[Point]] = {}
            for one in self.series:
                for point in one.points if one.eye == eye else ():
                    groups.setdefault((one.name, point.method), []).append(point)
            found += [
                _line("R" if eye == "R" else "L", nth, key, group) for nth, (key, group) in enumerate(groups.items())
            ]
        return found


def _line(eye: Eye, nth: int, key: tuple[str, str], points: Sequence[Point]) -> Line:
    return Line(eye, key[0], key[1], nth, sorted(points, key=lambda point: point.at))
