"""Everything that can go wrong: four gateways, the broker, ingest and PostgreSQL, each a process of its own."""

import contextlib
import json
import random
import secrets
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from cloud.accounts import services as accounts
from cloud.fleet import services as fleet
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.migrations.run import upgrade_url
from deploy.demo.children import Children, free_port
from deploy.demo.parts import Parts
from edge import status
from edge.updates import launcher
from tests.load.disks import Disk

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
# What a release is to the launcher: a folder with a program called deploy.
RELEASE = """
import sys
sys.path.insert(0, {root!r})
from tests.load.gateway import run
run(sys.argv[1:])
"""
ROOT = Path(__file__).parents[2]


class House:
    """Starts and kills. ``durable`` keeps the broker's data on disk, and every kill deletes it."""

    def __init__(self, children: Children, folder: Path, *, durable: bool, hasty: bool) -> None:
        self.parts, self.children, self.folder = Parts(children, folder), children, folder
        # below the ports given to callers: a caller to a port of those, with nobody there, may meet itself
        self.parts.broker_port = free_port(random.randrange(20_000, 32_000))
        self._durable, self._hasty, self._chain = durable, hasty, 0
        self.logs = folder / "log"
        self.disks = [Disk(self.data(gateway)) for gateway in range(GATEWAYS)]

    def open(self, wires: dict[int, dict[str, int]], ways: list[int]) -> None:
        """Start everything; ``wires`` are the ports of a gateway's instruments by name, ``ways`` lead to the broker."""
        self.parts.database()
        self._enrol()
        for gateway, ports in wires.items():
            self._configure(gateway, ports, ways[gateway])
            self._install(gateway)
        for kind in ("broker", "ingest", *(f"gateway-{n}" for n in range(GATEWAYS))):
            self.start(kind)

    def start(self, kind: str) -> None:
        """Start one process."""
        if kind == "broker":
            self.parts.broker(durable=self._durable)
        elif kind.startswith("gateway"):
            words = [str(self.folder / f"{kind}.toml"), *(["hasty"] if self._hasty else [])]
            slots = {"EMMETRA_SLOTS": str(self._slots(int(kind.rpartition("-")[2])))}
            self.children.start(kind, words, slots, module="edge.updates.launcher")
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

    def update(self, gateway: int) -> None:
        """End a gateway in good order and start it from its other slot."""
        self.children.end(f"gateway-{gateway}")
        slots = self._slots(gateway)
        launcher.write(slots, {"active": "B" if launcher.read(slots)["active"] == "A" else "A"})
        self.start(f"gateway-{gateway}")

    def jump(self, gateway: int, seconds: float) -> None:
        """Set a gateway's clock wrong by so much."""
        launcher.put(self.folder / f"gateway-{gateway}.clock", str(seconds).encode())

    def software(self) -> dict[str, str]:
        """What each gateway should say it runs."""
        active = [launcher.read(self._slots(gateway))["active"] for gateway in range(GATEWAYS)]
        return {f"load-{gateway}": f"emmetra in slot {slot}" for gateway, slot in enumerate(active)}

    def ended(self) -> list[str]:
        """What ended although nobody killed it."""
        return [name for name in [self.children.ended()] if name]

    def close(self) -> None:
        """Take the disks away; nothing may run any more."""
        for disk in self.disks:
            disk.close()

    def depths(self) -> list[int]:
        """How many rows wait on each gateway; -1 for one that does not answer."""
        return [self._depth(n) for n in range(GATEWAYS)]

    def rows(self, question: str) -> list[Any]:
        """What the application's own role sees of the chain."""
        engine = app_engine(self.parts.url, pool_size=1)
        try:
            with unit_of_work(engine, self._chain) as session:
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

    def _enrol(self) -> None:
        """A chain with one store, all of whose gateways are known."""
        upgrade_url(self.parts.url)
        (self.folder / "secret.key").write_text(secrets.token_hex())
        owner, app = owner_engine(self.parts.url), app_engine(self.parts.url, pool_size=1)
        self._chain = accounts.found_chain(owner, slug=CHAIN, name="Harbour")
        with unit_of_work(app, self._chain) as session:
            store = accounts.open_store(session, slug=STORE, name="Pier Street", zone="UTC")
            for gateway in range(GATEWAYS):
                fleet.enrol(session, store_id=store.id, slug=f"load-{gateway}")
        owner.dispose()
        app.dispose()

    def _slots(self, gateway: int) -> Path:
        return self.folder / f"slots-{gateway}"

    def _install(self, gateway: int) -> None:
        """Two releases, the first of them active."""
        for slot in launcher.SLOTS:
            program = self._slots(gateway) / slot / "deploy"
            program.mkdir(parents=True)
            (program / "__init__.py").write_text("")
            (program / "__main__.py").write_text(RELEASE.format(root=str(ROOT)))
            (program.parent / launcher.RELEASE).write_text(json.dumps({"version": slot}))
        launcher.write(self._slots(gateway), {"active": "A"})

    def _configure(self, gateway: int, ports: dict[str, int], port: int) -> None:
        address = f"{CHAIN}/{STORE}/load-{gateway}"
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
