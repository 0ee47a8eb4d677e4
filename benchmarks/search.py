"""Finding a person as one types, in one large chain: ``python -m benchmarks.search [--people 1000000]``.

Every question goes through the service as the page asks it (transaction, row policies, directory functions, loading
of those found), the easy and the worst alike: frequent pieces, rare ones, one sign, numbers, dates, nobody. The limit
is 50 ms at the 95th percentile of all; the peer in the same run is the search as it was before, by LIKE over the table.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

import cloud.migrations.tables  # noqa: F401
from benchmarks.seeding import people as seeding
from cloud.accounts import services as accounts
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.migrations.run import upgrade_url
from cloud.people.models import Patient
from cloud.people.queries import search

QUESTIONS = {
    "frequent pieces": ("an", "ang", "wang", "zhang", "a", "王", "张", "li", "en", "小"),
    "whole names": ("zhang wei", "王芳", "müller", "lindqvist", "jean pierre", "ouyang", "smith john", "grace okafor"),
    "pinyin": ("zhangwei", "zw", "wangjianguo", "lhm", "wei zhang", "zha", "zhangx", "欧阳"),
    "rare pieces": ("uxbu", "xant", "hopoul", "qux", "lqv", "ørg", "诸葛", "zqx"),
    "telephones": ("1391", "7700", "077", "345", "+44 7123", "56789", "2222", "0"),
    "numbers": ("L-0000001", "l-00123", "0009999", "L-0", "123456"),
    "birth dates": ("1984-03-27", "27/03/1984", "19840327", "270384", "1984", "wang 1984-03-27"),
    "two words": ("wang an", "zhang 1984", "eva no", "smith 345", "li wei", "an ang"),
    "nobody": ("zzzzq", "nobody here", "99999999999", "zhang xqq", "anganganga"),
}


def main() -> int:
    """Seed, measure, print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--data", type=Path, help="keep the database here, and seed it only once")
    parser.add_argument("--peer", action="store_true", help="also measure LIKE over the table, once a question")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-") as folder:
        server = start((args.data or Path(folder)).resolve())
        try:
            for line in report(server.get_uri(), args.people, args.rounds, peer=args.peer):
                print(line, flush=True)
        finally:
            server.cleanup()
    return 0


def report(url: str, people: int, rounds: int, *, peer: bool) -> Iterator[str]:
    """A line for each kind of question, and one for all."""
    tenant = seeded(url, people)
    engine = app_engine(url)
    taken = {
        kind: [one for word in words for one in times(engine, tenant, word, rounds, ours)]
        for kind, words in QUESTIONS.items()
    }
    yield f"{people:,} patients, {rounds} rounds; milliseconds"
    yield f"{'':<18}{'p50':>8}{'p95':>8}{'worst':>8}"
    for kind, found in {**taken, "all": [one for some in taken.values() for one in some]}.items():
        yield f"{kind:<18}{statistics.median(found):>8.1f}{percentile(found):>8.1f}{max(found):>8.1f}"
    for kind, words in QUESTIONS.items():
        for word in words:
            found = times(engine, tenant, word, 5, ours)
            yield f"  {kind:<16}{word:<16}{statistics.median(found):>8.1f}"
    if peer:
        found = [one for words in QUESTIONS.values() for word in words for one in times(engine, tenant, word, 1, like)]
        yield f"{'LIKE':<18}{statistics.median(found):>8.1f}{percentile(found):>8.1f}{max(found):>8.1f}"
    engine.dispose()


def percentile(found: list[float]) -> float:
    """The 95th."""
    return sorted(found)[int(0.95 * (len(found) - 1))]


def times(engine: Engine, tenant: int, word: str, rounds: int, ask: Callable[[Session, str], object]) -> list[float]:
    """Milliseconds of each round, the first left out when there are several."""
    found = []
    for _round in range(rounds + (rounds > 1)):
        began = time.perf_counter()
        with unit_of_work(engine, tenant) as session:
            ask(session, word)
        found.append((time.perf_counter() - began) * 1000)
    return found[1:] or found


def ours(session: Session, word: str) -> object:
    """As the top bar asks."""
    return search(session, word, 9)


def like(session: Session, word: str) -> object:
    """As it was."""
    query = select(Patient)
    for part in word.split():
        places = (Patient.record_number, Patient.family_name + Patient.given_name, Patient.phone)
        query = query.where(or_(*(place.icontains(part, autoescape=True) for place in places)))
    return session.scalars(query.order_by(Patient.family_name, Patient.given_name, Patient.id).limit(9)).all()


def seeded(url: str, people: int) -> int:
    """The chain to search in; another one lies beside it in the same index."""
    upgrade_url(url)
    owner, app = owner_engine(url), app_engine(url)
    with owner.connect() as connection:
        found = connection.exec_driver_sql("SELECT id FROM accounts_chain WHERE slug = 'large'").scalar()
    if found is None:
        for slug, many in (("beside", people // 10), ("large", people)):
            found = accounts.found_chain(owner, slug=slug, name=slug)
            with unit_of_work(app, found) as session:
                store = accounts.open_store(session, slug="one", name="One", zone="UTC").id
            with owner.connect() as connection:
                for said in seeding.seed(connection, tenant=found, stores=(store,), people=many):
                    print(f"\r{slug}: {said}          ", end="", flush=True)
        print()
    owner.dispose()
    app.dispose()
    assert found is not None
    return int(found)


if __name__ == "__main__":
    raise SystemExit(main())
