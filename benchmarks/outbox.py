"""How many results a second the outbox makes durable on a slow card: ``python -m benchmarks.outbox``.

A commit on the simulated card takes 10 ms more; in the last line every hundredth (about as often as SQLite's
checkpoint comes by at this row size) 30 ms. Plain limit: raw SQLite in the same run, one
transaction of 50 rows after the other with the same delay. The simulated card lies on tmpfs, so that its sync
is the only one.
"""

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from edge.outbox import Draft, Limits, Outbox
from edge.outbox.rows import row
from edge.outbox.schema import connect, create

BODY = b'{"kind":"tonometry","pad":"' + b"x" * 360 + b'"}'
DRAFT = Draft(
    "reading", "tono-1", "nidek_frame", "1", "2026-11-21T10:00:00.000Z", 1, '{"state":"synced"}', "b" * 36, BODY
)
SYNC_S = 0.010
CHECKPOINT_EVERY = 100
ROUNDS = 5
SECONDS = 2.0
TMPFS = Path("/dev/shm")


def card() -> None:
    """A commit hook that takes as long as a card's sync."""
    time.sleep(SYNC_S)


def checkpointing_card() -> Callable[[], None]:
    """The same, with the two further syncs whenever SQLite moves its log into the file."""
    commits: Iterator[int] = itertools.count(1)
    return lambda: time.sleep(SYNC_S * (3 if next(commits) % CHECKPOINT_EVERY == 0 else 1))


def place(hook: Callable[[], None] | None) -> Path | None:
    """Where the file lies: the simulated card in memory, else the disk of this machine."""
    return TMPFS if hook is not None and TMPFS.is_dir() else None


async def offered(rate: float, hook: Callable[[], None] | None) -> tuple[float, list[float]]:
    """Put single readings at a steady rate; rows a second made durable, and the time each took."""
    with tempfile.TemporaryDirectory(dir=place(hook)) as folder:
        outbox = await Outbox.open(Path(folder) / "o.db", boot="b", limits=Limits(floor_bytes=0), before_commit=hook)
        took: list[float] = []

        async def one() -> None:
            started = time.perf_counter()
            await outbox.put([DRAFT])
            took.append(time.perf_counter() - started)

        began, puts = time.perf_counter(), []
        while (now := time.perf_counter() - began) < SECONDS:
            puts += [asyncio.ensure_future(one()) for _ in range(int(now * rate) - len(puts))]
            await asyncio.sleep(0.001)
        await asyncio.gather(*puts)
        lasted = time.perf_counter() - began
        await outbox.aclose()
    return len(took) / lasted, took


async def flood(senders: int, hook: Callable[[], None] | None) -> float:
    """As many as it takes: each sender puts its next reading when the last is safe."""
    with tempfile.TemporaryDirectory(dir=place(hook)) as folder:
        outbox = await Outbox.open(Path(folder) / "o.db", boot="b", limits=Limits(floor_bytes=0), before_commit=hook)
        done, until = itertools.count(), time.perf_counter() + SECONDS

        async def sender() -> None:
            while time.perf_counter() < until:
                await outbox.put([DRAFT])
                next(done)

        await asyncio.gather(*(sender() for _ in range(senders)))
        await outbox.aclose()
    return next(done) / SECONDS


def plain(hook: Callable[[], None] | None) -> float:
    """Raw SQLite: 50 rows a transaction."""
    with tempfile.TemporaryDirectory(dir=place(hook)) as folder:
        db = connect(Path(folder) / "o.db")
        create(db)
        seq, until = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            db.execute("BEGIN IMMEDIATE")
            rows = [row(seq + n, DRAFT) for n in range(1, 51)]
            db.executemany("INSERT INTO results VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
            if hook is not None:
                hook()
            db.execute("COMMIT")
            seq += 50
        db.close()
    return seq / SECONDS


def median(measure: Callable[[], float]) -> str:
    """Median of five with the span."""
    values = sorted(measure() for _ in range(ROUNDS))
    return f"{statistics.median(values):>9,.0f} rows/s  [{values[0]:,.0f} - {values[-1]:,.0f}]"


def waits(hook: Callable[[], Callable[[], None] | None]) -> str:
    """Single readings at 4,000 a second: how many were stored, and how long each took to be durable."""
    measured = [asyncio.run(offered(4000, hook())) for _ in range(ROUNDS)]
    rate = statistics.median(rate for rate, _ in measured)
    p50, p99 = (statistics.median(statistics.quantiles(took, n=100)[at] for _, took in measured) for at in (49, 98))
    return f"{rate:>9,.0f} rows/s  durable after p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"


def main() -> None:
    """Print the table."""
    sys.setswitchinterval(0.001)  # as the gateway does
    print(f"plain SQLite, 50 rows a commit, 10 ms card   {median(lambda: plain(card))}")
    print(f"outbox, 400 senders of single rows, 10 ms    {median(lambda: asyncio.run(flood(400, card)))}")
    print(f"outbox, 400 senders, this disk as it is      {median(lambda: asyncio.run(flood(400, None)))}")
    print(f"outbox, 1 sender, this disk as it is         {median(lambda: asyncio.run(flood(1, None)))}")
    print(f"outbox, 4,000 rows/s offered, 10 ms card     {waits(lambda: card)}")
    print(f"    the same with checkpoints of 30 ms       {waits(checkpointing_card)}")


if __name__ == "__main__":
    main()
