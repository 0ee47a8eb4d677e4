"""Traces from the gateway's batch to the committed row, where a receiver is set (OTLP over HTTP).

A gateway that is asked to names a trace for each batch; here it is continued. Nothing of OpenTelemetry is imported
otherwise. Spans carry names, counts and numbers of rows; never who was measured, nor what.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.kernel.settings import Settings

_PARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Traced:
    """A batch with a trace: whose, since when it was on its way (of a synced clock), when it arrived."""

    traceparent: str
    gateway: str
    arrived_at: datetime
    heard_at: datetime | None = None
    rows: int = 0


class Tracer:
    """Makes spans and hands them to the exporter; ``NoTracer`` is what stands here without a receiver."""

    def __init__(self, url: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider = TracerProvider(resource=Resource({"service.name": "emmetra-ingest"}))
        exporter = OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("emmetra")

    @contextmanager
    def committing(self, batches: list[Traced]) -> Iterator[None]:
        """Around the commit of a group: each batch of it gets its spans when the commit stands, or its error."""
        began = datetime.now().astimezone()
        try:
            yield
        except Exception as trouble:
            self._tell(batches, began, type(trouble).__name__)
            raise
        self._tell(batches, began, None)

    def _tell(self, batches: list[Traced], began: datetime, trouble: str | None) -> None:
        ended = datetime.now().astimezone()
        for batch in batches:
            if _PARENT.fullmatch(batch.traceparent):
                self._one(batch, began, ended, trouble)

    def _one(self, batch: Traced, began: datetime, ended: datetime, trouble: str | None) -> None:
        from opentelemetry.trace import Status, StatusCode, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = TraceContextTextMapPropagator().extract({"traceparent": batch.traceparent})
        first = min(batch.heard_at or batch.arrived_at, batch.arrived_at)
        whole = self._tracer.start_span("frame to row", parent, start_time=_ns(first))
        whole.set_attributes({"emmetra.gateway": batch.gateway, "emmetra.rows": batch.rows})
        inside = set_span_in_context(whole)
        for name, start, end in (
            ("gateway and broker", first, batch.arrived_at),
            ("wait", batch.arrived_at, began),
            ("commit", began, ended),
        ):
            self._tracer.start_span(name, inside, start_time=_ns(start)).end(_ns(max(start, end)))
        if trouble:
            whole.set_status(Status(StatusCode.ERROR, trouble))
        whole.end(_ns(ended))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class NoTracer:
    """Traces nothing."""

    @contextmanager
    def committing(self, batches: list[Traced]) -> Iterator[None]:
        """Nothing happens around it."""
        yield

    def close(self) -> None:
        """There is nothing to send."""


def tracer(settings: Settings) -> Tracer | NoTracer:
    """The tracer these settings ask for."""
    return Tracer(settings.otlp_url) if settings.otlp_url else NoTracer()


def _ns(at: datetime) -> Any:
    return int(at.timestamp() * 1_000_000) * 1000
