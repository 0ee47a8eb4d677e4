"""Where figures go: the bounded table, an InfluxDB 2 write endpoint, or nowhere."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Engine

from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Settings
from cloud.telemetry import meters, services
from cloud.telemetry.looks import Look

log = logging.getLogger(__name__)

LINES = 5000  # in one request
ATTEMPTS = 4
PATIENCE_MS = 10_000
HOPELESS = range(400, 500)
BUSY = 429
SECONDS: Any = "s"  # typed as a class of constants there


class TelemetrySink(Protocol):
    """Takes looks of any chains; what it cannot take is counted and given up, for figures are no readings."""

    def write(self, looks: Sequence[Look]) -> None:
        """Keep them."""

    def close(self) -> None:
        """Let go of connections."""


class NoSink:
    """Keeps nothing."""

    def write(self, looks: Sequence[Look]) -> None:
        """Count them as not kept."""
        meters.vitals("not kept", len(looks))

    def close(self) -> None:
        """There is nothing to let go of."""


class SqlSink:
    """The bounded table, a transaction a chain."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, looks: Sequence[Look]) -> None:
        """Write them down. Raises DBAPIError."""
        chains: dict[int, list[Look]] = defaultdict(list)
        for look in looks:
            chains[look.tenant_id].append(look)
        for tenant_id, theirs in chains.items():
            with unit_of_work(self._engine, tenant_id) as session:
                services.keep(session, theirs)
            meters.vitals("kept", len(theirs))

    def close(self) -> None:
        """The engine is not ours."""


class InfluxSink:
    """Line protocol over HTTP; tried again while the endpoint is away or busy, then given up."""

    def __init__(self, settings: Settings, sleep: Callable[[float], object] = time.sleep) -> None:
        from influxdb_client.client.influxdb_client import InfluxDBClient
        from influxdb_client.client.write_api import SYNCHRONOUS

        assert settings.influx_url is not None  # noqa: S101 - asked by sink()
        self._client = InfluxDBClient(
            settings.influx_url, token=settings.influx_token, org=settings.influx_org, timeout=PATIENCE_MS
        )
        self._writer = self._client.write_api(write_options=SYNCHRONOUS)
        self._bucket, self._org, self._sleep = settings.influx_bucket, settings.influx_org, sleep

    def write(self, looks: Sequence[Look]) -> None:
        """Check every line and send them in batches."""
        from cloud.telemetry import lines

        every = list(lines.of(looks))
        good = [line for line in every if lines.valid(line)]
        if len(good) < len(every):
            log.error("%d lines of figures were not sent: they are no lines of ours", len(every) - len(good))
            meters.lines("invalid", len(every) - len(good))
        for first in range(0, len(good), LINES):
            self._send(good[first : first + LINES])

    def _send(self, lines: list[str]) -> None:
        """One batch. What goes wrong is logged by its kind alone: a message may quote a header."""
        for attempt in range(ATTEMPTS):
            try:
                self._writer.write(self._bucket, self._org, lines, SECONDS)
            except Exception as trouble:
                status = getattr(trouble, "status", None)
                log.warning("figures could not be sent (%s %s)", type(trouble).__name__, status or "no answer")
                if status != BUSY and status in HOPELESS:
                    break
                self._sleep(2**attempt / 2)
            else:
                meters.lines("sent", len(lines))
                return
        meters.lines("given up", len(lines))

    def close(self) -> None:
        """Let go of the connection."""
        self._writer.close()  # type: ignore[no-untyped-call]
        self._client.close()  # type: ignore[no-untyped-call]


def sink(settings: Settings, engine: Engine) -> TelemetrySink:
    """The sink these settings name: ``influx`` where an endpoint is set, else ``sql``."""
    made: dict[str, Callable[[], Any]] = {
        "sql": lambda: SqlSink(engine),
        "influx": lambda: InfluxSink(settings),
        "none": NoSink,
    }
    found: TelemetrySink = made[settings.telemetry_kind]()
    return found
