"""How long from "call next" until it is printed, shown, spoken and on a screen: ``python -m benchmarks.called``.

Everything real and on this machine: the request to the pages, the database, broker, ingest, gateway and its callers.
The clock runs from before the request is sent to the last byte at the printer, the first at the display, the start of
the player and the drawn screens (the gateway's page told; the cloud's page with its new part in hand). Beside it the
bare figures of benchmarks.calling, which begin where the order is published. Then screens of the cloud listen to two
web processes, up to 200, few or all of them in the store that calls; from before the call's transaction to the new
part in each screen's hand. The screens share this machine's cores with what they measure.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from benchmarks import calling
from cloud.accounts import services as accounts
from cloud.accounts.models import Staff
from cloud.calls import screens as opens
from cloud.calls import sending
from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from deploy import assets
from deploy.demo.children import answers, free_port
from deploy.morning.client import Client
from deploy.morning.people import DOCTOR
from deploy.morning.play import Morning, Wanted, opened

CALLS, BETWEEN_S, PATIENCE_S = 100, 0.25, 6.0
SCREENS, ROUNDS, APART_S = ((40, 5), (1, 200)), 20, 3.0  # stores, and screens in each
THREADS = 130  # of each web process: its share of the screens, and the parts they fetch
Seen = dict[str, list[float]]


def comes(morning: Morning) -> None:
    """Somebody waits for the doctor."""
    with unit_of_work(morning.engine, morning.chain) as session:
        services.arrive(session, queries.kind(session, morning.founded.store, "green"))


def press(morning: Morning, doctor: Client) -> tuple[int, str]:
    """Call whose turn it is to door 1."""
    station = morning.founded.stations[DOCTOR]
    told = doctor.json(f"/api/v1/stations/{station}/next", {"desk": morning.founded.doors[DOCTOR][0][1]})
    return told["id"], told["ticket"]


def one_call(morning: Morning, doctor: Client, found: Seen) -> None:
    """Milliseconds to each caller."""
    devices, wall = morning.devices, morning.wall
    rows = {"printer": devices.printer.times, "display": devices.display.times}
    before = {name: len(row) for name, row in rows.items()}
    spoken, drawn, walled = set(devices.spoken.glob("*.wav")), len(devices.drawn), len(wall.drawn)
    comes(morning)
    time.sleep(BETWEEN_S)
    wall_clock, began = time.time(), time.monotonic()
    step, _ticket = press(morning, doctor)
    found["answer of the request"].append(time.monotonic() - began)
    for name, row in rows.items():
        found[name].append(_at(row, before[name]) - began)
    found["gateway's screen"].append(_at(devices.drawn, drawn).at - began)
    found["cloud's screen"].append(_at(wall.drawn, walled).at - began)
    found["player"].append(_played(devices.spoken, spoken) - wall_clock)
    doctor.json(f"/api/v1/steps/{step}/left", {})
    time.sleep(BETWEEN_S)


def _at(row: Sequence, place: int):  # noqa: ANN202 - of whatever the row is made
    deadline = time.monotonic() + PATIENCE_S
    while len(row) <= place and time.monotonic() < deadline:
        time.sleep(0.0005)
    return row[place]


def _played(folder: Path, before: set[Path]) -> float:
    deadline = time.monotonic() + PATIENCE_S
    while not (new := set(folder.glob("*.wav")) - before) and time.monotonic() < deadline:
        time.sleep(0.0005)
    return new.pop().stat().st_mtime_ns / 1e9


async def _listen(port: int, token: str, found: dict[str, list[float]]) -> None:
    """A television: at every word it draws anew; when each call was drawn for the first time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /screen/{token}/live HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    known: set[str] = set()
    while line := await reader.readline():
        if line.startswith(b"data: queue"):
            page = await _part(port, token)
            for piece in page.split('data-call="')[1:]:
                if (call := piece.partition('"')[0]) not in known:
                    known.add(call)
                    found[call].append(time.time())


async def _part(port: int, token: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /screen/{token}/part HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    said = await reader.read()
    writer.close()
    return said.decode()


def screens(places: Sequence[tuple[int, str]], over: "Event", told: "Queue[str]") -> None:
    """Many of them in a process of their own until it is over; then what was drawn when."""

    async def run() -> dict[str, list[float]]:
        found: dict[str, list[float]] = defaultdict(list)
        jobs = [asyncio.ensure_future(_listen(port, token, found)) for port, token in places]
        await asyncio.to_thread(over.wait)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        return found

    told.put(json.dumps(asyncio.run(run())))


def many(morning: Morning, stores: int, each: int, rounds: int) -> tuple[list[float], int]:
    """Milliseconds from a call to each screen's new part, and how many never drew it; calls go round the stores."""
    halls = [_hall(morning, n) for n in range(stores)]
    ports, process = _pair(morning), multiprocessing.get_context("spawn")
    places = [(ports[n % 2], token) for n, (_store, token) in enumerate(one for one in halls for _ in range(each))]
    over, told = process.Event(), process.Queue()
    watching = process.Process(target=screens, args=(places, over, told))
    watching.start()
    time.sleep(8)
    began = dict(_round(morning, halls[n % stores][0]) for n in range(rounds))
    time.sleep(APART_S)
    over.set()
    found = json.loads(told.get(timeout=120))
    watching.join()
    for port in ports:
        morning.parts.children.end(f"web-{port}")
    times = [(at - began[name]) * 1000 for name in began for at in found.get(name, [])]
    return times, each * rounds - len(times)


def _hall(morning: Morning, number: int) -> tuple[int, str]:
    """A store that calls people, and the token of its screen."""
    with unit_of_work(morning.engine, morning.chain) as session:
        by = session.scalars(select(Staff).where(Staff.email == "olivia@harbour.example")).one().id
        made = accounts.open_store(session, slug=f"hall-{uuid4().hex[:12]}", name=f"Hall {number}", zone="Etc/GMT")
        services.furnish(session, made.id)
        return made.id, opens.open_(session, made.id, "screen", "Hall", by=by)[1]


def _pair(morning: Morning) -> list[int]:
    ports = [free_port(), free_port()]
    for port in ports:
        words = ["cloud", "serve", "--bind", f"127.0.0.1:{port}", "--threads", str(THREADS)]
        morning.parts.children.start(f"web-{port}", words, morning.parts.environment())
        morning.parts.children.wait(f"web-{port}", lambda port=port: answers(port))
    return ports


def _round(morning: Morning, store: int) -> tuple[str, float]:
    """Somebody comes to a store and is called there; the call's name, and when it was begun."""
    with unit_of_work(morning.engine, morning.chain) as session:
        services.arrive(session, queries.kind(session, store, "green"))
    time.sleep(APART_S / 2)
    began = time.time()
    with unit_of_work(morning.engine, morning.chain) as session:
        doctor = next(one for one in queries.stations(session, store) if one.sort == DOCTOR)
        _one, call = sending.next_(session, doctor, queries.desks(session, [doctor.id])[0], by=None)
        name = str(call.uid)
    time.sleep(APART_S / 2)
    return name, began


def said(name: str, times: Sequence[float], bare: Sequence[float] = ()) -> None:
    """A line of the table."""
    p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
    more = f"   x {p50 / statistics.median(bare):4.1f} of the bare {statistics.median(bare):.0f} ms" if bare else ""
    print(f"{name:<32} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms{more}", flush=True)


BARE = {"printer": "printer", "display": "display", "player": "voice", "gateway's screen": "screen"}


def called(morning: Morning, calls: int) -> Seen:
    """Seconds to every caller."""
    doctor, found = morning.sign_in("door-1"), defaultdict(list)
    morning.wall.start()
    for _ in range(calls):
        one_call(morning, doctor, found)
    morning.wall.over.set()
    return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=CALLS, help="0 for the screens alone")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    assets.main()
    with tempfile.TemporaryDirectory() as home:
        bare = asyncio.run(calling.measured(Path(home))) if asked.calls else {}
    with tempfile.TemporaryDirectory(prefix="emmetra-") as home, opened(Path(home), Wanted()) as morning:
        for name, times in called(morning, asked.calls).items():
            said(name, [1000 * one for one in times], bare.get(BARE.get(name, ""), ()))
        for stores, each in SCREENS:
            times, missed = many(morning, stores, each, asked.rounds)
            said(f"{stores * each} screens, {each} in a store", times)
            print(f"{'':<32} {missed} of {each * asked.rounds} never drew the call", flush=True)


if __name__ == "__main__":
    main()
