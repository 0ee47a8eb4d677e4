"""The chart for the browser: plain JSON, times in milliseconds, words ready to be shown."""

import json
from datetime import datetime
from typing import Any

from cloud.web import times
from cloud.web.charts.scales import height
from cloud.web.charts.spec import Chart, Line, Point
from cloud.web.frame import current_frame


def told(chart: Chart) -> str:
    """JSON text; numbers are for places only, what is read is text."""
    up = height(chart)
    whole = {
        "heading": chart.heading,
        "low": float(up.low),
        "high": float(up.high),
        "lines": [_line(line) for line in chart.lines()],
        "bands": [{"low": _number(band.low), "high": _number(band.high), "name": band.name} for band in chart.bands],
        "marks": [
            {"at": _ms(mark.at), "until": mark.until and _ms(mark.until), "kind": mark.kind, "words": mark.words}
            for mark in chart.marks
        ],
        "targets": [{"value": float(one.value), "words": one.words} for one in chart.targets],
    }
    return json.dumps(whole, ensure_ascii=False)


def legend(line: Line) -> str:
    """``OD, K1, GAT``: whose, which and how measured."""
    eye = current_frame().notation.eye("right" if line.eye == "R" else "left")
    return ", ".join(word for word in (eye, line.name, line.method) if word)


def _line(line: Line) -> dict[str, Any]:
    return {"eye": line.eye, "nth": line.nth, "name": legend(line), "points": [_point(one) for one in line.points]}


def _point(point: Point) -> list[Any]:
    return [_ms(point.at), float(point.value), times.day(point.at), point.text, point.note]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
