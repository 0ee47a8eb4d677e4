"""Patients from a file, rows a second of every stage: ``python -m benchmarks.importing [--rows 100000]``.

The worker's own steps on an embedded server, one transaction each, as ``emmetra cloud worker`` takes them.
"""

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from sqlalchemy import Engine, text

import cloud.migrations.tables  # noqa: F401
from benchmarks.seeding import names
from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.imports import queries, services, tasks
from cloud.imports.choices import Order
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.migrations.run import upgrade_url

HEADINGS = ("Record number", "Family name", "Given name", "Birth date", "Mobile", "E-mail")


def main() -> int:
    """Measure and print a line a stage."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="emm-") as folder:
        server = start(Path(folder))
        try:
            for line in measured(server.get_uri(), args.rows):
                print(line, flush=True)
        finally:
            server.cleanup()
    return 0


def measured(url: str, rows: int) -> Iterator[str]:
    """Seconds and rows a second of every stage."""
    upgrade_url(url)
    owner, engine = owner_engine(url), app_engine(url)
    tenant = accounts.found_chain(owner, slug="large", name="Large")
    with unit_of_work(engine, tenant) as session:
        accounts.open_store(session, slug="one", name="One", zone="UTC")
        by = accounts.hire(session, email="o@large.example", name="O", password="large", role=Role.OWNER).id
    content = written(rows)
    yield f"{rows:,} rows, {len(content) / 1e6:.1f} MB"
    batch_id = brought(engine, tenant, content, rows, by)
    yield stage("read", rows, lambda: worked(engine, tenant, batch_id))
    with unit_of_work(engine, tenant) as session:
        mapping = queries.batch(session, batch_id).mapping
        services.chart(session, batch_id, mapping, {"order": Order.DMY}, by=by)
    yield stage("tried dry", rows, lambda: worked(engine, tenant, batch_id))
    with unit_of_work(engine, tenant) as session:
        services.accept(session, batch_id, by=by)
    yield stage("taken in", rows, lambda: worked(engine, tenant, batch_id))
    with unit_of_work(engine, tenant) as session:
        there = session.scalar(text("SELECT count(*) FROM people_patient"))
        services.undo(session, batch_id, by=by)
    yield f"{'patients then':<12} {there:,}"
    yield stage("undone", rows, lambda: worked(engine, tenant, batch_id))
    engine.dispose()
    owner.dispose()


def stage(name: str, rows: int, work: Callable[[], None]) -> str:
    """One stage, timed."""
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    return f"{name:<12} {took:7.1f} s   {rows / took:8,.0f} rows/s"


def worked(engine: Engine, tenant: int, batch_id: int) -> None:
    """Every step that is due."""
    while tasks.step(engine, tenant, batch_id):
        pass


def brought(engine: Engine, tenant: int, content: bytes, most: int, by: int) -> int:
    """The file as it is uploaded."""
    with unit_of_work(engine, tenant) as session:
        return services.bring(session, file_name="list.csv", content=content, most=most, by=by).id


def written(rows: int) -> bytes:
    """A list of patients as another system writes it."""
    drawn, out = Random(5), io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(HEADINGS)
    for at in range(rows):
        family, given = drawn.choice(names.FAMILIES), drawn.choice(names.FORENAMES)
        born = f"{1 + at % 28:02}/{1 + at % 12:02}/{1930 + at % 80}"
        sheet.writerow([f"B-{at:06}", family, given, born, f"+44 7{at:09}", f"p{at}@example.test"])
    return out.getvalue().encode()


if __name__ == "__main__":
    raise SystemExit(main())
