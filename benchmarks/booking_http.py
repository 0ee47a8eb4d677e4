"""Booking over HTTP: ``python -m benchmarks.booking_http [--servers 2]``.

Other programs ask for the free times of 30 days of one busy store (64 connections) and book (32 connections), over
keep-alive connections of one client process, with a key and for each booking an Idempotency-Key. Server processes,
PostgreSQL and the client share the machine. The peer in the same run is the sign-in page of the same servers: what a
request costs that asks the database nearly nothing.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from benchmarks.booking_chain import BUSY, DAYS, Chain, far, fill, percentiles
from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.exchange import services as exchange
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.migrations.run import upgrade_url
from deploy.demo.children import answers, free_port


def main() -> int:
    """Seed, serve, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--requests", type=int, default=4000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-") as folder:
        server = start(Path(folder).resolve())
        try:
            for line in _report(server.get_uri(), args.servers, args.requests):
                print(line, flush=True)
        finally:
            server.cleanup()
    return 0


def _report(url: str, servers: int, requests: int) -> Iterator[str]:
    upgrade_url(url)
    owner, engine = owner_engine(url), app_engine(url)
    one = Chain(engine, accounts.found_chain(owner, slug="bench", name="Bench"), 1, 1200)
    with unit_of_work(engine, one.tenant) as session:
        who = accounts.hire(session, email="olivia@bench.example", name="Olivia", password="x" * 20, role=Role.OWNER)
        key = exchange.make_key(session, "load", by=who.id)
    visits, last = fill(one, BUSY), one.first + timedelta(days=DAYS - 1)
    headers = {"Authorization": f"Bearer {key}"}
    search = f"/api/v1/slots?store=s0&type=full&from={one.first}&to={last}"
    free = iter([(at, one.patients[number % 1200]) for number, at in enumerate(far(one, 2400))])
    lock = threading.Lock()

    def booking() -> tuple[str, str, bytes | None, dict[str, str]]:
        with lock:
            at, patient = next(free)
        said = {"store": "s0", "type": "check", "at": at.isoformat(), "record_number": names[patient]}
        return "POST", "/api/v1/visits", json.dumps(said).encode(), {**headers, "Idempotency-Key": str(uuid4())}

    names = {id_: f"P-{number}" for number, id_ in enumerate(one.patients)}
    with _serving(url, servers) as ports:
        for name, connections, count, ask in (
            ("the sign-in page", 64, requests, lambda: ("GET", "/sign-in", None, {})),
            (f"search, {DAYS} days, {visits} visits", 64, requests, lambda: ("GET", search, None, headers)),
            ("book", 32, min(requests, 2000), booking),
        ):
            _load(ports, connections, connections, ask)  # connections are made, caches are warm
            yield f"{name}, {connections} connections: {_load(ports, connections, count, ask)}"
    engine.dispose()
    owner.dispose()


@contextmanager
def _serving(url: str, servers: int) -> Iterator[list[int]]:
    ports = [free_port() for _ in range(servers)]
    known = {"DATABASE_URL": url, "EMMETRA_SECRET_KEY": "k" * 40, "EMMETRA_SECURE_COOKIES": "0"}
    words = [sys.executable, "-m", "deploy", "cloud", "serve", "--threads", "40", "--bind"]
    running = [subprocess.Popen([*words, f"127.0.0.1:{port}"], env={**os.environ, **known}) for port in ports]
    try:
        while not all(answers(port) for port in ports):
            time.sleep(0.1)
        yield ports
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _load(
    ports: list[int], connections: int, count: int, ask: Callable[[], tuple[str, str, bytes | None, dict[str, str]]]
) -> str:
    """So many requests by so many connections; how many a second, how long each, and what was answered."""
    took: list[float] = []
    said: Counter[int] = Counter()

    def client(number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", ports[number % len(ports)])
        for _ in range(count // connections):
            method, path, body, headers = ask()
            began = time.perf_counter()
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            said[answer.status] += 1
        line.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(client, range(connections)))
    return f"{len(took) / (time.perf_counter() - began):.0f}/s, {percentiles(took)}, {dict(said)}"


if __name__ == "__main__":
    raise SystemExit(main())
