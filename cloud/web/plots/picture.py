"""A plot as a still picture: without JavaScript and on paper. Colours and dashes come from css/plots.css by class."""

from collections.abc import Iterator
from decimal import Decimal

from markupsafe import Markup, escape

from cloud.web import times
from cloud.web.charts.picture import number
from cloud.web.charts.scales import Extent
from cloud.web.plots.spec import Plot, Track, Values, ticks

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 28
STYLES = 8  # kinds of line in css/plots.css


def drawn(plot: Plot) -> Markup:
    """SVG of 640 by 220 units; the values stand in the table beside it."""
    inside = Markup("".join(_parts(plot)))  # noqa: S704 our shapes and numbers; every word in it is escaped
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart-picture" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, plot.heading, inside)


def sample(nth: int) -> Markup:
    """The line's sample in the legend."""
    return Markup(
        '<svg class="chart-sample plot-{}" width="34" height="12" viewBox="-17 -6 34 12" aria-hidden="true">'
        '<path d="M-16 0H16"/></svg>'
    ).format(nth % STYLES)


def _parts(plot: Plot) -> Iterator[str]:
    up = plot.height()
    for tick in up.ticks:
        y = _y(up, float(tick))
        yield f'<path class="chart-grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
        yield f'<text class="chart-tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{number(Decimal(tick))}</text>'
    yield from _times(plot)
    yield f'<path class="chart-axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    for nth, track in enumerate(plot.tracks):
        yield _track(plot, up, nth, track)


def _times(plot: Plot) -> Iterator[str]:
    start, end = times.in_store(plot.start), times.in_store(plot.end)
    days = (end - start).total_seconds() > 2 * 86_400
    for at in ticks(start, end):
        x = round(LEFT + (at - start) / (end - start) * (WIDTH - LEFT - RIGHT), 1)
        words = f"{at:%m-%d}" if days or not (at.hour or at.minute) else f"{at:%H:%M}"
        yield f'<path class="chart-tack" d="M{x} {HEIGHT - BOTTOM}v5"/>'
        yield f'<text class="chart-tick" x="{x}" y="{HEIGHT - 8}" text-anchor="middle">{words}</text>'


def _track(plot: Plot, up: Extent, nth: int, track: Track) -> str:
    path = "".join(_piece(plot, up, piece) for piece in track.pieces)
    return f'<g class="plot-{nth % STYLES}"><path d="{path}"/><title>{escape(track.name)}</title></g>'


def _piece(plot: Plot, up: Extent, piece: Values) -> str:
    """A line; a value all by itself is a dot, which a line of no length with round ends is."""
    places = [f"{_x(plot, at.timestamp())} {_y(up, value)}" for at, value in piece]
    return f"M{places[0]}" + ("".join(f"L{place}" for place in places[1:]) or "h0")


def _x(plot: Plot, at: float) -> float:
    part = (at - plot.start.timestamp()) / (plot.end - plot.start).total_seconds()
    return round(LEFT + min(1.0, max(0.0, part)) * (WIDTH - LEFT - RIGHT), 1)


def _y(up: Extent, value: float) -> float:
    part = min(1.0, max(0.0, up.part(Decimal(str(value)))))
    return round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1)
