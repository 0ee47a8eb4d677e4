"""Everything that can be killed: four gateways, the broker, ingest and PostgreSQL, each a process of its own."""

import contextlib
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from cloud.fleet import services as fleet
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from deploy.demo.children import Children
from deploy.demo.parts import Parts
from edge import status

GATEWAYS = 4
CHAIN, STORE = "harbour", "pier-street"
CONFIG = """
[gateway]
address = "{address}"
data = "{data}"
disk_floor_mb = 0
[broker]
url = "mqtt://127.0.0.1:{port}"
"""
INSTRUMENT = """
[[instrument]]
name = "{name}"
family = "nidek_frame"
url = "socket://127.0.0.1:{port}"
"""
GONE = 20.0


class House:
    """Starts and kills. ``durable`` keeps the broker's data on disk, and every kill deletes it."""

    def __init__(self, children: Children, folder: Path, *, durable: bool, hasty: bool) -> None:
        self.parts, self.children, self.folder = Parts(children, folder), children, folder
        self._durable, self._hasty = durable, hasty

    def open(self, wires: dict[int, dict[str, int]]) -> None:
        """Start everything; ``wires`` are the ports of each gateway's instruments by name."""
        self.parts.database()
        self.parts.seed()
        self._enrol()
        for gateway, ports in wires.items():
            self._configure(gateway, ports)
        for kind in ("broker", "ingest", *(f"gateway-{n}" for n in range(GATEWAYS))):
            self.start(kind)

    def start(self, kind: str) -> None:
        """Start one process."""
        if kind == "broker":
            self.parts.broker(durable=self._durable)
        elif kind.startswith("gateway"):
            words = [str(self.folder / f"{kind}.toml"), *(["hasty"] if self._hasty else [])]
            self.children.start(kind, words, module="tests.load.gateway")
        else:
            getattr(self.parts, kind)()

    def kill(self, kind: str) -> None:
        """Kill -9, and with the broker everything it kept."""
        postgres = _postgres(self.folder / "database") if kind == "database" else []
        self.children.kill(kind)
        for process in postgres:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(postgres, GONE)
        if kind == "broker":
            shutil.rmtree(self.folder / "broker", ignore_errors=True)

    def depths(self) -> list[int]:
        """How many rows wait on each gateway; -1 for one that does not answer."""
        return [self._depth(n) for n in range(GATEWAYS)]

    def rows(self, question: str) -> list[Any]:
        """What the application's own role sees of the chain."""
        engine = app_engine(self.parts.url, pool_size=1)
        try:
            with unit_of_work(engine, self._chain()) as session:
                return list(session.execute(text(question)).all())
        finally:
            engine.dispose()

    def data(self, gateway: int) -> Path:
        """Where a gateway keeps its outbox."""
        return self.folder / f"gateway-{gateway}"

    def _depth(self, gateway: int) -> int:
        try:
            return int(status.ask(self.data(gateway))["outbox"]["depth"])
        except status.NotRunning:
            return -1

    def _chain(self) -> int:
        engine = owner_engine(self.parts.url)
        with engine.begin() as connection:
            found = connection.execute(text("SELECT id FROM accounts_chain WHERE slug = :c"), {"c": CHAIN}).scalar_one()
        engine.dispose()
        return int(found)

    def _enrol(self) -> None:
        engine = app_engine(self.parts.url, pool_size=1)
        with unit_of_work(engine, self._chain()) as session:
            store = session.execute(text("SELECT id FROM accounts_store WHERE slug = :s"), {"s": STORE}).scalar_one()
            for gateway in range(GATEWAYS):
                fleet.enrol(session, store_id=store, slug=f"load-{gateway}")
        engine.dispose()

    def _configure(self, gateway: int, ports: dict[str, int]) -> None:
        address, port = f"{CHAIN}/{STORE}/load-{gateway}", self.parts.broker_port
        lines = [CONFIG.format(address=address, data=self.data(gateway), port=port)]
        lines += [INSTRUMENT.format(name=name, port=port) for name, port in ports.items()]
        (self.folder / f"gateway-{gateway}.toml").write_text("".join(lines))


def wait_until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask until the answer is yes."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"{what} within {seconds:.0f} s"
        time.sleep(0.1)


def _postgres(data: Path) -> list[psutil.Process]:
    """The postmaster and everything it started."""
    try:
        postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return [postmaster, *postmaster.children(recursive=True)]
    except (FileNotFoundError, psutil.NoSuchProcess):
        return []
