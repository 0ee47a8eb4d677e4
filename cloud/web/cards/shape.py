"""The shape of a card, without a word of HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

Cell = str | Markup


class Fact(NamedTuple):
    """One value of the whole reading."""

    label: str
    value: Cell


class Line(NamedTuple):
    """One quantity, a cell an eye; ``main`` lines are what the card is read for, ``words`` are not numbers."""

    label: str
    cells: Sequence[Cell]
    main: bool = False
    words: bool = False


class Series(NamedTuple):
    """The single measurements of one eye."""

    eye: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class Column(NamedTuple):
    """One eye or lens: its short heading and what it means."""

    head: str
    meaning: str


class Drawn(NamedTuple):
    """A map of one eye: its heading, the drawing (SVG, classes of css/maps.css), what its signs mean."""

    head: str
    drawing: Markup
    signs: Sequence[tuple[Markup, str]] = ()


class Viewed(NamedTuple):
    """Bytes that are looked at elsewhere: digests of the file and of its thumbnail, and what it is in words."""

    sha256: str
    words: str
    thumbnail: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A reading, ready to be laid out; ``remarks`` are sentences about how it is to be read."""

    kind: str
    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    facts: Sequence[Fact] = ()
    series: Sequence[Series] = ()
    also: Sequence[Fact] = ()
    drawn: Sequence[Drawn] = ()
    tables: Sequence[Series] = ()
    remarks: Sequence[str] = ()
    viewed: Viewed | None = None
