"""Trend charts: what a chart says as plain data, as a table, as a still picture, and for the browser to enliven."""

from cloud.web.charts.picture import marks_of, picture
from cloud.web.charts.sparkline import sparkline
from cloud.web.charts.spec import Band, Chart, Line, Mark, Point, Series, Target
from cloud.web.charts.table import Row, rows
from cloud.web.charts.told import legend, told

__all__ = [
    "Band",
    "Chart",
    "Line",
    "Mark",
    "Point",
    "Row",
    "Series",
    "Target",
    "legend",
    "marks_of",
    "picture",
    "rows",
    "sparkline",
    "told",
]
