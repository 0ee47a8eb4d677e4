"""The real whole thing on one desk: database, broker, ingest, pages and gateway as processes of their own."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from deploy import assets
from deploy.demo.children import Children
from deploy.demo.parts import Parts
from edge import status
from tests.journeys import seeded
from tests.journeys.bench import Bench
from tests.journeys.visitor import Visitor

HARBOUR, HILLSIDE = "harbour", "hillside"


class Books:
    """What stands in the database, as the application's own role sees it."""

    def __init__(self, url: str) -> None:
        self._engine = app_engine(url, pool_size=2)
        owner = owner_engine(url)
        with owner.begin() as connection:
            found = connection.execute(text("SELECT slug, id FROM accounts_chain"))
            self._chains: dict[str, int] = {row.slug: row.id for row in found}
        owner.dispose()

    def rows(self, question: str, chain: str = HARBOUR, **told: object) -> list[Any]:
        """The answer, as far as this chain may see."""
        with unit_of_work(self._engine, self._chains[chain]) as session:
            return list(session.execute(text(question), told).all())

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


class Desk:
    """A running store and cloud; every verb is something a person could do or see."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._visitors: dict[str, Visitor] = {}
        self.bench = Bench(parts.dev)
        parts.database()
        parts.seed()
        self._books = Books(parts.url)
        self.rows = self._books.rows
        self.told = json.loads((parts.folder / "accounts.json").read_text())
        for part in (parts.broker, parts.ingest, parts.worker, parts.web, parts.gateway):
            part()
        until(lambda: self.listening("ark", "tonoref", "lensmeter", "rt"))
        until(lambda: len(self.rows("SELECT lane FROM fleet_instrument WHERE lane IS NOT NULL")) == 4)

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.parts.web_port}"

    def status(self) -> dict[str, Any]:
        """What `emmetra gateway status` says."""
        return status.ask(self.parts.folder / "gateway")

    def listening(self, *places: str) -> bool:
        """Whether the gateway hears these instruments."""
        try:
            states = {one["name"]: one["state"] for one in self.status()["instruments"]}
        except status.NotRunning:
            return False
        return all(states[place] == "connected" for place in places)

    def sign_in(self, email: str) -> Visitor:
        """Somebody of the demo, signed in, once for all tests: a code is good for one sign-in."""
        if email not in self._visitors:
            visitor = Visitor(self.address)
            visitor.sign_in(email, self.told["password"], self.told["totp_secret"])
            self._visitors[email] = visitor
        return self._visitors[email]

    def patient(self, record: str) -> int:
        """The patient's id."""
        return int(self.rows("SELECT id FROM people_patient WHERE record_number = :record", record=record)[0].id)

    def arrived(self, raw: bytes) -> list[dict[str, Any]]:
        """The readings in the record that were read from these bytes, in order; waits for them."""
        digest = hashlib.sha256(raw).hexdigest()
        return [json.loads(row.body) for row in until(lambda: self.rows(FROM_BYTES, digest=digest))]

    def filed(self, raw: bytes) -> set[tuple[int | None, str | None, str | None]]:
        """Whose the readings of these bytes are, how, and why not; waits for the readings."""
        self.arrived(raw)
        return {tuple(row) for row in self.rows(FILED, digest=hashlib.sha256(raw).hexdigest())}

    def close(self) -> None:
        """Put everything away; the processes end with their Children."""
        self._books.close()
        self.bench.close()


FROM_BYTES = """
    SELECT body FROM readings_reading WHERE body::json #>> '{integrity,raw_sha256}' = :digest ORDER BY epoch, seq
"""
FILED = """
    SELECT f.patient_id, f.how, f.why FROM readings_reading r LEFT JOIN LATERAL (
        SELECT * FROM readings_filing f WHERE f.reading_id = r.reading_id ORDER BY id DESC LIMIT 1) f ON true
    WHERE r.body::json #>> '{integrity,raw_sha256}' = :digest
"""


@contextmanager
def open_desk() -> Iterator[Desk]:
    """A desk with two seeded chains; whatever happens, no process outlives it."""
    assets.main()
    # not below pytest's own folder: every other run of pytest closes that to all but root, and PostgreSQL is not root
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        seeded.lay(Path(name))
        desk = Desk(Parts(children, Path(name)))
        try:
            yield desk
        finally:
            desk.close()


def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Ask until the answer is a yes, and give it back."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.03)
    return answer


def without_identity(reading: dict[str, Any]) -> dict[str, Any]:
    """What the instrument said, without what the place of its arrival adds."""
    rest = {key: value for key, value in reading.items() if key not in ("reading_id", "received_at")}
    return rest | {"integrity": {"checksum": reading["integrity"]["checksum"]}}
