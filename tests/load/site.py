"""A broker, ingest and PostgreSQL for a fleet, each a process of its own; the broker is one of ours or mosquitto."""

import os
import random
import resource
from pathlib import Path

import psutil
from sqlalchemy import insert, select, text

from cloud.accounts import services as accounts
from cloud.accounts.models import Store
from cloud.fleet.models import Gateway
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.migrations.run import upgrade_url
from deploy.broker import Tls
from deploy.broker.mosquitto import Mosquitto
from deploy.demo.children import Children, answers, free_port
from firmware_sim.fleet.__main__ import address
from tests.conformance.broker.certificates import Authority

CHAIN = "fleet"
SPARE_FILES = 4096
FOUND = """
    SELECT s.slug AS store, r.epoch, count(*) AS rows, count(DISTINCT r.seq) AS numbers, max(r.seq) AS last,
           count(DISTINCT r.reading_id) AS ids
    FROM readings_reading r
    JOIN fleet_gateway g ON g.tenant_id = r.tenant_id AND g.id = r.gateway_id
    JOIN accounts_store s ON s.tenant_id = g.tenant_id AND s.id = g.store_id
    GROUP BY s.slug, r.epoch
"""


def raise_file_limit(gateways: int) -> None:
    """Room for a socket a gateway; children inherit it. Raises ValueError where this user may not."""
    wanted = gateways + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))


class Site:
    """What a fleet connects to."""

    def __init__(self, children: Children, folder: Path, broker: str, *, tls: bool, wiped: bool) -> None:
        # below the ports the system gives to callers: one of thousands that call while nobody listens may meet itself
        self.children, self.folder, self.port = children, folder, free_port(random.randrange(20_000, 32_000))
        self.url, self.chain = "", 0
        self._wiped = wiped
        self.papers = _papers(folder) if tls else None
        self._mosquitto = self._of_mosquitto() if broker == "mosquitto" else None

    def database(self, gateways: int) -> None:
        """Start PostgreSQL, and make a chain with so many stores, each with a gateway."""
        place = self.folder / "database.url"
        self.children.start("database", ["demo-database", str(self.folder / "database")])
        self.children.wait("database", place.exists)
        self.url = place.read_text()
        upgrade_url(self.url)
        self._enrol(gateways)

    def _enrol(self, gateways: int) -> None:
        owner, app = owner_engine(self.url), app_engine(self.url, pool_size=1)
        self.chain = accounts.found_chain(owner, slug=CHAIN, name="Fleet")
        slugs = [address(CHAIN, n).store for n in range(1, gateways + 1)]
        with unit_of_work(app, self.chain) as session:
            stores = [{"tenant_id": self.chain, "slug": slug, "name": slug} for slug in slugs]
            session.execute(insert(Store), stores)
            known = session.scalars(select(Store.id).order_by(Store.id)).all()
            boxes = [{"tenant_id": self.chain, "store_id": store, "slug": "gw-1"} for store in known]
            session.execute(insert(Gateway), boxes)
        owner.dispose()
        app.dispose()

    async def start_broker(self) -> None:
        """Start it, and wait until it listens."""
        if self._mosquitto is not None:
            await self._mosquitto.start()
            return
        kept = ["--data", str(self.folder / "broker")] if not self._wiped else []
        self.children.start("broker", ["broker", "--port", str(self.port), *kept, *self._tls_words()])
        self.children.wait("broker", lambda: answers(self.port))

    async def kill_broker(self) -> None:
        """Kill -9."""
        if self._mosquitto is not None:
            await self._mosquitto.kill()
        else:
            self.children.kill("broker")

    def ingest(self) -> None:
        """Start what takes readings in."""
        scheme = "mqtts" if self.papers else "mqtt"
        told = {
            "DATABASE_URL": self.url,
            "EMMETRA_SECRET_KEY": os.urandom(20).hex(),
            "EMMETRA_BROKER_URL": f"{scheme}://localhost:{self.port}",
        }
        if self.papers:
            told |= {"EMMETRA_BROKER_CA": self.papers["ca"], "EMMETRA_BROKER_CERTIFICATE": self.papers["client"]}
            told |= {"EMMETRA_BROKER_KEY": self.papers["client-key"]}
        self._ingest = self.children.start("ingest", ["cloud", "ingest"], told).pid

    def memory(self) -> dict[str, float]:
        """Megabytes of memory that broker and ingest have right now."""
        found = {"broker": 0.0, "ingest": 0.0}
        for child in psutil.Process().children():  # of which some may belong to another test of this process
            if child.pid == self._ingest:
                found["ingest"] = child.memory_info().rss / 2**20
            elif _is_broker(child, self.port):
                found["broker"] = child.memory_info().rss / 2**20
        return found

    def found(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Epoch, rows, numbers, highest number and reading ids in the database, by store."""
        engine = app_engine(self.url, pool_size=1)
        with unit_of_work(engine, self.chain) as session:
            rows = session.execute(text(FOUND)).all()
        engine.dispose()
        return {row.store: tuple(row)[1:] for row in rows}

    def _of_mosquitto(self) -> Mosquitto:
        papers = self.papers
        tls = Tls(certificate=papers["broker"], key=papers["broker-key"], ca=papers["ca"]) if papers else None
        return Mosquitto(port=self.port, tls=tls, data=None if self._wiped else self.folder / "mosquitto")

    def _tls_words(self) -> list[str]:
        papers = self.papers
        if not papers:
            return []
        return [
            *("--tls-certificate", papers["broker"], "--tls-key", papers["broker-key"]),
            *("--tls-ca", papers["ca"]),
        ]


def _is_broker(process: psutil.Process, port: int) -> bool:
    try:
        return process.name() == "mosquitto" or {"broker", str(port)} <= set(process.cmdline())
    except psutil.Error:
        return False


def _papers(folder: Path) -> dict[str, str]:
    """Certificates; all gateways share one, since it is handshakes that cost."""
    authority = Authority(folder)
    broker, client = authority.certify("localhost", "broker"), authority.certify("fleet", "client")
    names = ("ca", "broker", "broker-key", "client", "client-key")
    return dict(zip(names, map(str, (authority.path, *broker, *client)), strict=True))
