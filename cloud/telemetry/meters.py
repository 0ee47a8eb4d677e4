"""What the cloud's own processes count, for Prometheus. Labels are kinds, never a patient's, person's or chain's name.

The registry is ours alone: nothing another library registers by itself gets out.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_requests = Counter("emmetra_requests", "Requests answered", ["endpoint", "status"], registry=REGISTRY)
_latency = Histogram(
    "emmetra_request_seconds", "How long an answer took", ["endpoint"], buckets=SECONDS, registry=REGISTRY
)
_rows = Counter(
    "emmetra_ingest_rows", "Rows that came from gateways, by what became of them", ["outcome"], registry=REGISTRY
)
_commit = Histogram(
    "emmetra_ingest_commit_seconds", "How long a group's commit took", buckets=SECONDS, registry=REGISTRY
)
_vitals = Counter("emmetra_ingest_vitals", "Looks of gateways, by what became of them", ["outcome"], registry=REGISTRY)
_lines = Counter("emmetra_telemetry_lines", "Lines for the store of figures", ["outcome"], registry=REGISTRY)
_steps = Counter("emmetra_worker_steps", "Steps of the worker", ["job", "outcome"], registry=REGISTRY)
_step_seconds = Histogram(
    "emmetra_worker_step_seconds", "How long a step took", ["job"], buckets=SECONDS, registry=REGISTRY
)
_streams = Gauge("emmetra_sse_connections", "Open pages that listen for news", registry=REGISTRY)
_pool = Gauge("emmetra_db_pool", "Connections to the database, by state", ["state"], registry=REGISTRY)


def request(endpoint: str, status: int, seconds: float) -> None:
    """An answer left."""
    _requests.labels(endpoint, str(status)).inc()
    _latency.labels(endpoint).observe(seconds)


def rows(outcome: str, number: int) -> None:
    """Rows were taken, refused, or held back."""
    _rows.labels(outcome).inc(number)


def commit(seconds: float) -> None:
    """A group was committed."""
    _commit.observe(seconds)


def vitals(outcome: str, number: int = 1) -> None:
    """Looks were kept, invalid, dropped or not kept."""
    _vitals.labels(outcome).inc(number)


def lines(outcome: str, number: int) -> None:
    """Lines were sent, invalid or given up."""
    _lines.labels(outcome).inc(number)


def step(job: str, outcome: str, seconds: float) -> None:
    """The worker did one of its jobs."""
    _steps.labels(job, outcome).inc()
    _step_seconds.labels(job).observe(seconds)


def watch_streams(number: Callable[[], int]) -> None:
    """How many pages listen, asked whenever somebody looks."""
    _streams.set_function(number)


def watch_pool(engine: object) -> None:
    """The engine's connections, asked whenever somebody looks."""
    pool = engine.pool  # type: ignore[attr-defined]
    for state, ask in (("used", pool.checkedout), ("idle", pool.checkedin)):
        _pool.labels(state).set_function(ask)


def page() -> bytes:
    """Everything, in the text format."""
    return generate_latest(REGISTRY)
