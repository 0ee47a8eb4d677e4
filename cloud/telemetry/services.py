"""What is kept of the figures, and what is let go."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cloud.kernel.tenancy import current_tenant
from cloud.telemetry.choices import HOURS_FOR, RAW_COUNT, RAW_FOR
from cloud.telemetry.looks import Look
from cloud.telemetry.models import Hour, Sample
from cloud.telemetry.queries import GAUGES

_HOURS = text("""
    INSERT INTO telemetry_hour (tenant_id, gateway_id, at, figures)
    SELECT tenant_id, gateway_id, hour, jsonb_object_agg(key, value) FROM (
        SELECT s.tenant_id, s.gateway_id, t.hour, key,
               CASE WHEN split_part(key, ' ', 1) = ANY(:gauges) THEN max(value::float8)
                    ELSE (array_agg(value::float8 ORDER BY s.at DESC))[1] END AS value
        FROM (SELECT DISTINCT gateway_id, to_timestamp(ceil(extract(epoch FROM at) / 3600) * 3600) AS hour
              FROM telemetry_sample WHERE arrived_at > :since) t
        JOIN telemetry_sample s
          ON s.gateway_id = t.gateway_id AND s.at > t.hour - interval '1 hour' AND s.at <= t.hour
        CROSS JOIN LATERAL jsonb_each_text(s.figures)
        WHERE t.hour <= :now AND t.hour > :oldest
        GROUP BY s.tenant_id, s.gateway_id, t.hour, key) figure
    GROUP BY tenant_id, gateway_id, hour
    ON CONFLICT (tenant_id, gateway_id, at) DO UPDATE SET figures = EXCLUDED.figures
""")
_TOO_MANY = text("""
    DELETE FROM telemetry_sample WHERE id IN (
        SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY gateway_id ORDER BY at DESC) AS nth
                        FROM telemetry_sample) numbered WHERE nth > :count)
""")


def keep(session: Session, looks: Sequence[Look]) -> None:
    """Write looks of one chain down; one that is known already changes nothing."""
    rows = [{"gateway_id": look.gateway_id, "at": look.at, "figures": look.figures} for look in looks]
    tenant = current_tenant()
    session.execute(insert(Sample).values([{"tenant_id": tenant, **row} for row in rows]).on_conflict_do_nothing())
    session.flush()


def add_up(session: Session, now: datetime, since: datetime) -> None:
    """Sum up every whole hour of which a look has arrived since then."""
    # an hour whose first looks were let go already would lose them
    oldest = now - RAW_FOR + timedelta(hours=1)
    session.execute(_HOURS, {"now": now, "since": since, "oldest": oldest, "gauges": GAUGES})


def let_go(session: Session, now: datetime) -> None:
    """Delete what is older or more than is kept."""
    session.execute(delete(Sample).where(Sample.at < now - RAW_FOR))
    session.execute(delete(Hour).where(Hour.at < now - HOURS_FOR))
    session.execute(_TOO_MANY, {"count": RAW_COUNT})
