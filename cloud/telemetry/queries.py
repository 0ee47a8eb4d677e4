"""Questions about what was kept."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from cloud.telemetry.choices import RAW_FOR
from cloud.telemetry.series import Values, Window
from protocols.envelope.figures import FIGURES

# A value belongs to the step it lies in, named by the step's end: of a gauge the highest counts, of a counter the last.
_STEPS = """
    SELECT key, to_timestamp(ceil(extract(epoch FROM at) / :step) * :step) AS step,
           CASE WHEN split_part(key, ' ', 1) = ANY(:gauges) THEN max(value::float8)
                ELSE (array_agg(value::float8 ORDER BY at DESC))[1] END AS value
    FROM {table} CROSS JOIN LATERAL jsonb_each_text(figures)
    WHERE gateway_id = :gateway AND at > :start AND at <= :end AND split_part(key, ' ', 1) = ANY(:names)
    GROUP BY key, step ORDER BY key, step
"""
_RAW, _HOURS = (text(_STEPS.format(table=table)) for table in ("telemetry_sample", "telemetry_hour"))
GAUGES = [name for name, figure in FIGURES.items() if figure.kind == "gauge"]


def steps(session: Session, gateway_id: int, names: Collection[str], window: Window) -> dict[str, Values]:
    """Values by figure, of an instrument's by ``frames_ok lens-1``; steps of an hour and more from the hours kept."""
    asked = {"gateway": gateway_id, "names": list(names), "gauges": GAUGES}
    long = window.step >= timedelta(hours=1) or window.end - window.start > RAW_FOR
    rows = session.execute(
        _HOURS if long else _RAW, {**asked, "step": window.seconds, "start": window.start, "end": window.end}
    )
    found: dict[str, list[tuple[datetime, float]]] = {}
    for row in rows:
        found.setdefault(row.key, []).append((row.step, row.value))
    return dict(found)
