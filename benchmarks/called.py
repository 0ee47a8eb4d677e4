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
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import uuid4

import psutil
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
IDLE = 15  # percent of all cores
THREADS = 230  # of each web process: its share of the screens, and as many parts they fetch at once
CALL = re.compile(r'data-call="([^"]+)" data-turn="(\d+)"')
COOKIE, CSRF = re.compile(r"Set-Cookie: ([^;]+)"), re.compile(r'data-csrf="([^"]+)"')
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


@dataclass(frozen=True)
class Watched:
    """Milliseconds from a call to each screen's new part, how many never drew it, parts fetched, seconds of CPU."""

    times: list[float]
    missed: int
    parts: int
    cpu: dict[str, float]


class Television:
    """As js/screen.js: draws with its line and at every word, once more where one came meanwhile; says what it drew."""

    def __init__(self, port: int, token: str, found: dict[str, list[float]]) -> None:
        self._port, self._at, self._found = port, f"/screen/{token}", found
        self._word, self._bears = asyncio.Event(), ""

    async def run(self) -> None:
        """Until it is cancelled."""
        page = await self._ask("GET", "")
        [cookie], [token] = COOKIE.findall(page), CSRF.findall(page)
        self._bears = f"Cookie: {cookie}\r\nX-CSRFToken: {token}\r\n"
        await asyncio.gather(self._listen(), self._draw())

    async def _listen(self) -> None:
        reader, _writer = await self._open("GET", "/live")
        while line := await reader.readline():
            if line.startswith((b"retry:", b"data: queue")):
                self._word.set()

    async def _draw(self) -> None:
        known: set[str] = set()
        while await self._word.wait():
            self._word.clear()
            calls = CALL.findall(await self._ask("GET", "/part"))
            for call, _turn in calls:
                if call not in known:
                    self._found[call].append(time.time())
            self._found["parts"].append(time.time())
            if not {call for call, _turn in calls} <= known:
                await self._ask("POST", "/shown", json.dumps([f"{call}/{turn}" for call, turn in calls]))
            known |= {call for call, _turn in calls}

    async def _ask(self, verb: str, path: str, said: str = "") -> str:
        reader, writer = await self._open(verb, path, said)
        told = await reader.read()
        writer.close()
        return told.decode()

    async def _open(self, verb: str, path: str, said: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        more = f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n" if said else ""
        head = f"{verb} {self._at}{path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{self._bears}{more}\r\n"
        writer.write((head + said).encode())
        return reader, writer


def screens(places: Sequence[tuple[int, str]], over: "Event", told: "Queue[str]") -> None:
    """Many of them in a process of their own until it is over; then what was drawn when."""

    async def run() -> dict[str, list[float]]:
        found: dict[str, list[float]] = defaultdict(list)
        jobs = [asyncio.ensure_future(Television(port, token, found).run()) for port, token in places]
        await asyncio.to_thread(over.wait)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        return found

    told.put(json.dumps(asyncio.run(run())))


def many(morning: Morning, stores: int, each: int, asked: argparse.Namespace) -> Watched:
    """Calls go round the stores, each with so many screens."""
    halls = [_hall(morning, n, each) for n in range(stores)]
    ports, process = _pair(morning), multiprocessing.get_context("spawn")
    tokens = [token for _store, tokens in halls for token in tokens]
    over, told = process.Event(), process.Queue()
    watching = process.Process(target=screens, args=([*zip(cycle(ports), tokens, strict=False)], over, told))
    watching.start()
    time.sleep(8)
    before, since = _spent(watching.pid, ports), time.time()
    began = dict(_round(morning, halls[n % stores][0], idle=asked.idle) for n in range(asked.rounds))
    time.sleep(APART_S)
    after = _spent(watching.pid, ports)
    over.set()
    found = json.loads(told.get(timeout=120))
    watching.join()
    for port in ports:
        morning.parts.children.end(f"web-{port}")
    times = [(at - began[name]) * 1000 for name in began for at in found.get(name, [])]
    parts = sum(since < at for at in found["parts"])
    return Watched(times, each * asked.rounds - len(times), parts, {name: after[name] - before[name] for name in after})


def _spent(screens: int | None, ports: Sequence[int]) -> dict[str, float]:
    """Seconds of CPU so far: of the screens, of the two web processes, of the database and all others."""
    found = {"screens": 0.0, "web": 0.0}
    for one in psutil.process_iter(["cmdline", "cpu_times"]):
        web = any(f"127.0.0.1:{port}" in (one.info["cmdline"] or ()) for port in ports)
        if web or one.pid == screens:
            found["web" if web else "screens"] += one.info["cpu_times"].user + one.info["cpu_times"].system
    return found | {"database and all others": _busy() - sum(found.values())}


def _busy() -> float:
    taken = psutil.cpu_times()
    return sum(taken) - taken.idle - taken.iowait


def _hall(morning: Morning, number: int, each: int) -> tuple[int, list[str]]:
    """A store that calls people, and the tokens of its screens."""
    with unit_of_work(morning.engine, morning.chain) as session:
        by = session.scalars(select(Staff).where(Staff.email == "olivia@harbour.example")).one().id
        made = accounts.open_store(session, slug=f"hall-{uuid4().hex[:12]}", name=f"Hall {number}", zone="Etc/GMT")
        services.furnish(session, made.id)
        return made.id, [opens.open_(session, made.id, "screen", f"Hall {n}", by=by)[1] for n in range(each)]


def _pair(morning: Morning) -> list[int]:
    ports = [free_port(), free_port()]
    for port in ports:
        words = ["cloud", "serve", "--bind", f"127.0.0.1:{port}", "--threads", str(THREADS)]
        morning.parts.children.start(f"web-{port}", words, morning.parts.environment())
        morning.parts.children.wait(f"web-{port}", lambda port=port: answers(port))
    return ports


def _round(morning: Morning, store: int, *, idle: bool) -> tuple[str, float]:
    """Somebody comes to a store and is called there; the call's name, and when it was begun."""
    with unit_of_work(morning.engine, morning.chain) as session:
        services.arrive(session, queries.kind(session, store, "green"))
    time.sleep(APART_S / 2)
    while idle and psutil.cpu_percent(0.5) > IDLE:
        pass
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


def told_of(watched: Watched, rounds: int, each: int) -> Iterator[str]:
    """What else there is to say of many screens."""
    yield f"{watched.missed} of {each * rounds} never drew the call; {watched.parts / rounds / each:.1f} parts a screen"
    for who, seconds in watched.cpu.items():
        yield f"{who}: {seconds / rounds:.2f} s of CPU a call, {seconds / sum(watched.cpu.values()):.0%}"


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
    parser.add_argument("--idle", action="store_true", help="call only while nobody else uses the machine")
    asked = parser.parse_args()
    assets.main()
    with tempfile.TemporaryDirectory() as home:
        bare = asyncio.run(calling.measured(Path(home))) if asked.calls else {}
    with tempfile.TemporaryDirectory(prefix="emmetra-") as home, opened(Path(home), Wanted()) as morning:
        for name, times in called(morning, asked.calls).items():
            said(name, [1000 * one for one in times], bare.get(BARE.get(name, ""), ()))
        for stores, each in SCREENS:
            watched = many(morning, stores, each, asked)
            said(f"{stores * each} screens, {each} in a store", watched.times)
            for line in told_of(watched, asked.rounds, each):
                print(f"{'':<32} {line}", flush=True)


if __name__ == "__main__":
    main()
