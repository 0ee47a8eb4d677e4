"""Plots of machine figures: lines over hours or days, as plain data, a still picture, a table, and for the browser."""

from cloud.web.plots.picture import drawn, sample
from cloud.web.plots.spec import Plot, Track
from cloud.web.plots.told import number, rows, told

__all__ = ["Plot", "Track", "drawn", "number", "rows", "sample", "told"]
