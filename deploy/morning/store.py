"""The demo's parts with a store that calls people: its stations and doors, its staff, and the gateway's callers."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.accounts import services as accounts
from cloud.accounts.choices import Role
from cloud.accounts.models import Staff, Store
from cloud.calls import screens
from cloud.kernel.database import app_engine, owner_engine, unit_of_work
from cloud.queue import queries, services, setting_up
from deploy.demo.children import answers
from deploy.demo.parts import Parts
from deploy.demo.seeding import GATEWAY, PASSWORD
from deploy.demo.store import configure
from deploy.morning.people import DOCTOR, DOORS
from edge import pins

CALLERS = """
[callers.desk]
kind = "escpos"
calls = true
url = "tcp://127.0.0.1:{printer}"
[callers.till]
kind = "cd5220"
url = "serial://{display}"
[callers.hall]
kind = "voice"
repeat = 1
player = ["sh", "-c", 'n=$(mktemp -u "$0/XXXXXXXX"); cp "$1" "$n.wav"; cp "${{1%.wav}}.txt" "$n.txt"', "{spoken}"]
[callers.tv]
kind = "screen"
[[instrument]]
name = "pad"
family = "buttons"
model = "pad"
url = "{pad}"
settings.keys = {{ "31" = "next:1", "32" = "next:2", "33" = "next:3" }}
"""
NAMES = {"reception": ("Counter", "号窗口"), "check_up": ("Check-up", "号检查室"), "cashier": ("Cashier", "号收银台")}
PIN = "402817"
ROOM = ("Room", "号诊室")
RETRY = 3  # seconds at most between two tries to reach the broker; a store left as shipped takes up to 60


@dataclass
class Founded:
    """Numbers of what was founded: stations by sort, doors by station as (number, id), names of doors."""

    store: int = 0
    stations: dict[str, int] = field(default_factory=dict)
    doors: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    screen: str = ""
    names: dict[int, str] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


class CallingParts(Parts):
    """The demo's parts; the gateway has callers, whose far sides are told to it by ``far``."""

    far: dict[str, object]
    _pages: subprocess.Popen[bytes]

    def web(self) -> None:
        """Start the pages."""
        words = ["cloud", "serve", "--bind", f"127.0.0.1:{self.web_port}"]
        self._pages = self.children.start("web", words, self._environment())
        self.children.wait("web", lambda: answers(self.web_port))

    def environment(self) -> dict[str, str]:
        """What every process of the cloud is told."""
        return self._environment()

    def cut_web(self) -> None:
        """End the pages as a power cut would: the process that watches, and the one that answers."""
        os.killpg(self._pages.pid, signal.SIGKILL)
        self.children.kill("web")

    def gateway(self) -> None:
        """Start the store's gateway with its callers."""
        config = configure(self.folder, self.broker_port, self.console_port)
        said = config.read_text().replace("[console]", f"retry_s = {RETRY}\n[console]")
        config.write_text(said + CALLERS.format(**self.far))
        pins.write(self.folder / "gateway", pins.digest(PIN))
        self.children.start("gateway", ["gateway", "run", "--config", str(config)])


def found(url: str) -> Founded:
    """Stations, doors and somebody behind each, in the gateway's store; whoever waited there has gone home."""
    engine = app_engine(url)
    try:
        with unit_of_work(engine, chain(url)) as session:
            store = session.scalars(select(Store).where(Store.slug == GATEWAY.store)).one()
            _empty(session, store)
            store.zone = early(datetime.now(UTC))
            session.flush()
            return _furnished(session, store)
    finally:
        engine.dispose()


def chain(url: str) -> int:
    """The number of the gateway's chain."""
    owner = owner_engine(url)
    try:
        with owner.begin() as connection:
            found = connection.exec_driver_sql("SELECT id FROM accounts_chain WHERE slug = %s", (GATEWAY.tenant,))
            return int(found.scalar_one())
    finally:
        owner.dispose()


def early(now: datetime) -> str:
    """A zone in which it is about eight in the morning: no midnight comes between."""
    ahead = (8 - now.hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _empty(session: Session, store: Store) -> None:
    for day in (queries.today(session, store.id) + timedelta(days=n) for n in (-1, 0, 1)):
        for one in queries.stays(session, store.id, day):
            if one.state == "here":
                services.leave(session, one, by=None)


def _furnished(session: Session, store: Store) -> Founded:
    by = session.scalars(select(Staff).where(Staff.email == "olivia@harbour.example")).one().id
    services.furnish(session, store.id)
    made = Founded(store.id, {one.sort: one.id for one in queries.stations(session, store.id)})
    made.zone = ZoneInfo(store.zone)
    for old in queries.desks(session, list(made.stations.values())):
        setting_up.close_desk(session, store.id, old.id, by=by)
    for place, (sort, count) in enumerate(DOORS.items()):
        base = 0 if sort == DOCTOR else 10 * (place + 1)
        made.doors[sort] = [_door(session, store, made, sort, base + n, by) for n in range(1, count + 1)]
    _hire(session, store, "entrance")
    made.screen = screens.open_(session, store.id, "screen", "Hall", by=by)[1]
    return made


def _door(session: Session, store: Store, made: Founded, sort: str, number: int, by: int) -> tuple[int, int]:
    station = queries.station(session, made.stations[sort], store.id)
    en, zh = NAMES.get(sort, ROOM)
    desk = setting_up.add_desk(session, station, {"en": f"{en} {number}", "zh": f"{number}{zh}"}, number, by=by)
    made.names[number] = f"{en} {number}"
    _hire(session, store, f"door-{number}", Role.CLINICIAN if sort == DOCTOR else Role.RECEPTION)
    return number, desk.id


def _hire(session: Session, store: Store, name: str, role: Role = Role.RECEPTION) -> None:
    accounts.hire(session, email=address(name), name=name, password=PASSWORD, role=role, store=store)


def address(name: str) -> str:
    """Whom somebody signs in as."""
    return f"{name}@harbour.example"


def phrases_made(folder: Path, patience: float = 60.0) -> None:
    """Wait until a voice has all phrases that calls share; they are made once, at the gateway's first start."""
    deadline, before = time.monotonic() + patience, -1
    while time.monotonic() < deadline:
        now = sum(1 for _ in (folder / "gateway" / "voice").rglob("*"))
        if now and now == before:
            return
        before = now
        time.sleep(1.5)
