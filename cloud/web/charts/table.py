"""The same chart as a table: what a screen reader gets, what stands on paper, what one key shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cloud.web.charts.spec import Chart, Eye, Mark, Point


@dataclass(frozen=True, slots=True)
class Row:
    """A value of an eye, or a mark between values."""

    at: datetime
    eye: Eye | None = None
    name: str = ""
    point: Point | None = None
    mark: Mark | None = None


def rows(chart: Chart) -> Sequence[Row]:
    """Newest first; of one moment the right eye before the left, marks before both."""
    values = [Row(point.at, one.eye, one.name, point) for one in chart.series for point in one.points]
    marks = [Row(mark.at, mark=mark) for mark in chart.marks]
    ordered = sorted([*marks, *values], key=lambda row: {None: 0, "R": 1, "L": 2}[row.eye])
    return sorted(ordered, key=lambda row: row.at, reverse=True)
