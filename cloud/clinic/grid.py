"""An element of the record laid out for reading: eyes as rows or as columns, only what is recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from markupsafe import Markup

from cloud.clinic import wording
from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element, Field, Group, Kind, Words
from cloud.clinic.choices import Side
from cloud.clinic.places import Place
from cloud.clinic.sheet import Item, Sheet
from cloud.clinic.wording import Mark, Sources
from cloud.web.notation import Notation

EYES = (Side.RIGHT, Side.LEFT, Side.BOTH)
_EYE: dict[Side, Literal["right", "left", "both"]] = {Side.RIGHT: "right", Side.LEFT: "left", Side.BOTH: "both"}
_FIGURES = (Kind.POWER, Kind.AXIS, Kind.NUMBER, Kind.TIME)


class Said(Protocol):
    """What a margin says of a value, against the last visit or an earlier version; ``beyond`` is worth a look."""

    @property
    def words(self) -> str:
        """In words."""

    @property
    def beyond(self) -> bool:
        """Whether the eye should catch it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The plainest of them."""

    words: str
    beyond: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is read; ``title`` is the same in other notations, ``drawn`` the JSON of a drawing."""

    place: Place
    text: str | Markup
    mark: Mark
    title: str = ""
    figure: bool = True
    missing: bool = False
    drawn: object = None
    canvas: str = ""
    difference: Said | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its heading and a cell under every column; None where nothing is recorded."""

    head: str
    cells: tuple[Cell | None, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading with the unit of what stands below."""

    head: str
    unit: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One recording of an element. ``facts`` are values of no eye and long texts; ``mark`` is what all values share."""

    n: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str, Cell], ...]
    drawings: tuple[Cell, ...]
    mark: Mark | None
    eyes_down: bool  # eyes are the rows, so that a column holds one field


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: the chain's notation, the language, and what the marks' words need."""

    notation: Notation
    language: str
    sources: Sources = field(default_factory=Sources)
    began: datetime | None = None


def grids(element: str, sheet: Sheet, reader: Reader, differences: Mapping[Place, Said] | None = None) -> list[Grid]:
    """Every recording of an element, in order; none where nothing is recorded."""
    cell = _celled(sheet, reader, differences or {})
    known = _type(element, sheet)
    return [
        _grid(known, n, [cell(place) for place, _item in sheet.of(element, n)], reader)
        for n in sheet.instances(element)
    ]


def order(layout: Iterable[Mapping[str, object]], sheet: Sheet) -> list[str]:
    """Elements that are recorded, in the order of the examination; what the template did not ask for comes last."""
    said = {place.element for place in sheet}
    asked = [str(place["element"]) for place in layout]
    rest = [code for code in registry.elements() if code not in asked]
    known = [code for code in (*asked, *rest) if code in said]
    return known + sorted(said - set(known))


def grouped(elements: Iterable[str]) -> list[tuple[Group, list[str]]]:
    """Elements under the headings of the examination; what belongs to none comes last."""
    groups = {code: (group, list[str]()) for code, group in registry.groups().items()}
    other = (Group("other", Words("Other", "其他")), list[str]())
    for code in elements:
        known = registry.elements().get(code)
        groups.get(known.group if known else "", other)[1].append(code)
    return [(group, inside) for group, inside in (*groups.values(), other) if inside]


def title(element: str, language: str) -> str:
    """What an element is called; one that a later catalogue no longer has goes by its code."""
    try:
        return registry.element(element).title.said(language)
    except LookupError:
        return element


def template_title(template: str, language: str) -> str:
    """What a template is called; one that a later catalogue no longer has goes by its code."""
    known = registry.templates().get(template)
    return known.title.said(language) if known else template


def field_title(place: Place, language: str) -> str:
    """What a field is called."""
    spec = wording.known(place)
    return spec.title.said(language) if spec else place.field


def place_title(place: Place, reader: Reader) -> str:
    """Where a value stands, in words: ``Manifest refraction 2, Axis, OD``."""
    number = f" {place.n}" if place.n > 1 else ""
    parts = [f"{title(place.element, reader.language)}{number}", field_title(place, reader.language)]
    return ", ".join([*parts, *filter(None, [eye(place.side, reader.notation)])])


def eye(side: Side, notation: Notation) -> str:
    """The heading of a side; nothing for what is of no eye."""
    return notation.eye(_EYE[side]) if side in _EYE else ""


def _type(element: str, sheet: Sheet) -> Element:
    """The element's type, widened by what was recorded and is no longer in it: an old record stays readable."""
    try:
        known = registry.element(element)
    except LookupError:
        known = Element(element, 0, Words(element, element), "", ())
    have = {one.code for one in known.fields}
    gone = sorted({place.field for place, _item in sheet.of(element)} - have)
    more = tuple(Field(code, Words(code, code), Kind.TEXT, eyes="RLBN") for code in gone)
    return Element(known.code, known.version, known.title, known.group, known.fields + more, known.layout)


def _celled(sheet: Sheet, reader: Reader, differences: Mapping[Place, Said]) -> Callable[[Place], Cell]:
    def cell(place: Place) -> Cell:
        item, spec = sheet[place], wording.known(place)
        return Cell(
            place,
            wording.aligned(place, item, reader.notation, reader.language),
            wording.provenance(place, item, reader.sources, reader.notation, reader.language, reader.began),
            title=wording.also(place, item),
            figure=_kind(place) in _FIGURES,
            missing=item.quality in wording.NO_VALUE_WORDS,
            drawn=_drawn(place, item),
            canvas=spec.canvas if spec else "",
            difference=differences.get(place),
        )

    return cell


def _kind(place: Place) -> Kind:
    spec = wording.known(place)
    return spec.kind if spec else Kind.TEXT


def _drawn(place: Place, item: Item) -> object:
    return item.value.structure if item.value and _kind(place) is Kind.DRAWING else None


def _grid(known: Element, n: int, cells: Sequence[Cell], reader: Reader) -> Grid:
    at = {(one.place.field, one.place.side): one for one in cells if one.drawn is None}
    tabled = [f for f in known.fields if any((f.code, side) in at for side in EYES)]
    sides = [side for side in EYES if any((f.code, side) in at for f in tabled)]
    facts = [
        (f.title.said(reader.language), f.unit, at[f.code, Side.NONE])
        for f in known.fields
        if (f.code, Side.NONE) in at
    ]
    columns, lines = (_eye_rows if known.layout == "eye_rows" else _eye_columns)(tabled, sides, at, reader)
    drawings = tuple(one for one in cells if one.drawn is not None)
    return Grid(n, columns, lines, tuple(facts), drawings, _shared(cells), known.layout == "eye_rows")


_At = Mapping[tuple[str, Side], Cell]
_Table = tuple[tuple[Column, ...], tuple[Line, ...]]


def _eye_rows(fields: Sequence[Field], sides: Sequence[Side], at: _At, reader: Reader) -> _Table:
    columns = tuple(Column(f.title.said(reader.language), f.unit, f.kind in _FIGURES) for f in fields)
    rows = (Line(eye(side, reader.notation), tuple(at.get((f.code, side)) for f in fields)) for side in sides)
    return columns, tuple(rows)


def _eye_columns(fields: Sequence[Field], sides: Sequence[Side], at: _At, reader: Reader) -> _Table:
    columns = tuple(Column(eye(side, reader.notation)) for side in sides)
    rows = (
        Line(f.title.said(reader.language), tuple(at.get((f.code, side)) for side in sides), f.unit) for f in fields
    )
    return columns, tuple(rows)


def _shared(cells: Sequence[Cell]) -> Mark | None:
    """The mark all values have in common: said once, beside the heading."""
    marks = {one.mark for one in cells}
    return marks.pop() if len(marks) == 1 else None
