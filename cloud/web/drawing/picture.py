"""A drawing as a picture that needs nothing else: for the record without JavaScript, for paper, for a PDF.

The right eye's diagram and everything on it stand in one group, mirrored for the left eye; words never are.
"""

import math
from collections.abc import Iterator

from markupsafe import Markup, escape

from cloud.web.drawing.drawn import Doodle, Drawing
from cloud.web.drawing.findings import text
from cloud.web.drawing.shapes import TINTS, shapes
from cloud.web.drawing.vocabulary import Canvas, Language, Sign, canvas, phrases

INK = "#3d4a4e"
BOX = "-126 -126 252 252"


def picture(drawing: Drawing, language: Language = "en", title: str = "") -> Markup:
    """SVG of 252 units square, the diagram's radius 100; an unknown canvas gives an empty one."""
    known = canvas(drawing.canvas)
    inside = Markup(_inside(known, drawing, language) if known else "")  # noqa: S704 our shapes, numbers, escaped words
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawing-picture" viewBox="{}" color="{}" role="img" '
        'aria-label="{}" font-family="sans-serif">{}</svg>'
    ).format(BOX, INK, title or text(drawing, language), inside)


def _inside(known: Canvas, drawing: Drawing, language: Language) -> str:
    side = known.side(drawing.eye)
    doodles = "".join(_doodle(known, side, one) for one in drawing.doodles)
    strokes = "".join(_stroke(side, one) for one in drawing.strokes)
    return (
        f'<g transform="scale({side} 1)"><g class="drawing-diagram">{shapes()["canvas-" + known.code]}</g>'
        f'<g data-doodles="">{doodles}</g><g data-strokes="" fill="none" stroke="currentColor" stroke-width="1.6" '
        f'stroke-linecap="round" stroke-linejoin="round">{strokes}</g></g>'
        f'<g data-labels="">{"".join(_labels(drawing))}</g>'
        f'<g class="drawing-words" font-size="9" fill="currentColor">{"".join(_words(known, side, language))}</g>'
    )


def _doodle(known: Canvas, side: int, one: Doodle) -> str:
    sign = known.sign(one.code)
    if sign is None:
        return ""
    return (
        f'<g class="tint-{escape(sign.tint)}" color="{TINTS[sign.tint]}" transform="{placed(sign, side, one)}">'
        f"{shapes()[sign.shape]}</g>"
    )


def placed(sign: Sign, side: int, one: Doodle) -> str:
    """Where and how large a shape stands in the right eye's diagram."""
    x, y = side * one.x, one.y
    turn = side * one.turn + (math.degrees(math.atan2(-y, x)) if sign.aim else 0)
    return f"translate({_n(x * 100)} {_n(-y * 100)}) rotate({_n(turn)}) scale({_n(one.size * 100)})"


def _stroke(side: int, points: list[tuple[float, float]]) -> str:
    line = " ".join(f"{_n(side * x * 100)},{_n(-y * 100)}" for x, y in points)
    return f'<polyline points="{line}"/>'


def _labels(drawing: Drawing) -> Iterator[str]:
    for one in drawing.doodles:
        if mark := label(one):
            x, y = one.x * 100 + one.size * 72, -one.y * 100 - one.size * 72
            yield (
                f'<text x="{_n(x)}" y="{_n(y)}" font-size="9" font-weight="600" '
                f'fill="currentColor">{escape(mark)}</text>'
            )


def label(one: Doodle) -> str:
    """What stands beside a doodle: its grade, or how many."""
    if one.grade is not None:
        return f"{one.grade:g}"
    return f"×{one.count}" if one.count else ""


def _words(known: Canvas, side: int, language: Language) -> Iterator[str]:
    pieces = phrases()
    left, right = (pieces.temporal, pieces.nasal) if side > 0 else (pieces.nasal, pieces.temporal)
    if known.place == "height":
        left, right = pieces.front, pieces.back
    yield f'<text x="-124" y="-116">{escape(left.in_language(language))}</text>'
    yield f'<text x="124" y="-116" text-anchor="end">{escape(right.in_language(language))}</text>'
    if known.place == "clock":
        yield from map(_hour, range(1, 13))


def _hour(hour: int) -> str:
    angle = math.radians(hour * 30)
    x, y = 113 * math.sin(angle), -113 * math.cos(angle)
    return f'<text x="{_n(x)}" y="{_n(y + 3.2)}" font-size="8" fill-opacity=".75" text-anchor="middle">{hour}</text>'


def _n(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}"
