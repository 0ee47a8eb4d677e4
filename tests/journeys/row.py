"""Every simulated instrument there is, side by side on one gateway, with broker, ingest and database behind it."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from deploy.demo.children import Children
from deploy.demo.parts import Parts
from deploy.demo.seeding import GATEWAY
from edge import status
from edge.discovery import Manifest, families
from firmware_sim.catalogue import instruments
from firmware_sim.instrument import PrintOut
from firmware_sim.weather import Weather
from firmware_sim.wires import FolderWire, PtyWire, open_pty
from tests.journeys import seeded
from tests.journeys.desk import Books, until

T = TypeVar("T")
PATIENCE = 60.0
DRIZZLE = {"drip": 0.5, "delay": 0.002}  # late and byte by byte; what bends a byte is each dialect's own test


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instrument stands: its name on the gateway, what it is, and how it is wired."""

    name: str
    made: Any
    family: str
    model: str | None
    folder: bool

    def configured(self, folder: Path) -> str:
        """Its lines in the gateway's configuration."""
        url = f"folder://{folder / self.name}" if self.folder else str(folder / self.name)
        model = f'model = "{self.model}"\n' if self.model else ""
        return f'[[instrument]]\nname = "{self.name}"\nfamily = "{self.family}"\nurl = "{url}"\n{model}'


def places() -> list[Place]:
    """All simulators, by the names of the catalogue."""
    spoken = {manifest.dialect.split(".")[-1]: manifest for manifest in families()}
    rooms = {name: made.__module__.split(".")[1] for name, made in instruments().items()}
    return [_place(name, instruments()[name], spoken[room]) for name, room in rooms.items() if room in spoken]


def _place(name: str, made: Any, manifest: Manifest) -> Place:
    model = manifest.model(made.name)
    return Place(name, made, manifest.family, model.model if model else None, "folder" in getattr(made, "links", ()))


class Row:
    """The instruments at work."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._folder = parts, parts.dev
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="row", daemon=True)
        self._thread.start()
        self.places = {place.name: place for place in places()}
        self.wires = {name: self._do(self._wire(place)) for name, place in self.places.items()}
        self.instruments = {name: self._switched_on(place) for name, place in self.places.items()}

    def configure(self, broker_port: int) -> Path:
        """Write the gateway's configuration."""
        head = f'[gateway]\naddress = "{GATEWAY}"\ndata = "{self._parts.folder / "gateway"}"\n'
        broker = f'[broker]\nurl = "mqtt://127.0.0.1:{broker_port}"\n'
        path = self._parts.folder / "row.toml"
        path.write_text(head + broker + "".join(place.configured(self._folder) for place in self.places.values()))
        return path

    def print(self, name: str, record: str) -> PrintOut[Any]:
        """Scan, measure, press Print."""
        printed = self._do(self._print(self.instruments[name], record))
        assert printed.sent, self.instruments[name].display
        return printed

    def pull_and_put_back(self, name: str) -> None:
        """The plug comes out and goes in again; returns when the gateway listens again."""
        wire = self.wires[name]
        if isinstance(wire, PtyWire):
            self._do(wire.unplug())
            until(lambda: self.state(name) == "lost")
            self._do(wire.replug())
        until(lambda: self.state(name) == "connected", PATIENCE)

    def state(self, name: str) -> str:
        """How the gateway thinks the instrument is."""
        try:
            told = status.ask(self._parts.folder / "gateway")
        except status.NotRunning:
            return "no gateway"
        return next((str(one["state"]) for one in told["instruments"] if one["name"] == name), "unknown")

    def close(self) -> None:
        """Put the instruments away."""
        for wire in self.wires.values():
            self._do(wire.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _wire(self, place: Place) -> Any:
        if not place.folder:
            return await open_pty(self._folder / place.name)

        (self._folder / place.name).mkdir()
        return FolderWire(self._folder / place.name)

    def _switched_on(self, place: Place) -> Any:
        wire = self.wires[place.name]
        return place.made(wire if place.folder else Weather(place.name, **DRIZZLE).over(wire), seed=place.name)

    async def _print(self, instrument: Any, record: str) -> PrintOut[Any]:
        instrument.scan(record)
        await instrument.measure()
        printed: PrintOut[Any] = await instrument.print()
        return printed

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)


class Record:
    """What the cloud has of the row."""

    def __init__(self, parts: Parts) -> None:
        self._books = Books(parts.url)
        self._rows = self._books.rows

    def last(self, dev: str) -> int:
        """The highest row number of an instrument so far."""
        return int(
            self._rows("SELECT coalesce(max(seq), 0) AS seq FROM readings_reading WHERE dev = :dev", dev=dev)[0].seq
        )

    def since(self, dev: str, seq: int, count: int) -> list[dict[str, Any]]:
        """The readings of an instrument after a row; waits for as many."""

        def enough() -> list[Any]:
            question = "SELECT body FROM readings_reading WHERE dev = :dev AND seq > :seq ORDER BY seq"
            found = self._rows(question, dev=dev, seq=seq)
            return found if len(found) >= count else []

        return [json.loads(row.body) for row in until(enough, PATIENCE)]

    def close(self) -> None:
        """Let go of the database."""
        self._books.close()


@contextmanager
def open_row() -> Iterator[tuple[Row, Record]]:
    """A row and its record; whatever happens, no process outlives it."""
    with TemporaryDirectory(prefix="emmetra-") as name, Children(Path(name) / "log") as children:
        seeded.lay(Path(name))
        parts = Parts(children, Path(name))
        parts.database()
        parts.seed()
        row = Row(parts)
        parts.broker()
        parts.ingest()
        children.start("gateway", ["gateway", "run", "--config", str(row.configure(parts.broker_port))])
        record = Record(parts)
        try:
            yield row, record
        finally:
            record.close()
            row.close()
