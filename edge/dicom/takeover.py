"""Takes over what the DICOM program wrote down: each object to the reception, each performed step to the outbox."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec

from edge.alarms import Alarms
from edge.clock import iso
from edge.dicom.journal import BEGUN, Journal, News, Object
from edge.dicom.settings import DicomSettings
from edge.imaging.reception import Arrival
from protocols.envelope import Event, steps

log = logging.getLogger("emmetra.dicom")

DIALECT, MEDIA_TYPE = "dicom", "application/dicom"
STUCK = "dicom_stuck"
STATES = {
    BEGUN: (steps.STARTED, "began an examination"),
    "COMPLETED": (steps.PERFORMED, "ended an examination"),
    "DISCONTINUED": (steps.DISCONTINUED, "broke off an examination"),
}
Take = Callable[[Arrival], Awaitable[None]]
Tell = Callable[[Event], Awaitable[bool]]
LOOK_S = 10.0  # a look without a call: the program may have stored and died


class TakeOver:
    """``take`` is the reception's; ``tell`` puts an event into the outbox and says whether it is on disk.

    An object whose file is gone was taken before the crash that kept it unmarked. A step told twice is one event: its
    id is made of the step's.
    """

    def __init__(
        self, data: Path, settings: DicomSettings, take: Take, alarms: Alarms, tell: Tell | None = None
    ) -> None:
        self._data, self._settings, self._take, self._alarms, self._tell = data, settings, take, alarms, tell
        self._called = asyncio.Event()
        self._journal: Journal | None = None
        self.queue: Mapping[str, int] = {"objects": 0, "reports": 0}

    def call(self) -> None:
        """There is something."""
        self._called.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._look()
                try:
                    async with asyncio.timeout(LOOK_S):
                        await self._called.wait()
                except TimeoutError:
                    continue
        finally:
            if self._journal is not None:
                self._journal.close()

    async def _look(self) -> None:
        """Everything that waits; what stumbles waits for the next look and holds up nothing behind it."""
        self._called.clear()
        troubles: list[Exception] = []
        at = 0
        try:
            await self._steps()
            while found := await asyncio.to_thread(self._waiting, at):
                for one in found:
                    troubles += await self._tried(one)
                at = found[-1].id
        except (OSError, sqlite3.Error) as trouble:
            troubles.append(trouble)
        if troubles:
            self._alarms.ring(STUCK, f"Pictures wait on the gateway ({troubles[0]}). Check its disk.")
        else:
            self._alarms.still(STUCK)

    def _waiting(self, after: int) -> list[Object]:
        self.queue = self._opened().queue()
        return self._opened().waiting(after)

    async def _steps(self) -> None:
        """Tell what devices said of examinations, in their order; what finds no room waits for the next look."""
        if self._tell is None:
            return
        while found := await asyncio.to_thread(self._news):
            for one in found:
                if not await self._tell(_event(one)):
                    raise OSError("The disk of the gateway is almost full.")
                await asyncio.to_thread(self._opened().news_told, one)

    def _news(self) -> list[News]:
        return self._opened().news()

    def _opened(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._data)
        return self._journal

    async def _tried(self, one: Object) -> list[Exception]:
        try:
            await self._one(one)
        except Exception as trouble:  # whatever one file does, the gateway and the next file go on
            log.error("an object of %s cannot be taken over (%s)", one.device, type(trouble).__name__)
            return [trouble]
        return []

    async def _one(self, one: Object) -> None:
        assert self._journal is not None  # noqa: S101 - opened where it was listed
        path = self._journal.file(one.sha)
        if await asyncio.to_thread(path.exists):
            await self._take(self._arrival(one, path))
        await asyncio.to_thread(self._journal.taken, one.id)

    def _arrival(self, one: Object, path: Path) -> Arrival:
        device = self._settings.named(one.device)
        about = {"sop_class": one.sop_class, "transfer_syntax": one.syntax}
        if one.flag is not None:
            about["flag"] = one.flag
        return Arrival(path, MEDIA_TYPE, one.device, device.lane if device else None, DIALECT, about)


def _event(one: News) -> Event:
    code, words = STATES[one.state]
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{one.uid}/{one.state}"))
    said = msgspec.json.decode(one.about)
    return Event(v=1, id=name, at=iso(one.at), code=code, text=f"{one.device} {words}.", dev=one.device, data=said)
