"""A cloud as in production on one desk (mosquitto, TLS 1.3, HTTPS), and boxes that are nothing but an empty folder."""

import contextlib
import hashlib
import html
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy import assets
from deploy.demo.children import Children
from deploy.demo.secure import SecureParts
from edge import status
from edge.identity import Papers
from tests.journeys import seeded
from tests.journeys.bench import Bench
from tests.journeys.desk import HARBOUR, Books, until
from tests.journeys.visitor import Visitor

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbooks" / "install-gateway.md"
PATIENCE = 90.0
STORE, OTHER = "pier-street", "tower-hill"


def printed(step: str) -> list[str]:
    """The commands printed below a heading of the runbook."""
    text = RUNBOOK.read_text()
    section = text.split(f"## {step}")[1].split("\n## ")[0]
    return [block.strip() for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL)]


class Box:
    """A fresh box: a folder with nothing in it. Commands are run as they are printed, with its own /etc and /var."""

    def __init__(self, store: "Store", name: str) -> None:
        self.store, self.name = store, name
        store.boxes.append(self)
        self.folder = store.parts.folder / name
        self.folder.mkdir()

    @property
    def data(self) -> Path:
        return self.folder / "var" / "lib" / "emmetra"

    @property
    def papers(self) -> Papers:
        return Papers(self.data)

    def words(self, command: str) -> list[str]:
        """A printed command as this box runs it."""
        own = command.replace("/etc/emmetra", str(self.folder / "etc"))
        words = own.split()
        assert words[0] == "emmetra", command
        if "enrol" in words:
            words += ["--data", str(self.data), "--config", str(self.folder / "etc" / "gateway.toml")]
        return words[1:]

    def run(self, command: str, *, more: tuple[str, ...] = (), answers: str = "") -> str:
        """Run a command to its end; what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy", *self.words(command), *more],
            input=answers,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, command: str = "emmetra gateway run --config /etc/emmetra/gateway.toml") -> None:
        """Run a command that goes on."""
        self.store.parts.children.start(self.name, self.words(command))

    def stop(self) -> None:
        self.store.parts.children.end(self.name)

    def status(self) -> dict[str, Any]:
        try:
            return status.ask(self.data)
        except status.NotRunning:
            return {"broker": {"state": "off"}, "instruments": [], "alarms": {}, "outbox": {"depth": 0}}

    def connected(self) -> bool:
        return bool(self.status()["broker"]["state"] == "connected")

    def listening(self) -> bool:
        found = self.status()["instruments"]
        return bool(found) and all(one["state"] == "connected" for one in found)


class Store:
    """The running cloud; every verb is something a person could do or see."""

    def __init__(self, parts: SecureParts) -> None:
        self.parts = parts
        self.bench = Bench(parts.dev)
        parts.database()
        parts.seed()
        parts.found()
        parts.web()
        parts.keep_list()
        parts.broker()
        parts.ingest()
        books = Books(parts.url)
        self._books, self.rows = books, books.rows
        self.boxes: list[Box] = []
        self.told = json.loads((parts.folder / "accounts.json").read_text())
        self.olivia = Visitor(f"http://127.0.0.1:{parts.web_port}")
        self.olivia.sign_in("olivia@harbour.example", self.told["password"], self.told["totp_secret"])

    def store_id(self, slug: str) -> str:
        return str(self.rows("SELECT id FROM accounts_store WHERE slug = :slug", HARBOUR, slug=slug)[0].id)

    def gateway_id(self, slug: str) -> int:
        return int(self.rows("SELECT id FROM fleet_gateway WHERE slug = :slug", slug=slug)[0].id)

    def claim(self, slug: str) -> str:
        """A claim for a new gateway; the command on its sheet."""
        page = self.olivia.get("/fleet/claims")
        return command(self.olivia.press(page, "/fleet/claims", store=self.store_id(STORE), slug=slug, serial=""))

    def press(self, slug: str, deed: str, **fields: str) -> str:
        """A button on the page of a gateway's certificate."""
        path = f"/fleet/{self.gateway_id(slug)}/certificate"
        return self.olivia.press(self.olivia.get(path), f"{path}/{deed}", **fields)

    def arrived(self, raw: bytes) -> list[Any]:
        """The rows of the captures with these bytes."""
        digest = hashlib.sha256(raw).hexdigest()
        return self.rows("SELECT gateway_id, epoch, seq FROM readings_capture WHERE sha256 = :d", d=digest)

    @contextlib.contextmanager
    def pressing(self, place: str) -> Iterator[None]:
        """Somebody presses Print on an instrument again and again."""
        over = threading.Event()

        def press() -> None:
            while not over.wait(0.5):
                with contextlib.suppress(AssertionError):
                    self.bench.print(place)

        thread = threading.Thread(target=press)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def box(self, name: str, place: str = "lensmeter") -> Box:
        """A box that is enrolled, configured and connected, by the printed steps."""
        box = Box(self, name)
        box.run(self.claim(name))
        self.wire(box, place)
        box.start()
        until(box.connected, PATIENCE)
        return box

    def wire(self, box: Box, place: str) -> None:
        """One instrument, without listening for it."""
        told = {"name": place, "family": "nidek_frame", "model": "LM-600P", "url": self.parts.dev / place}
        block = "[[instrument]]\n" + "".join(f'{key} = "{value}"\n' for key, value in told.items())
        with (box.folder / "etc" / "gateway.toml").open("a") as file:
            file.write(f"\n[broker]\nretry_s = 1\n\n{block}")  # here the broker is begun anew again and again

    def trust(self) -> None:
        """What an operator does after a deed with roots: new certificates and bundle for servers, begun anew."""
        parts = self.parts
        parts.certify()
        parts.authority("issue-service", "svc/ingest", "--out", str(parts.folder / "svc-ingest"))
        for part in ("ingest", "crl", "https", "web", "broker"):
            parts.children.end(part)
        (parts.mosquitto / "crl.pem").unlink()
        for begin in (parts.web, parts.keep_list, parts.broker, parts.ingest):
            begin()

    def rest(self) -> None:
        """Stop every box that runs: what a test leaves behind would print on the next one's wire."""
        for box in self.boxes:
            box.stop()
        self.boxes.clear()

    def close(self) -> None:
        self._books.close()
        self.bench.close()


def command(page: str) -> str:
    """What is printed on a sheet to be run on the box."""
    return html.unescape(re.findall(r'class="claim-command"[^>]*>(.*?)</pre>', page, re.DOTALL)[0]).strip()


@contextlib.contextmanager
def open_store() -> Iterator[Store]:
    """A cloud; whatever happens, no process outlives it."""
    assets.main()
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        seeded.lay(Path(name))
        store = Store(SecureParts(children, Path(name)))
        try:
            yield store
        finally:
            store.close()


def becomes(found: Callable[[], Any]) -> Any:
    """As until, with the patience of a machine that does much at once."""
    return until(found, PATIENCE)
