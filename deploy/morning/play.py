"""A morning from the first to the last: everything is started, everybody comes, two things fail, everybody goes.

The store's line is cut between two deeds of its staff and a book that is told: nobody can know what was done in the
last seconds before a cut, and what then does not fit is tried by other tests.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cloud.kernel.database import app_engine
from deploy.demo.children import Children
from deploy.demo.seeding import PASSWORD
from deploy.morning import store
from deploy.morning.box import Box
from deploy.morning.client import Client
from deploy.morning.devices import Devices
from deploy.morning.entrance import Entrance
from deploy.morning.kept import callers, is_handed_back, is_told, under_way
from deploy.morning.log import OVER, Log
from deploy.morning.people import CASHIER, CHECK_UP, DOCTOR, DOORS, RECEPTION, coming
from deploy.morning.staff import Clerk, Day, at_doors
from deploy.morning.store import CallingParts
from deploy.morning.wall import Wall

IN_TURN = 0.3  # so much of the morning everything is done one after the other, so that the line is known
FIRST, SECOND = (0.4, 0.22), (0.7, 0.03)  # when an outage begins and how long it lasts, as parts of the morning
GRACE = 4.0  # so many mornings at most until everybody has gone
BUSY = {RECEPTION: 0.6, CHECK_UP: 0.6, DOCTOR: 0.55, CASHIER: 0.5}  # how much of the morning somebody works
WALK = 0.35  # of the time at a station is the way to the door


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see."""

    people: int = 120
    minutes: float = 2.5
    seed: int = 1
    outages: bool = True

    @property
    def seconds(self) -> float:
        """Of the compressed morning."""
        return self.minutes * 60


class Morning:
    """Everything that runs, and what is known afterwards."""

    def __init__(self, parts: CallingParts, wanted: Wanted) -> None:
        self.parts, self.wanted = parts, wanted
        self.devices = Devices(parts.folder, parts.console_port)
        parts.far = {**self.devices.far}
        self.founded = store.found(parts.url)
        self.engine, self.chain = app_engine(parts.url, pool_size=4), store.chain(parts.url)
        self.people = coming(wanted.seed, wanted.people, wanted.seconds)
        self.log = Log()
        self.day = Day(self.founded, self.log, self.people, paces(wanted), Box(parts.console_port))
        self.wall = Wall(parts.web_port, self.founded.screen)

    def play(self) -> None:
        """Until everybody has gone, or nobody goes any more."""
        self.day.box.sign_in(store.PIN)
        clerks = at_doors(self.day, self.sign_in)
        entrance = Entrance(self.day, self.sign_in("entrance"), self.engine, self.chain)
        self.wall.start()
        for one in (entrance, *clerks):
            one.start()
        self._fail(entrance.begun, clerks)  # in this thread: processes end with the thread that started them
        self._until_over(entrance.begun)
        self._until_told()
        self._rest(clerks)

    def close(self) -> None:
        """Put away what is no process."""
        self.devices.close()
        self.engine.dispose()

    def sign_in(self, name: str) -> Client:
        """One of the staff at a computer."""
        client = Client(self.parts.web_port)
        client.sign_in(store.address(name), PASSWORD)
        return client

    def _until_over(self, begun: float) -> None:
        while time.monotonic() - begun < GRACE * self.wanted.seconds and not self.day.trouble:
            gone = {one.ticket for one in self.log.deeds if one.moves and one.moves[-1][1] == OVER}
            if len(gone) == len(self.people):
                return
            time.sleep(0.2)

    def _until_told(self, patience: float = 60.0) -> None:
        """Until every caller has answered every call, or its time is over."""
        deadline = time.monotonic() + patience
        while under_way(self.engine, self.chain) and time.monotonic() < deadline:
            time.sleep(0.3)

    def _rest(self, clerks: list[Clerk]) -> None:
        self.day.over.set()
        self.wall.over.set()
        for one in clerks:
            one.join(10)

    def _fail(self, begun: float, clerks: list[Clerk]) -> None:
        """First everything in turn, then the store's line is cut, then the pages are killed."""
        seconds = self.wanted.seconds
        _until(begun + IN_TURN * seconds)
        self.log.loosen()
        if not self.wanted.outages:
            return
        _until(begun + FIRST[0] * seconds)
        with self.log.outage("line"):
            self._cut()
            time.sleep(FIRST[1] * seconds)
            self._mend(clerks)
        _until(begun + SECOND[0] * seconds)
        with self.log.outage("web"):
            self.parts.cut_web()
            time.sleep(SECOND[1] * seconds)
            self.parts.web()

    def _cut(self) -> None:
        """The internet is gone; somebody opens the gateway's page, and goes on there."""
        with self.day.ways.switch(away=True):
            self._wait(lambda: is_told(self.engine, self.chain))
            self.parts.children.end("broker")
            self.day.box.take()
            self._wait(lambda: self.day.box.is_calling)

    def _mend(self, clerks: list[Clerk]) -> None:
        """The internet is back; when the gateway has handed everything over, the cloud's pages call again."""
        with self.day.ways.switch(away=False):
            self.parts.broker()
            self._wait(lambda: is_handed_back(self.engine, self.chain) and not self.day.box.is_calling)
            for one in clerks:
                one.know()

    def _wait(self, ask: Callable[[], bool], patience: float = 60.0) -> None:
        deadline = time.monotonic() + patience
        while not ask():
            if time.monotonic() > deadline:
                self.day.trouble.append("what was waited for did not come")
                return
            time.sleep(0.1)


def paces(wanted: Wanted) -> dict[str, tuple[float, float]]:
    """Seconds on the way and behind the door, so that the doors are as busy as they should be."""
    each = {one: BUSY[one] * wanted.seconds * count / wanted.people for one, count in DOORS.items()}
    return {one: (WALK * seconds, (1 - WALK) * seconds) for one, seconds in each.items()}


def _until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


@contextmanager
def opened(folder: Path, wanted: Wanted) -> Iterator[Morning]:
    """Start it all; whatever happens, nothing is left running."""
    with Children(folder / "log") as children:
        parts = CallingParts(children, folder)
        parts.database()
        parts.seed()
        morning = Morning(parts, wanted)
        try:
            _start(morning)
            yield morning
        finally:
            morning.close()


def _start(morning: Morning) -> None:
    parts = morning.parts
    for part in (parts.broker, parts.ingest, parts.worker, parts.web, parts.gateway):
        part()
    parts.children.wait("gateway", lambda: callers(morning.engine, morning.chain) >= 4)
    store.phrases_made(parts.folder)
