"""The parts of a picture: scales, strokes and labels for the SVG of ``calculators/pictures.html``.

Positions are for the eye and may be binary fractions; every number written beside them is the exact one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.words import Words

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 520, 300, 68, 24, 34, 52
MIDDLE, REACH = 130, 88


def same(text: object) -> Words:
    """What reads alike in every language."""
    return Words(str(text), str(text))


@dataclass(frozen=True, slots=True)
class Text:
    """A label with its place; ``anchor`` as SVG has it."""

    x: float
    y: float
    words: Words
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or a shape through points; ``look`` is its class."""

    points: str
    look: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Strokes, dots and labels, and their numbers as a table."""

    title: Words
    width: int
    height: int
    strokes: tuple[Stroke, ...]
    texts: tuple[Text, ...]
    dots: tuple[tuple[float, float], ...]
    circle: tuple[float, float, float] | None
    heads: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places between two ends."""

    least: float
    most: float
    start: float
    end: float

    def at(self, value: object) -> float:
        """The place of a value, held within the ends."""
        share = (float(str(value)) - self.least) / ((self.most - self.least) or 1)
        return round(self.start + min(max(share, 0), 1) * (self.end - self.start), 1)


def across(least: float, most: float) -> Scale:
    """A horizontal scale of a plot."""
    return Scale(least, most, LEFT, WIDTH - RIGHT)


def upward(least: float, most: float) -> Scale:
    """A vertical scale of a plot."""
    return Scale(least, most, HEIGHT - BOTTOM, TOP)


def line(points: Sequence[tuple[float, float]], look: str) -> Stroke:
    """A stroke through places."""
    return Stroke(" ".join(f"{x},{y}" for x, y in points), look)


def plot(
    title: Words,
    axes: tuple[Words, Words],
    scales: tuple[Scale, Scale],
    ticks: tuple[Sequence[object], Sequence[object]],
    strokes: Sequence[Stroke],
    dots: Sequence[tuple[float, float]],
    rows: Sequence[tuple[Words, ...]],
    labels: Sequence[Text] = (),
    heads: tuple[Words, ...] = (),
) -> Picture:
    """Curves between two labelled axes."""
    x, y = scales
    grid = [line([(x.at(t), TOP), (x.at(t), HEIGHT - BOTTOM)], "grid") for t in ticks[0]]
    grid += [line([(LEFT, y.at(t)), (WIDTH - RIGHT, y.at(t))], "grid") for t in ticks[1]]
    texts = [Text(x.at(t), HEIGHT - BOTTOM + 18, same(t)) for t in ticks[0]]
    texts += [Text(LEFT - 8, y.at(t) + 5, same(str(t).replace("-", "−")), "end") for t in ticks[1]]
    texts += [Text(WIDTH - RIGHT, HEIGHT - 6, axes[0], "end"), Text(4, TOP - 16, axes[1], "start")]
    whole = (*grid, *strokes)
    return Picture(title, WIDTH, HEIGHT, whole, (*texts, *labels), tuple(dots), None, heads or axes, tuple(rows))


@dataclass(frozen=True, slots=True)
class Bar:
    """A range on a number line with a look."""

    words: Words
    start: Decimal
    end: Decimal
    look: str


def number_line(title: Words, unit: str, bars: Sequence[Bar], dots: Sequence[tuple[Words, Decimal]]) -> Picture:
    """Ranges and points over one axis."""
    every = [float(v) for bar in bars for v in (bar.start, bar.end)] + [float(v) for _w, v in dots] + [0.0]
    step = _step(max(every) - min(every))
    x = across(math.floor(min(every) / step) * step, math.ceil(max(every) / step) * step or step)
    height = 44 + 44 * (len(bars) + len(dots))
    foot = height - 34
    strokes, texts, marks = [], [], []
    tick = x.least
    while tick <= x.most + step / 9:
        strokes.append(line([(x.at(tick), 6), (x.at(tick), foot)], "zero" if abs(tick) < step / 9 else "grid"))
        texts.append(Text(x.at(tick), foot + 18, same(f"{tick:g}".replace("-", "−"))))
        tick += step
    for at, bar in enumerate(bars):
        strokes.append(line([(x.at(bar.start), 38 + 44 * at), (x.at(bar.end), 38 + 44 * at)], bar.look))
        texts.append(Text(LEFT, 24 + 44 * at, bar.words, "start"))
    for at, (words, value) in enumerate(dots, start=len(bars)):
        marks.append((x.at(value), 38.0 + 44 * at))
        texts.append(Text(LEFT, 24 + 44 * at, words, "start"))
    rows = [(bar.words, same(f"{short(bar.start)} … {short(bar.end)}")) for bar in bars]
    rows += [(words, same(short(value))) for words, value in dots]
    heads = (Words("What", "项目"), Words(f"Value, {unit}", f"数值（{unit}）"))
    return Picture(title, WIDTH, height, tuple(strokes), tuple(texts), tuple(marks), None, heads, tuple(rows))


def ticks(least: float, most: float) -> list[Decimal]:
    """Round numbers between two ends, few enough to read."""
    step = next(
        one for one in (Decimal(part) / 100 for part in (2, 5, 10, 20, 50, 100, 200, 500)) if _few(least, most, one)
    )
    first = math.ceil(least / float(step))
    return [step * at for at in range(first, math.floor(most / float(step)) + 1)]


def _few(least: float, most: float, step: Decimal) -> bool:
    return (most - least) / float(step) <= 6


def _step(span: float) -> float:
    return next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 500, 1000) if span / step <= 9)


def short(value: Decimal) -> str:
    """A number without needless zeros, with a true minus."""
    return f"{value.normalize():f}".replace("-", "−")
