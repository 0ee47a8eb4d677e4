"""A batch over a real broker into the database, seen by a real receiver of traces as one trace."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from cloud.ingest.consumer import Consumer
from cloud.kernel.settings import Settings
from cloud.readings.models import Reading
from cloud.telemetry.models import Sample
from deploy.broker import Broker
from edge.uplink.pump import traceparent
from tests.cloud.ingest.test_consumer import until
from tests.cloud.readings.parcels_here import Outbox
from tests.cloud.telemetry.otlp_here import receiving
from tests.cloud.telemetry.test_looks import said
from tests.conformance.broker.client import Client

READ = select(func.count()).select_from(Reading)
LOOKS = select(func.count()).select_from(Sample)


async def consumed(engine, world, outbox, settings, trace):
    """One traced batch and one look, until both are in the database."""
    async with Broker() as broker:
        settings = Settings("", "", broker_url=f"mqtt://{broker.host}:{broker.port}", **settings)
        consumer, stop = Consumer(engine, settings), asyncio.Event()
        running = asyncio.create_task(consumer.run(stop))
        await asyncio.wait_for(consumer.connected.wait(), 10)
        gateway = await Client.connect(broker, "gw-1", session_expiry_interval=60)
        properties = {"user_properties": [("traceparent", trace)]} if trace else {}
        body = outbox.batch(outbox.capture(), outbox.reading())
        await gateway.publish(world.pier.address.up("r", "result"), body, **properties)
        taken = await gateway.publish(world.pier.address.up("t"), said(at="1970-01-01T00:00:00Z"))
        found = await until(engine, world.one, READ, 1), await until(engine, world.one, LOOKS, 1)
        gateway.cut()
        stop.set()
        await asyncio.wait_for(running, 20)
    return taken, found


@pytest.fixture
def outbox(world):
    return Outbox(world.pier)


@pytest.mark.edge("EDGE-262", "One trace leads from the gateway's batch to the committed row.")
async def test_a_batch_is_one_trace_to_the_committed_row(engine, world, outbox):
    trace = traceparent()
    with receiving() as receiver:
        taken, found = await consumed(engine, world, outbox, {"otlp_url": receiver.address}, trace)
    _, trace_id, parent, _ = trace.split("-")
    whole = next(span for span in receiver.spans if span.name == "frame to row")
    parts = {span.name: span for span in receiver.spans if span.parent_span_id == whole.span_id}

    assert (taken, found, receiver.paths) == (0, (1, 1), {"/v1/traces"})
    assert {span.trace_id.hex() for span in receiver.spans} == {trace_id}
    assert whole.parent_span_id.hex() == parent
    assert list(parts) == ["gateway and broker", "wait", "commit"]
    assert whole.end_time_unix_nano == parts["commit"].end_time_unix_nano > parts["commit"].start_time_unix_nano
    told = {one.key: one.value.string_value or one.value.int_value for one in whole.attributes}
    assert told == {"emmetra.gateway": str(world.pier.address), "emmetra.rows": 2}


async def test_a_trace_that_is_none_is_passed_over(engine, world, outbox):
    with receiving() as receiver:
        _, found = await consumed(engine, world, outbox, {"otlp_url": receiver.address}, "00-x")
    assert (found, receiver.spans) == ((1, 1), [])


def test_nothing_of_opentelemetry_is_loaded_without_a_receiver():
    asked = (
        "import sys; from cloud.ingest.consumer import Consumer; from cloud.kernel.settings import Settings; "
        "from cloud.telemetry.tracing import tracer; tracer(Settings('', '')); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
