"""What was drawn: the value of a record's field of kind ``drawing``.

Coordinates are those of the unit circle as the examiner sees that eye: x to the right, y up. Sizes are half widths in
radii of the diagram, turns are degrees clockwise. Values are kept to three decimals, so that the same drawing is
always the same text.
"""

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

from cloud.web.drawing.errors import UnreadableDrawing
from cloud.web.drawing.vocabulary import Canvas, Eye, Sign, canvas

Coordinate = Annotated[float, msgspec.Meta(ge=-1.3, le=1.3)]
Point = tuple[Coordinate, Coordinate]
Stroke = Annotated[list[Point], msgspec.Meta(min_length=1, max_length=2000)]


class Doodle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sign where it was placed."""

    code: str
    x: Coordinate
    y: Coordinate
    size: Annotated[float, msgspec.Meta(gt=0, le=1.2)]
    turn: Annotated[float, msgspec.Meta(ge=-360, le=360)] = 0
    grade: float | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=999)] | None = None


class Drawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One eye on one canvas; ``strokes`` are free lines without a meaning of their own."""

    version: Literal[1]
    canvas: str
    eye: Eye
    doodles: Annotated[list[Doodle], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)
    strokes: Annotated[list[Stroke], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=list)
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was drawn or noted."""
        return not (self.doodles or self.strokes or self.note)


def blank(code: str, eye: Eye) -> Drawing:
    """An empty sheet."""
    return Drawing(version=1, canvas=code, eye=eye)


def read(value: Any) -> Drawing:
    """A drawing from its JSON text or from what that text decodes to.

    Raises:
        UnreadableDrawing: it is none, or says what its canvas does not know.
    """
    try:
        whole = isinstance(value, str | bytes)
        drawing = msgspec.json.decode(value, type=Drawing) if whole else msgspec.convert(value, Drawing)
    except (msgspec.MsgspecError, UnicodeError) as why:
        raise UnreadableDrawing(str(why)) from None
    _check(drawing)
    return drawing


def write(drawing: Drawing) -> str:
    """The drawing as JSON text, numbers to three decimals."""
    return msgspec.json.encode(_rounded(msgspec.to_builtins(drawing))).decode()


def mirrored(drawing: Drawing) -> Drawing:
    """The same findings in the same places of the other eye."""
    known = canvas(drawing.canvas)
    side = -1 if known is None or known.mirrors else 1
    doodles = [msgspec.structs.replace(one, x=side * one.x, turn=side * one.turn) for one in drawing.doodles]
    strokes = [[(side * x, y) for x, y in stroke] for stroke in drawing.strokes]
    return msgspec.structs.replace(drawing, eye="L" if drawing.eye == "R" else "R", doodles=doodles, strokes=strokes)


def _check(drawing: Drawing) -> None:
    known = canvas(drawing.canvas)
    if known is None:
        raise UnreadableDrawing("there is no such canvas - at `$.canvas`")
    for at, doodle in enumerate(drawing.doodles):
        for why in _faults(known, doodle):
            raise UnreadableDrawing(f"{why} - at `$.doodles[{at}]`")


def _faults(known: Canvas, doodle: Doodle) -> Iterator[str]:
    sign = known.sign(doodle.code)
    if sign is None:
        yield "this canvas has no such finding"
    elif doodle.count is not None and not sign.count:
        yield "this finding is not counted"
    elif doodle.grade is not None and not _is_grade(sign, doodle.grade):
        yield "this finding has no such grade"


def _is_grade(sign: Sign, grade: float) -> bool:
    if sign.grade is None or not sign.grade.first <= grade <= sign.grade.last:
        return False
    steps = (grade - sign.grade.first) / sign.grade.step
    return math.isclose(steps, round(steps), abs_tol=1e-6)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        short = round(value, 3)
        return int(short) if short == int(short) else short
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
