"""The plot for the browser and as a table."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cloud.web import times
from cloud.web.notation import MINUS
from cloud.web.plots.picture import STYLES
from cloud.web.plots.spec import Plot, Track


def told(plot: Plot) -> str:
    """JSON text: times in milliseconds as the store's wall clock shows them, gaps as null."""
    up = plot.height()
    whole = {
        "unit": plot.unit,
        "start": _wall_ms(plot.start),
        "end": _wall_ms(plot.end),
        "low": float(up.low),
        "high": float(up.high),
        "tracks": [
            {"name": track.name, "style": nth % STYLES, "points": _points(track)}
            for nth, track in enumerate(plot.tracks)
        ],
    }
    return json.dumps(whole, ensure_ascii=False)


def rows(plot: Plot) -> list[tuple[datetime, Sequence[float | None]]]:
    """A row a moment, newest first, with a value or None for each track."""
    columns = [dict(track.values) for track in plot.tracks]
    moments = sorted({at for column in columns for at in column}, reverse=True)
    return [(at, [column.get(at) for column in columns]) for at in moments]


def number(value: float) -> str:
    """As it is read: three digits that count, a true minus."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def _points(track: Track) -> list[list[Any]]:
    found: list[list[Any]] = []
    for piece in track.pieces:
        if found:
            found.append([found[-1][0], None, "", ""])
        found += [[_wall_ms(at), value, times.when(at), number(value)] for at, value in piece]
    return found


def _wall_ms(at: datetime) -> int:
    """The library shows times as UTC; what it shows shall be the store's."""
    local = times.in_store(at)
    return int((local.timestamp() + (local.utcoffset() or timedelta(0)).total_seconds()) * 1000)
