"""Invented days of gateways, as looks and as what a plot must show of them."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cloud.telemetry.looks import Look
from tests.cloud.people_here import Place

EVERY = timedelta(minutes=10)


def noon() -> datetime:
    """The last whole step of ten minutes, an hour ago."""
    now = datetime.now(UTC) - timedelta(hours=1)
    return now.replace(minute=now.minute - now.minute % 10, second=0, microsecond=0)


def day(place: Place, until: datetime, hours: int = 24, gap: tuple[int, int] = (50, 62)) -> Iterator[Look]:
    """A look every ten minutes, with a silence, and a start anew after it."""
    for nth in range(hours * 6):
        if gap[0] <= nth < gap[1]:
            continue
        run = nth - gap[1] if nth >= gap[1] else nth
        yield Look(
            *(place.sender.tenant_id, place.sender.gateway_id, place.address),
            until - EVERY * (hours * 6 - 1 - nth),
            {
                "outbox_depth": float(nth % 7),
                "outbox_oldest_s": float(30 * (nth % 7)),
                "fsync_p99_ms": round(4 + 2 * math.sin(nth / 9), 1),
                "temperature_c": round(48 + 6 * math.sin(nth / 40), 1),
                "reconnects": float(run // 50),
                "frames_ok ark": float(run * 2),
                "frames_garbled ark": float(run // 30),
                "frames_ok lens, 2": float(run),
                "link_lost ark": 0.0,
            },
        )
