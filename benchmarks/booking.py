"""Free times and who gets them: ``python -m benchmarks.booking [search] [chain] [race] [book]``.

``search``: 30 days of one busy store for a type that wants three resources; 5 ms is the limit. The peer in the same run
is the long way, which reads rules and visits anew. ``chain``: the 20 of 1,000 stores that have a time soonest.
``race``: N clients want the same. ``book``: bookings of many times, one after another by each client, in the service
without a page.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

import cloud.migrations.tables  # noqa: F401
from benchmarks.booking_chain import BUSY, DAYS, STORES, Chain, far, fill, percentiles
from benchmarks.booking_races import raced
from cloud.accounts import services as accounts
from cloud.booking import asking, chain, glance, services
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.migrations.run import upgrade_url
from tests.load.race import race


def main() -> int:
    """Seed, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=["search", "chain", "race", "book"])
    parser.add_argument("--clients", type=int, nargs="*", default=[8, 32, 64, 150])
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-") as folder:
        server = start(Path(folder).resolve())
        try:
            for line in _report(server.get_uri(), args.what, [(one, args.rounds) for one in args.clients]):
                print(line, flush=True)
        finally:
            server.cleanup()
    return 0


def _report(url: str, what: list[str], races: list[tuple[int, int]]) -> Iterator[str]:
    upgrade_url(url)
    owner, engine = owner_engine(url), app_engine(url, pool_size=80)
    try:
        found = accounts.found_chain(owner, slug="bench", name="Bench")
        one = Chain(engine, found, STORES if "chain" in what else 1, 700)
        for name in what:
            deeds = {"search": searched, "chain": chained, "book": booked}
            yield from raced(one, races) if name == "race" else deeds[name](one)
    finally:
        engine.dispose()
        owner.dispose()


def searched(one: Chain) -> Iterator[str]:
    """One store, 30 days."""
    visits = fill(one, BUSY)
    last = one.first + timedelta(days=DAYS - 1)

    def read(way: Callable[..., asking.Sight | None]) -> Callable[[Session], int]:
        def ask(session: Session) -> int:
            seen = way(session, one.ask(one.full), one.first, last)
            assert seen is not None
            return sum(len(asking.times(seen, one.first + timedelta(days=n))) for n in range(DAYS))

        return ask

    for name, way, rounds in (("masks", glance.view, 500), ("the long way", asking.view, 50)):
        one.question(read(way))
        taken = percentiles([one.question(read(way)) for _ in range(rounds)])
        yield f"search, {DAYS} days, {visits} visits, {name}: {taken}"


def chained(one: Chain) -> Iterator[str]:
    """The 20 stores that have a time soonest."""
    last = one.first + timedelta(days=DAYS - 1)

    def ask(session: Session) -> None:
        assert len(chain.soonest(session, one.ask(one.full), one.stores, one.first, last, 20)) == 20

    began = time.perf_counter()
    for some in range(0, len(one.stores), 50):
        with unit_of_work(one.engine, one.tenant) as session:
            asks = [one.ask(one.full, number) for number in range(some, min(some + 50, len(one.stores)))]
            list(glance.views(session, asks, one.first, last))
    yield f"chain: counting out {len(one.stores)} stores x {DAYS} days anew: {time.perf_counter() - began:.1f} s"
    glance._sketches.clear()  # as a process that has just begun
    yield f"chain: soonest 20 of {len(one.stores)} stores, cold: {one.question(ask):.0f} ms"
    yield f"chain: the same, warm: {percentiles([one.question(ask) for _ in range(20)])}"


def booked(one: Chain) -> Iterator[str]:
    """Throughput of the transaction, clients that do not meet."""
    free = [(at, one.patients[number]) for number, at in enumerate(far(one, 640))]
    shares = [free[number::32] for number in range(32)]

    def want(number: int) -> str:
        words = {
            one.deed(lambda session, at=at, who=who: services.book(session, one.ask(), at, who, channel="desk"))  # type: ignore[misc]
            for at, who in shares[number]
        }
        return ",".join(sorted(words))

    began = time.perf_counter()
    told = race(32, want)
    yield f"book: {len(free)} by 32 clients: {len(free) / (time.perf_counter() - began):.0f}/s, {dict(told.answers)}"


if __name__ == "__main__":
    raise SystemExit(main())
