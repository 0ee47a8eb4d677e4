"""The program that speaks DICOM: ``emmetra gateway dicom``, started and watched by the gateway.

It meets the gateway in files and one journal. On stdout it says, a JSON object a line, how it is; the gateway ends it
by closing its stdin.
"""

import contextlib
import json
import logging
import os
import signal
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pynetdicom import ALL_TRANSFER_SYNTAXES, _config, evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.events import Event
from pynetdicom.presentation import build_context

from edge.clock import iso
from edge.dicom.asking import Asking
from edge.dicom.classes import COMMITMENT, PERFORMED_STEP, STORED, VERIFICATION, WORKLIST
from edge.dicom.committing import Committing
from edge.dicom.door import Door
from edge.dicom.journal import Journal
from edge.dicom.landing import Field
from edge.dicom.performing import Performing
from edge.dicom.settings import PDU, DeviceSettings, DicomSettings
from edge.dicom.storing import Storing

log = logging.getLogger("emmetra.dicom")

MOST_AT_ONCE = 32  # far above the number of devices: simultaneous callers are sometimes counted twice
MOST_BYTES = 4 << 30
BIND_RETRY_S, BIND_PATIENCE_S = 0.5, 20.0
LET_FINISH_S = 5.0
ON = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2")  # of services without pictures

_config.STORE_RECV_CHUNKED_DATASET = True  # before any server starts: 200 MB cost 52 MB of memory instead of 624


class Telling:
    """What the gateway hears: lines of JSON on a stream."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self._out, self._lock = out, threading.Lock()
        self._status: dict[str, Any] = {"listens": False, "devices": {}}

    def arrived(self, device: DeviceSettings) -> None:
        """An object is in the spool."""
        self._device(device)["objects"] = self._device(device).get("objects", 0) + 1
        self.say(arrived=device.name)

    def stepped(self, device: DeviceSettings) -> None:
        """A performed step is in the journal."""
        self.say(arrived=device.name)

    def came(self, device: DeviceSettings) -> None:
        """A device made an association."""
        self._device(device)["last"] = iso(time.time())
        self.say()

    def refused(self, words: str) -> None:
        """Somebody was sent away."""
        self._status["refused"] = {"at": iso(time.time()), "why": words}
        self.say()

    def listens(self, where: str) -> None:
        """The program is ready."""
        self._status |= {"listens": True, "where": where}
        self.say()

    def say(self, **more: Any) -> None:
        """A line with everything that is known."""
        with self._lock:
            self._out(json.dumps({**self._status, **more}))

    def _device(self, device: DeviceSettings) -> dict[str, Any]:
        found: dict[str, Any] = self._status["devices"].setdefault(device.name, {})
        return found


class Program:
    """The server with everything it serves."""

    def __init__(self, settings: DicomSettings, data: Path, floor_bytes: int, telling: Telling) -> None:
        self.settings, self.telling = settings, telling
        self.journal = Journal(data)
        self.journal.sweep()
        os.environ["TMPDIR"] = tempfile.tempdir = str(self.journal.landing)
        self._field = Field(self.journal.landing, lambda: _room(data) >= floor_bytes, MOST_BYTES)
        self._field.prepare()
        self.door = Door(settings, telling.refused)
        self.storing, self.asking = Storing(self.journal, telling.arrived), Asking(data)
        self.committing = Committing(self.journal, settings, data)
        self.performing = Performing(self.journal, telling.stepped)
        self._reporting = threading.Thread(target=self.committing.run, name="reports", daemon=True)
        self._server: Any = None

    def start(self) -> int:
        """Listen; the port. Raises OSError while somebody else does."""
        entity = _entity(self.settings)
        self._server = entity.start_server(
            self.settings.bind, block=False, ssl_context=_tls(self.settings), evt_handlers=self._handlers()
        )
        self._reporting.start()
        port = int(self._server.server_address[1])
        self.telling.listens(f"{self.settings.bind[0]}:{port}")
        return port

    def stop(self) -> None:
        """Take no more, let what runs end, then cut it."""
        self.committing.stop()
        if self._server is not None:
            self._server.server_close()
            patience = time.monotonic() + LET_FINISH_S
            while self._server.ae.active_associations and time.monotonic() < patience:
                time.sleep(0.05)
            self._server.shutdown()
        self.journal.close()

    def _handlers(self) -> list[Any]:
        served: dict[Any, Callable[[Event, DeviceSettings], Any]] = {
            evt.EVT_C_STORE: self.storing.handle,
            evt.EVT_C_FIND: self.asking.handle,
            evt.EVT_N_ACTION: self.committing.handle,
            evt.EVT_N_CREATE: self.performing.create,
            evt.EVT_N_SET: self.performing.set,
        }
        return [
            (evt.EVT_REQUESTED, self.door.requested),
            (evt.EVT_ESTABLISHED, lambda event: self.telling.came(self.door.device(event))),
            (evt.EVT_CONN_CLOSE, self._over),
            *((kind, self._of_device(handler)) for kind, handler in served.items()),
        ]

    def _of_device(self, handler: Callable[[Event, DeviceSettings], Any]) -> Callable[[Event], Any]:
        return lambda event: handler(event, self.door.device(event))

    def _over(self, event: Event) -> None:
        self._field.abandoned(event.assoc.dul.ident)
        self.door.gone(event)


def _entity(settings: DicomSettings) -> ApplicationEntity:
    entity = ApplicationEntity(ae_title=settings.ae_title)
    entity.maximum_pdu_size = PDU
    entity.maximum_associations = MOST_AT_ONCE
    pictures = [build_context(uid, [*ALL_TRANSFER_SYNTAXES]) for uid in STORED]
    plain = [build_context(uid, [*ON]) for uid in (VERIFICATION, COMMITMENT, WORKLIST, PERFORMED_STEP)]
    entity.supported_contexts = [*plain, *pictures]
    return entity


def _tls(settings: DicomSettings) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.certificate, settings.key)
    if settings.ca is not None:
        context.load_verify_locations(settings.ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _room(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def run(settings: DicomSettings, data: Path, floor_bytes: int, *, child: bool) -> int:
    """Until SIGTERM, or as a child until stdin ends. 1 where the port cannot be had."""
    ending = threading.Event()
    with contextlib.suppress(OSError):  # where memory is short it goes before the gateway, which starts it again
        Path("/proc/self/oom_score_adj").write_text("300", "ascii")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ending.set())
    program = Program(settings, data, floor_bytes, Telling(_print))
    if not _started(program, ending):
        return 1
    if child:
        threading.Thread(target=_until_stdin_ends, args=(ending,), daemon=True).start()
    while not ending.wait(3600):
        pass
    program.stop()
    return 0


def _started(program: Program, ending: threading.Event) -> bool:
    """The program before this one may still hold the port for a moment."""
    patience = time.monotonic() + BIND_PATIENCE_S
    while True:
        try:
            program.start()
        except OSError as refusal:
            if ending.is_set() or time.monotonic() > patience:
                host, port = program.settings.bind
                print(f"Nobody can call {host}:{port}: {refusal.strerror}.", file=sys.stderr)
                return False
            ending.wait(BIND_RETRY_S)
        else:
            return True


def _until_stdin_ends(ending: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    ending.set()


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:  # the gateway is gone; stdin says so too
        return
