"""A day without the internet: ``python -m benchmarks.offline``.

300 people come to a gateway that holds the queue and go through four stations; then everything that was done is taken
over by the cloud. Beside it, in the same run: bare lines of the same length that are written and fsynced, and bare
transactions that insert one row.
"""

import argparse
import asyncio
import functools
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Engine, text

import cloud.migrations.tables  # noqa: F401
from cloud.accounts import services as accounts
from cloud.accounts.models import Store
from cloud.fleet.models import Gateway
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.migrations.run import upgrade_url
from cloud.offline import services, taking, telling
from cloud.queue import services as queue
from edge.alarms import Alarms
from edge.callers import Callers
from edge.clock import iso
from edge.queue import Holder, Summons, deeds
from edge.queue.deeds import Deed, Hand
from protocols.envelope import Address, Event, encode
from protocols.envelope.queue import KEPT, Book, Entry, pack, unpack

HERE = Address("bench", "pier", "gw-1")
WAY = ("reception", "check_up", "doctor", "cashier")


class Cloud:
    """A chain with one store and its gateway, in a database of its own."""

    def __init__(self, url: str) -> None:
        upgrade_url(url)
        owner = owner_engine(url)
        self.engine: Engine = app_engine(url)
        self.chain = accounts.found_chain(owner, slug=HERE.tenant, name="Bench")
        owner.dispose()
        with unit_of_work(self.engine, self.chain) as session:
            store = Store(slug=HERE.store, name="Pier")
            session.add(store)
            session.flush()
            gateway = Gateway(store_id=store.id, slug=HERE.gateway, state="online")
            session.add(gateway)
            session.flush()
            self.store, self.gateway = store.id, gateway.id
            queue.furnish(session, store.id)
            services.born(session, gateway.id, store.id, 0)

    def book(self) -> Book:
        """As the gateway is told it now."""
        with unit_of_work(self.engine, self.chain) as session:
            plan = telling.plan(session, self.store)
            assert plan is not None
            telling.told(session, self.store, plan)
        return unpack(plan.letters[-1].payload)

    def takes(self, line: bytes) -> None:
        """An entry, as ingest takes it."""
        data = msgspec.json.decode(line)
        event = Event(v=1, id="e", at=data["at"], code=KEPT, text="", data=data)
        with unit_of_work(self.engine, self.chain) as session:
            taking.heard(session, self.gateway, self.store, event)

    def inserts(self) -> None:
        """One row, kept."""
        with unit_of_work(self.engine, self.chain) as session:
            session.execute(
                text(
                    "INSERT INTO audit_entry (tenant_id, verb, subject_kind, subject_id, details) "
                    "VALUES (:t, 'x', 'x', 'x', '{}')"
                ),
                {"t": self.chain},
            )


async def morning(folder: Path, book: Book, people: int) -> tuple[list[float], list[bytes]]:
    """Milliseconds of every deed, and the log."""
    holder = Holder(HERE, folder, lambda: iso(time.time()), Alarms())
    holder.summons = Summons(Callers([], folder, lambda: None), holder.now)
    await holder.wake()
    holder.heard(pack(book))
    await holder.settle()
    await holder.take(by_hand=True)
    taken: list[float] = []

    async def do(deed: Deed) -> Entry:
        began = time.perf_counter()
        entry = await holder.do(deed)
        taken.append((time.perf_counter() - began) * 1000)
        return entry

    for _ in range(people):
        await do(lambda day, at: deeds.come(day, at, Hand(), "general"))
    for place, onward in zip(WAY, (*WAY[1:], ""), strict=True):
        await _served(book, place, onward, people, do)
    while holder.summons.live:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    lines = list(holder._log.lines)
    await holder.aclose()
    return taken, lines


async def _served(book: Book, sort: str, onward: str, people: int, do: Callable[[Deed], Awaitable[Entry]]) -> None:
    """Everybody at one station."""
    ids = {one.sort: one.id for one in book.places}
    here, door = ids[sort], next(one.doors[0].id for one in book.places if one.sort == sort)
    hand = Hand(door)
    for _ in range(people):
        made = (await do(lambda day, at: deeds.next_(day, at, hand, here))).made
        assert made is not None
        step = made.step
        await do(lambda day, at, step=step: deeds.begin(day, at, hand, step))  # type: ignore[misc]
        end = (
            (lambda day, at, step=step: deeds.send_on(day, at, hand, step, ids[onward]))
            if onward
            else (lambda day, at, step=step: deeds.done(day, at, hand, step))
        )
        await do(end)


def fsyncs(folder: Path, length: int, count: int) -> list[float]:
    """Milliseconds of a bare line."""
    found = []
    with (folder / "bare").open("wb", buffering=0) as file:
        for _ in range(count):
            began = time.perf_counter()
            file.write(b"x" * length)
            os.fsync(file.fileno())
            found.append((time.perf_counter() - began) * 1000)
    return found


def timed(works: Sequence[Callable[[], None]]) -> float:
    """Seconds of all of them."""
    began = time.perf_counter()
    for work in works:
        work()
    return time.perf_counter() - began


def report(cloud: Cloud, folder: Path, people: int) -> Iterator[str]:
    """Both halves."""
    book = cloud.book()
    taken, lines = asyncio.run(morning(folder, book, people))
    bare = fsyncs(folder, statistics.mean(map(len, lines)).__ceil__(), 1000)
    yield f"gateway: {people} people, {len(taken)} deeds, {len(lines)} entries, {sum(map(len, lines)) >> 10} KiB of log"
    yield f"  a deed, on disk and done: p50 {_at(taken, 50):.2f}, p95 {_at(taken, 95):.2f}, most {max(taken):.1f} ms"
    yield f"  a bare line with fsync:   p50 {_at(bare, 50):.2f}, p95 {_at(bare, 95):.2f} ms"
    seconds = timed([functools.partial(cloud.takes, line) for line in lines])
    alone = timed([cloud.inserts] * 500) / 500
    each = seconds / len(lines)
    yield f"cloud: {len(lines)} entries taken over in {seconds:.1f} s, {each * 1000:.1f} ms each"
    yield f"  a bare transaction that inserts a row: {alone * 1000:.1f} ms; {each / alone:.1f} of them an entry"
    full = asyncio.run(_full(folder, book, people))
    sizes = f"{len(encode(full)) >> 10} KiB of JSON, {len(pack(full)) >> 10} KiB on the wire"
    yield f"a book with {people} people in line: {sizes}"


async def _full(folder: Path, book: Book, people: int) -> Book:
    """The same store with everybody in its first line."""
    (folder / "full").mkdir()
    holder = Holder(HERE, folder / "full", lambda: iso(time.time()), Alarms())
    holder.summons = Summons(Callers([], folder, lambda: None), holder.now)
    await holder.wake()
    holder.heard(pack(book))
    await holder.settle()
    await holder.take(by_hand=True)
    for _ in range(people):
        await holder.do(lambda day, at: deeds.come(day, at, Hand(), "general"))
    assert holder.day is not None
    guests = list(holder.day.guests(holder.now()).values())
    await holder.aclose()
    return msgspec.structs.replace(book, guests=guests)


def _at(found: list[float], percent: int) -> float:
    return statistics.quantiles(found, n=100)[percent - 1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=300)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-") as made:
        folder = Path(made).resolve()
        server = start(folder / "pg")
        try:
            cloud = Cloud(server.get_uri())
            for line in report(cloud, folder, args.people):
                print(line, flush=True)
            cloud.engine.dispose()
        finally:
            server.cleanup()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
