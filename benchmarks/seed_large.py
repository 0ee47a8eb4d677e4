"""A practice of a million people with twenty million observations: ``make seed-large``.

    python -m benchmarks.seed_large [--data var/large] [--people 1000000] [--observations 20000000]

Makes an embedded server in the folder, once; ``benchmarks.chart`` and ``benchmarks.search --data`` measure on it.
"""

import argparse
import time
from pathlib import Path

from sqlalchemy import text

from benchmarks.search import seeded
from benchmarks.seeding import record
from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start


def main() -> int:
    """Seed, saying what is being made."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("var/large"))
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--observations", type=int, default=20_000_000)
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)
    server = start(args.data.resolve())
    try:
        seed(server.get_uri(), args.people, args.observations)
    finally:
        server.cleanup()
    return 0


def seed(url: str, people: int, observations: int) -> None:
    """Fill the database behind ``url``; what is there already stays."""
    began, tenant = time.monotonic(), seeded(url, people)
    print(f"{time.monotonic() - began:6.0f} s  {people:,} people", flush=True)
    store, staff = staffed(url, tenant)
    owner = owner_engine(url)
    with owner.connect() as connection:
        if connection.scalar(text("SELECT EXISTS (SELECT FROM clinic_observation)")):
            print("There are observations already; nothing was added.", flush=True)
            return
        who = {"tenant": tenant, "store": store, "staff": staff}
        for doing in record.seed(connection, **who, observations=observations):
            print(f"{time.monotonic() - began:6.0f} s  {doing}", flush=True)
    owner.dispose()


def staffed(url: str, tenant: int) -> tuple[int, int]:
    """A store and a clinician of the chain."""
    engine = app_engine(url)
    with unit_of_work(engine, tenant) as session:
        store = accounts.open_store(session, slug=f"large-{time.time_ns()}", name="Large", zone="Europe/Lisbon")
        email = f"clinician-{time.time_ns()}@large.example"
        staff = accounts.hire(session, email=email, name="Dr Ada Large", password="large", role=Role.CLINICIAN)
        found = store.id, staff.id
    engine.dispose()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
