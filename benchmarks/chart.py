"""A clinician's pages over a large practice: server time of each page, as percentiles.

    make seed-large
    python -m benchmarks.chart [--data var/large] [--requests 200]

Pages are asked of the whole application (door, transaction, row policies, template) in this process; the limit in the
same run is a page of the same frame without a patient. ``long`` are the patients with twenty years of visits.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text

from cloud.app import create_app
from cloud.kernel.clock import now
from cloud.kernel.database import owner_engine
from cloud.kernel.embedded import start
from cloud.kernel.settings import Settings
from cloud.server import settle

PAGES = ("overview", "examinations", "trends", "details", "prescriptions")


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("var/large"))
    parser.add_argument("--requests", type=int, default=200)
    args = parser.parse_args()
    server = start(args.data.resolve())
    try:
        for line in measured(server.get_uri(), args.requests):
            print(line, flush=True)
    finally:
        server.cleanup()
    return 0


def measured(url: str, requests: int) -> Iterator[str]:
    """A line a page: patients of every kind, and those with twenty years."""
    owner = owner_engine(url)
    with owner.connect() as connection:
        tenant, staff, people = connection.execute(
            text(
                "SELECT p.tenant_id, (SELECT min(id) FROM accounts_staff s WHERE s.tenant_id = p.tenant_id), count(*)"
                " FROM people_patient p GROUP BY p.tenant_id ORDER BY count(*) DESC LIMIT 1"
            )
        ).one()
        observations = connection.scalar(text("SELECT count(*) FROM clinic_observation"))
        low, high = connection.execute(
            text("SELECT min(id), max(id) FROM people_patient WHERE tenant_id = :t"), {"t": tenant}
        ).one()
    yield f"{people:,} patients, {observations:,} observations"
    client = signed_in(url, tenant, staff)
    drawn = random.Random(7)
    anybody = lambda: drawn.randint(low, high)  # noqa: E731
    long = lambda: drawn.randint(low // 1000 + 1, high // 1000) * 1000  # noqa: E731
    yield line("account (the frame alone)", timed(client, lambda: "/account", requests))
    drafts = [begun(client, long()) for _ in range(20)]
    yield line("examination being written, twenty years", timed(client, lambda: drawn.choice(drafts), requests))
    for page in PAGES:
        for who, pick in (("anybody", anybody), ("twenty years", long)):
            yield line(f"{page}, {who}", timed(client, address(page, pick), requests))


def begun(client: FlaskClient, patient_id: int) -> str:
    """Where an examination of this patient is written that has just been begun."""
    answer = client.post(f"/patients/{patient_id}/examinations", data={"template": "routine_adult"})
    return answer.headers["Location"]


def address(page: str, pick: Callable[[], int]) -> Callable[[], str]:
    """The address of a page of somebody drawn."""
    return lambda: f"/patients/{pick()}/{page}"


def signed_in(url: str, tenant: int, staff: int) -> FlaskClient:
    """A browser of a member of staff."""
    app = create_app(Settings(url, "a secret of the benchmark", secure_cookies=False))
    app.config.update(WTF_CSRF_ENABLED=False)
    settle()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(tenant_id=tenant, staff_id=staff, began=int(now().timestamp()), code_due=False)
    return client


def timed(client: FlaskClient, where: Callable[[], str], requests: int) -> list[float]:
    """Milliseconds of each request; the first few warm up and do not count."""
    took = []
    for at in range(requests + 5):
        begun = time.perf_counter()
        answer = client.get(where())
        if answer.status_code != 200:
            raise SystemExit(f"{answer.request.path} answered {answer.status_code}")
        took.append((time.perf_counter() - begun) * 1000) if at >= 5 else None
    return took


def line(name: str, took: list[float]) -> str:
    """p50, p95 and the slowest."""
    cuts = statistics.quantiles(took, n=100)
    return f"{name:<40} p50 {cuts[49]:6.1f} ms   p95 {cuts[94]:6.1f} ms   slowest {max(took):6.1f} ms"


if __name__ == "__main__":
    raise SystemExit(main())
