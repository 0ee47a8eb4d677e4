"""Ingest: publisher -> broker -> consumer -> PostgreSQL, idempotent, through SQLAlchemy, on this machine.

    python -m benchmarks.ingest [--readings N] [--runs 5]

Every run counts the rows afterwards. The limit in the same run is the same statement fed from memory by one
thread, without any broker: what PostgreSQL takes when nothing else needs the processors.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psutil
from sqlalchemy import Engine, text

from benchmarks.peers import mosquitto
from benchmarks.publisher import play
from cloud.ingest.consumer import Consumer
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.kernel.ids import uuid7
from cloud.kernel.settings import Settings
from cloud.migrations.run import upgrade_url
from cloud.readings import intake
from cloud.readings.parcels import Sender
from cloud.readings.sorting import sort_results

GATEWAYS = 4


def reading() -> bytes:
    """A refraction of both eyes, about 400 bytes."""
    eye = {"sphere": "-2.25", "cylinder": "-0.75", "axis": 80, "confidence": 9}
    return msgspec.json.encode(
        {
            **{"kind": "autorefraction", "schema": "emmetra.reading/1", "reading_id": str(uuid7())},
            "instrument": {"maker": "NIDEK", "model": "ARK-1a", "dialect": "nidek_frame"},
            "integrity": {"checksum": "ok", "raw_sha256": "0" * 64},
            **{"vertex_mm": "12.00", "right": eye, "left": eye},
        }
    )


def batches(epoch: int, count: int, size: int) -> list[bytes]:
    """The whole load of one gateway, as messages."""
    stamp = datetime.now(UTC).isoformat()
    messages = []
    for first in range(1, count + 1, size):
        items = [
            {
                **{"seq": seq, "kind": "reading", "boot": "b1", "ts_gw": stamp, "mono_ns": seq},
                **{"clk": {"state": "synced"}, "dev": "ark", "drv": "nidek_frame", "drv_v": "1"},
                "body": msgspec.Raw(reading()),
            }
            for seq in range(first, min(first + size, count + 1))
        ]
        messages.append(msgspec.json.encode({"v": 1, "epoch": epoch, "items": items}))
    return messages


def prepare(url: str) -> None:
    """A chain with a store and gateways."""
    upgrade_url(url)
    engine = owner_engine(url)
    with engine.begin() as c:
        c.execute(text("INSERT INTO accounts_chain (slug, name, locale, require_totp) VALUES ('acme','A','en',false)"))
        c.execute(text("INSERT INTO accounts_store (tenant_id, slug, name, zone) VALUES (1,'s1','S','UTC')"))
        for n in range(GATEWAYS):
            c.execute(
                text(
                    "INSERT INTO fleet_gateway (tenant_id, store_id, slug, status, state, depth, alarms) "
                    "VALUES (1, 1, :slug, 'enrolled', 'online', 0, '[]')"
                ),
                {"slug": f"g{n}"},
            )
    engine.dispose()


def consumer(url: str, port: int, ready: Any, stop: Any) -> None:
    """The ingest process."""

    async def consume() -> None:
        settings = Settings(database_url=url, secret_key="x", broker_url=f"mqtt://127.0.0.1:{port}")
        end = asyncio.Event()
        service = Consumer(app_engine(url), settings)
        task = asyncio.create_task(service.run(end))
        await service.connected.wait()
        await asyncio.sleep(0.3)
        ready.set()
        while not stop.is_set():  # noqa: ASYNC110  (the flag belongs to another process)
            await asyncio.sleep(0.05)
        end.set()
        await task

    asyncio.run(consume())


def rows(engine: Engine) -> int:
    """What the cursors say is safe; cheap enough to ask while measuring."""
    with engine.begin() as c:
        c.execute(text("SELECT set_config('emmetra.tenant','1',true)"))
        return int(c.execute(text("SELECT coalesce(sum(hwm),0) FROM readings_cursor")).scalar_one())


def spent() -> dict[str, float]:
    """Processor seconds so far, by what spent them: the steadiest figure on a busy machine."""
    found: dict[str, float] = {"postgres": 0.0, "mosquitto": 0.0}
    for process in psutil.process_iter(["name", "cpu_times"]):
        if process.info["name"] in found and process.info["cpu_times"]:
            times = process.info["cpu_times"]
            found[process.info["name"]] += times.user + times.system
    return found


def once(url: str, port: int, count: int, size: int, epoch: int) -> float:
    """One run; readings a second from the first publish to the last commit."""
    engine, each = app_engine(url), count // GATEWAYS
    context = multiprocessing.get_context("spawn")
    ready, stop, primed, go = (context.Event() for _ in range(4))
    sink = context.Process(target=consumer, args=(url, port, ready, stop))
    source = context.Process(
        target=play, args=(port, [batches(epoch + n, each, size) for n in range(GATEWAYS)], primed, go)
    )
    before = rows(engine)
    sink.start(), source.start()
    ready.wait(), primed.wait()
    before_all, mine = spent(), psutil.Process(sink.pid).cpu_times()
    go.set()
    began = time.perf_counter()
    while rows(engine) - before < each * GATEWAYS:
        time.sleep(0.02)
    took = time.perf_counter() - began
    after_all, mine_after = spent(), psutil.Process(sink.pid).cpu_times()
    share = {name: after_all[name] - before_all[name] for name in after_all}
    share["ingest"] = mine_after.user + mine_after.system - mine.user - mine.system
    print("   µs a reading:", {name: round(s / count * 1e6, 1) for name, s in share.items()}, flush=True)
    stop.set()
    source.join(), sink.join()
    with unit_of_work(engine, 1) as db:
        stored = db.execute(text("SELECT count(*) FROM readings_reading WHERE epoch >= :e"), {"e": epoch}).scalar_one()
    engine.dispose()
    assert stored == each * GATEWAYS, (stored, each * GATEWAYS)
    return each * GATEWAYS / took


def limit(url: str, count: int, size: int, epoch: int) -> float:
    """The same statement, fed from memory in groups of about 500 rows."""
    engine, sender = app_engine(url), Sender(1, 1, 1)
    load = batches(epoch, count, size)
    group = max(1, 500 // size)
    began = time.perf_counter()
    for first in range(0, len(load), group):
        parcels = [sort_results(sender, m, datetime.now(UTC)) for m in load[first : first + group]]
        with unit_of_work(engine, 1) as db:
            intake.take(db, 1, parcels)
    took = time.perf_counter() - began
    engine.dispose()
    return count / took


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder) / "pg")
        prepare(server.get_uri())
        with mosquitto() as port:
            for size, count in ((1, args.readings), (50, args.readings * 4)):
                url, stamp = server.get_uri(), time.time_ns() // 1000
                found = [once(url, port, count, size, stamp + n * 100) for n in range(args.runs)]
                bound = [limit(url, count, size, stamp + 50_000 + n) for n in range(args.runs)]
                show(f"batches of {size}", found), show("  limit: statement alone", bound)
        server.cleanup()


def show(name: str, found: list[float]) -> None:
    """One line of the table."""
    print(f"{name:<28} median {statistics.median(found):>9,.0f}/s  [{min(found):,.0f} - {max(found):,.0f}]", flush=True)


if __name__ == "__main__":
    main()
