"""The pages over the fleet of one very large chain: ``python -m benchmarks.fleet [--stores 10000]``.

Seeds stores with a gateway and six instruments each, then asks for every page through the application as a browser
does: door, transaction, row policies, statements, template. The limit is 100 ms at the 95th percentile of the list.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from benchmarks.search import percentile
from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.app import create_app
from cloud.kernel.clock import now
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.kernel.embedded import start
from cloud.kernel.settings import Settings
from cloud.migrations.run import upgrade_url
from cloud.operations import alerts
from deploy import assets

LIMIT_MS = 100.0
PAGES = {
    "list": "/fleet",
    "list, second page": "/fleet/part?sort=store&after=Store+00050~50",
    "list by rows waiting": "/fleet/part?sort=depth&down=1",
    "list by last seen": "/fleet/part?sort=seen&down=1",
    "list, with problems": "/fleet/part?state=problems",
    "list, as one types": "/fleet/part?q=store+0912",
    "list, nothing fits": "/fleet/part?q=nowhere",
    "map": "/fleet/map",
    "alerts": "/fleet/alerts",
    "instruments": "/fleet/instruments",
    "instruments by day due": "/fleet/instruments?sort=due",
    "instruments, typed": "/fleet/instruments/part?q=RT-5100+0912",
    "one gateway": "/fleet/{gateway}",
    "its history": "/fleet/{gateway}/history",
}
SEED = (
    "INSERT INTO accounts_region (tenant_id, name) SELECT :t, 'Region ' || g FROM generate_series(1, 20) g",
    "INSERT INTO accounts_store (tenant_id, slug, name, zone, region_id) SELECT :t, 's-' || g, "
    "'Store ' || lpad(g::text, 5, '0'), 'Europe/Lisbon', r.id FROM generate_series(1, :many) g "
    "JOIN accounts_region r ON r.tenant_id = :t AND r.name = 'Region ' || (1 + g % 20)",
    "INSERT INTO operations_place (tenant_id, store_id, latitude, longitude) "
    "SELECT :t, id, 36 + (id * 7919 % 700) / 100.0, -9 + (id * 104729 % 1200) / 100.0 FROM accounts_store "
    "WHERE tenant_id = :t AND slug LIKE 's-%'",
    "INSERT INTO fleet_gateway (tenant_id, store_id, slug, status, state, software, clock_state, depth, alarms, "
    "seen_at, since, oldest_at) SELECT :t, id, 'gw-1', 'enrolled', "
    "CASE WHEN id % 40 = 0 THEN 'offline' ELSE 'online' END, "
    "'emmetra 1.' || id % 4, CASE WHEN id % 90 = 0 THEN 'floor' ELSE 'synced' END, id % 7, "
    "CASE WHEN id % 120 = 0 THEN '[\"outbox_full: Make room.\"]'::jsonb ELSE '[]'::jsonb END, "
    "now() - id % 600 * interval '1 second', now() - id % 9000 * interval '1 minute', now() - interval '1 minute' "
    "FROM accounts_store WHERE tenant_id = :t AND slug LIKE 's-%'",
    "INSERT INTO fleet_instrument (tenant_id, gateway_id, store_id, dev, family, maker, model, lane, link, state, "
    "since, serial) SELECT :t, g.id, g.store_id, 'dev-' || n, 'nidek_rt', 'NIDEK', (ARRAY['ARK-1s','LM-7','RT-5100',"
    "'NT-530','AL-Scan','CEM-530'])[n], 'Lane ' || n, 'tcp', "
    "CASE WHEN (g.id + n) % 60 = 0 THEN 'lost' ELSE 'connected' END, "
    "now() - interval '1 hour', 'S' || g.id || '-' || n FROM fleet_gateway g, generate_series(1, 6) n "
    "WHERE g.tenant_id = :t",
    "INSERT INTO operations_plate (tenant_id, instrument_id, calibrated_on, next_due) SELECT :t, id, "
    "current_date - (id % 500)::int, current_date + (365 - id % 500)::int FROM fleet_instrument WHERE tenant_id = :t",
    "INSERT INTO fleet_happening (tenant_id, gateway_id, event_id, at, code, text, data) SELECT :t, g.id, 'e-' || n, "
    "now() - n * interval '1 hour', 'instrument_lost', 'An instrument was lost.', '{}' FROM fleet_gateway g, "
    "generate_series(1, 20) n WHERE g.tenant_id = :t",
    "ANALYZE",
)


def main() -> int:
    """Seed, measure, print a table; 1 where the list is slower than it may be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stores", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--data", type=Path, help="keep the database here, and seed it only once")
    args = parser.parse_args()
    assets.main()
    with tempfile.TemporaryDirectory(prefix="emm-") as folder:
        server = start((args.data or Path(folder)).resolve())
        try:
            return report(server.get_uri(), args.stores, args.rounds)
        finally:
            server.cleanup()


def report(url: str, stores: int, rounds: int) -> int:
    """A line for each page."""
    tenant, staff = seeded(url, stores)
    app = create_app(Settings(url, "a secret of the benchmark", secure_cookies=False))
    engine: Engine = app.extensions["emmetra.engine"]
    with unit_of_work(engine, tenant) as session:
        began = time.perf_counter()
        changed = alerts.look(session)
        took = (time.perf_counter() - began) * 1000
        gateway = session.scalar(text("SELECT min(id) FROM fleet_gateway"))
    print(
        f"{stores:,} gateways, {rounds} rounds; milliseconds of the server."
        f" The first look for alerts: {changed} changes, {took:.0f}"
    )
    print(f"{'':<26}{'p50':>8}{'p95':>8}{'worst':>8}")
    slow = 0
    for name, times in measured(app.test_client(), tenant, staff, gateway or 0, rounds):
        p95 = percentile(times)
        slow += name.startswith("list") and p95 > LIMIT_MS
        print(f"{name:<26}{statistics.median(times):>8.1f}{p95:>8.1f}{max(times):>8.1f}", flush=True)
    app.extensions["emmetra.hub"].close()
    engine.dispose()
    return 1 if slow else 0


def measured(
    client: FlaskClient, tenant: int, staff: int, gateway: int, rounds: int
) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of each round of each page, after one that is not counted."""
    with client.session_transaction() as kept:
        kept.update(tenant_id=tenant, staff_id=staff, began=int(now().timestamp()), code_due=False)
    for name, address in PAGES.items():
        times = []
        for _round in range(rounds + 1):
            began = time.perf_counter()
            answer = client.get(address.format(gateway=gateway))
            times.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        yield name, times[1:]


def seeded(url: str, stores: int) -> tuple[int, int]:
    """The chain and the engineer who looks at it; made once."""
    upgrade_url(url)
    owner, app = owner_engine(url), app_engine(url)
    with owner.connect() as connection:
        found = connection.execute(text("SELECT id FROM accounts_chain WHERE slug = 'wide'")).scalar()
    if found is None:
        found = accounts.found_chain(owner, slug="wide", name="Wide")
        with unit_of_work(app, found) as session:
            accounts.hire(
                session, email="omar@wide.example", name="Omar", password="a long password", role=Role.ENGINEER
            )
        with owner.begin() as connection:
            for statement in SEED[:-1]:
                connection.execute(text(statement), {"t": found, "many": stores})
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(SEED[-1]))
    with unit_of_work(app, found) as session:
        staff = session.scalar(text("SELECT id FROM accounts_staff"))
    owner.dispose()
    app.dispose()
    return int(found), int(staff or 0)


if __name__ == "__main__":
    raise SystemExit(main())
