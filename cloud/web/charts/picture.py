"""A chart as a still picture: without JavaScript, on paper, in a PDF. Colours come from css/charts.css by class.

The right eye is a solid line with round marks, the left a dashed one with triangles; a second method of the same eye
has hollow marks, a third has squares or diamonds. Words that would run into each other stand on two levels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from markupsafe import Markup, escape

from cloud.web import times
from cloud.web.charts.scales import Extent, Span, height, moments, span
from cloud.web.charts.spec import Band, Chart, Line, Mark, Target
from cloud.web.notation import MINUS

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 40, 30

RIGHT_MARKS = (
    '<circle class="full" r="3.6"/>',
    '<circle class="hollow" r="3.6"/>',
    '<path class="full" d="M-3.400 -3.400h6.800v6.800h-6.800z"/>',
    '<path class="hollow" d="M-3.400 -3.400h6.800v6.800h-6.800z"/>',
)
LEFT_MARKS = (
    '<path class="full" d="M0 -4.500L4.200 3.200H-4.200z"/>',
    '<path class="hollow" d="M0 -4.500L4.200 3.200H-4.200z"/>',
    '<path class="full" d="M0 -4.800L4.800 0 0 4.800 -4.800 0z"/>',
    '<path class="hollow" d="M0 -4.800L4.800 0 0 4.800 -4.800 0z"/>',
)


@dataclass(frozen=True, slots=True)
class Plane:
    """From values and moments to places in the picture."""

    up: Extent
    along: Span

    def x(self, at: datetime) -> float:
        """Across."""
        return round(LEFT + self.along.part(at) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: Decimal) -> float:
        """Down; what lies outside is drawn at the edge."""
        part = min(1.0, max(0.0, self.up.part(value)))
        return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)


def picture(chart: Chart) -> Markup:
    """SVG of 640 by 300 units with the classes of css/charts.css; the values stand in the table beside it."""
    plane = Plane(height(chart), span(chart))
    parts = "".join(_parts(chart, plane))
    inside = Markup(parts)  # noqa: S704 our shapes and numbers; every word in it is escaped where it enters
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-picture" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, f"{chart.title}, {chart.heading}", inside)


def marks_of(line: Line) -> Markup:
    """The shape of a line's points."""
    kinds = RIGHT_MARKS if line.eye == "R" else LEFT_MARKS
    return Markup(kinds[line.nth % len(kinds)])  # noqa: S704 one of ours


def number(value: Decimal) -> str:
    """A tick's number with a true minus and no needless zeros."""
    plain = f"{value.normalize():f}" if value else "0"
    return plain.replace("-", MINUS)


def _parts(chart: Chart, plane: Plane) -> Iterator[str]:
    yield from (_band(plane, band) for band in chart.bands)
    yield from _grid(plane)
    yield from (_mark(plane, mark, level) for mark, level in _levels(chart, plane))
    yield from (_target(plane, target) for target in chart.targets)
    yield from (_line(plane, line) for line in chart.lines())


def _band(plane: Plane, band: Band) -> str:
    top = plane.y(plane.up.high if band.high is None else band.high)
    low = plane.y(plane.up.low if band.low is None else band.low)
    return (
        f'<rect class="chart-band" x="{LEFT}" y="{top}" width="{WIDTH - LEFT - RIGHT}" height="{round(low - top, 1)}"/>'
        if low > top
        else ""
    )


def _grid(plane: Plane) -> Iterator[str]:
    for tick in plane.up.ticks:
        y = plane.y(tick)
        yield f'<path class="chart-grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
        yield f'<text class="chart-tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{number(tick)}</text>'
    days = (plane.along.end - plane.along.start).days
    for at in moments(plane.along):
        x = plane.x(at)
        yield f'<path class="chart-tack" d="M{x} {HEIGHT - BOTTOM}v5"/>'
        yield f'<text class="chart-tick" x="{x}" y="{HEIGHT - 10}" text-anchor="middle">{_date(at, days)}</text>'
    yield f'<path class="chart-axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'


def _date(at: datetime, days: int) -> str:
    return f"{at:%Y-%m-%d}" if days <= 90 else f"{at:%Y-%m}" if days <= 365 * 6 else f"{at:%Y}"


def _levels(chart: Chart, plane: Plane) -> Iterator[tuple[Mark, int]]:
    ends = [0.0, 0.0]
    for mark in sorted(chart.marks, key=lambda one: one.at):
        x = plane.x(mark.at)
        level = 0 if x >= ends[0] else 1
        ends[level] = x + 14 + 6.2 * sum(2 if letter > "\u2e80" else 1 for letter in mark.words)
        yield mark, level


def _mark(plane: Plane, mark: Mark, level: int) -> str:
    x, end = plane.x(mark.at), plane.x(mark.until or plane.along.end)
    y = 13 + level * 14
    treated = mark.kind == "treatment"
    area = (
        f'<rect class="chart-treated" x="{x}" y="{TOP}" width="{max(0.0, round(end - x, 1))}" height="4"/>'
        if treated
        else ""
    )
    stop = f'<path class="chart-mark" d="M{end} {TOP}V{HEIGHT - BOTTOM}"/>' if treated and mark.until else ""
    anchor, at = ("end", x - 4) if x > WIDTH * 0.7 else ("start", x + 4)
    return (
        f'<g class="chart-{mark.kind}">{area}{stop}<path class="chart-mark" d="M{x} {y - 9}V{HEIGHT - BOTTOM}"/>'
        f'<text x="{at}" y="{y}" text-anchor="{anchor}">{escape(mark.words)}</text></g>'
    )


def _target(plane: Plane, target: Target) -> str:
    y = plane.y(target.value)
    return (
        f'<g class="chart-target"><path d="M{LEFT} {y}H{WIDTH - RIGHT}"/><text x="{WIDTH - RIGHT - 4}" y="{y - 4}" '
        f'text-anchor="end">{escape(target.words)} {number(target.value)}</text></g>'
    )


def _line(plane: Plane, line: Line) -> str:
    places = [(plane.x(point.at), plane.y(point.value)) for point in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    shape = marks_of(line)
    dots = "".join(
        f'<g transform="translate({x} {y})">{shape}<title>{_says(line, at)}</title></g>'
        for at, (x, y) in enumerate(places)
    )
    return f'<g class="chart-line chart-{line.eye}"><polyline points="{path}"/>{dots}</g>'


def _says(line: Line, at: int) -> str:
    point = line.points[at]
    words = (times.day(point.at), line.name, point.text, point.method, point.note)
    return str(escape(", ".join(word for word in words if word)))
