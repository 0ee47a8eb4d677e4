"""AL550: the instrument asks for its patients and posts each examination; ``ok`` says that it is on disk."""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from edge.drivers.listener import Emit
from edge.drivers.mediworks_al550.expected import asked_for, today
from edge.http.serving import Request
from edge.links.base import Link
from edge.links.http_server import asked_of, reply
from protocols.envelope.worklist import Item
from protocols.framing import Garbled, Transmission, Unread
from protocols.mediworks_al550 import decode, item_of, patients, pid_said, unpacked
from protocols.readings import OrderRef, PatientRef, Reading

REMEMBERED = 64  # uploads; an instrument that saw no answer posts again
JSON = "application/json; charset=utf-8"
KEPT = "The gateway cannot read this file; it was kept for support. Do not send it again."
PATHS = {"pull": "/getPatients", "push": "/setPatients", "station": ""}


class Driver:
    """One biometer. ``pull`` and ``push`` are the paths entered in its settings; ``station`` its name in orders."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        given = {name: settings.get(name, usual) for name, usual in PATHS.items()}
        if wrong := [name for name, value in given.items() if not isinstance(value, str)]:
            raise ValueError(f"{wrong[0]} must be a text")
        self._pull, self._push = (_plain(str(given[name])) for name in ("pull", "push"))
        self._station = str(given["station"])
        self._told: deque[str] = deque(maxlen=REMEMBERED)
        self._naming: str | None = None

    async def run(self, link: Link, emit: Emit) -> None:
        """Answer one request after the other until the port is closed."""
        data: Path | None = getattr(link, "data", None)
        async for said in link:
            await link.write(await self._answer(asked_of(said), data, emit))

    def once(self) -> str | None:
        """Under which name what is emitted now is written down once, also after a restart: that of its bytes."""
        return self._naming

    async def _answer(self, request: Request, data: Path | None, emit: Emit) -> bytes:
        path = _plain(request.path)
        if path == self._pull and request.method in ("GET", "HEAD"):
            expected = await asyncio.to_thread(today, data, self._station)
            told = patients(expected, datetime.now().astimezone())
            return reply(200, json.dumps(told, ensure_ascii=False), JSON)
        if path == self._push and request.method == "POST":
            return await self._posted(request, data, emit)
        return reply(400, f"The gateway has nothing here. Pull from {self._pull}, upload to {self._push}.")

    async def _posted(self, request: Request, data: Path | None, emit: Emit) -> bytes:
        try:
            kind = request.headers.get("content-type", "")
            raw = (await asyncio.to_thread(unpacked, kind, request.body)).data
        except Unread as refusal:
            return reply(400, f"{refusal.why} Nothing was taken; send it again.")
        digest = hashlib.sha256(raw).hexdigest()
        if digest in self._told:
            return reply(200, "ok")
        fault = await self._kept(raw, data, emit)
        self._told.append(digest)
        return reply(400, f"{fault} {KEPT}") if fault else reply(200, "ok")

    async def _kept(self, raw: bytes, data: Path | None, emit: Emit) -> str:
        """On disk when this returns; why it could not be read, or nothing."""
        events = await asyncio.to_thread(decode, raw) or [Garbled(raw, "The file is empty.")]
        order = await asyncio.to_thread(lambda: item_of(pid_said(raw), asked_for(data)))
        fault = ""
        for event in events:
            self._naming = hashlib.sha256(getattr(event, "raw", b"")).hexdigest()
            if isinstance(event, Transmission):
                await emit(Transmission(event.raw, tuple(_ordered(one, order) for one in event.readings)))
            elif isinstance(event, Garbled):
                fault = event.why
                await emit(event)
        return fault


def _ordered(reading: Reading, item: Item | None) -> Reading:
    """The reading with the way back to its order."""
    if item is None:
        return reading
    order = OrderRef(
        accession=item.accession, study_uid=item.study_uid, procedure_id=item.procedure_id, step_id=item.step_id
    )
    known = reading.patient_ref or PatientRef()
    who = msgspec.structs.replace(known, id=item.patient_id)  # its own number lost its zeros on the way
    return msgspec.structs.replace(reading, order=order, patient_ref=who)


def _plain(path: str) -> str:
    """A path without the slashes that people add at its end or double."""
    return "/" + "/".join(filter(None, path.split("/")))
