"""Storage commitment (PS3.4 annex J): asked for over one association, answered over another, for days if need be.

A device may delete what was committed. So each object is looked for again, and its bytes are hashed again, when the
report is made; what the gateway itself has let go is committed only where the cloud has said that it has it.
"""

import contextlib
import hashlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom import evt
from pynetdicom.ae import ApplicationEntity
from pynetdicom.events import Event
from pynetdicom.presentation import build_role

from edge.blobs.journal import KEPT
from edge.blobs.store import Store
from edge.dicom.classes import COMMITMENT, COMMITMENT_INSTANCE
from edge.dicom.journal import Journal, Object, Request
from edge.dicom.settings import DeviceSettings, DicomSettings
from edge.dicom.storing import answer

log = logging.getLogger("emmetra.dicom")

ALL_STORED, SOME_FAILED = 1, 2
NO_SUCH_OBJECT, CONFLICT, PROCESSING = 0x0112, 0x0119, 0x0110
INVALID_ARGUMENT, NO_SUCH_ACTION = 0x0115, 0x0123
RETRIES_S = (30.0, 120.0, 600.0, 1800.0, 3600.0)  # and so on every hour: a device that is off at night is normal
GIVE_UP_S = 7 * 86_400.0
LOOK_S = 5.0
MOST = 1000
REQUEST = 1  # the action type

Pair = tuple[str, str]


class Committing:
    """Takes requests, and reports in a thread of its own."""

    def __init__(self, journal: Journal, settings: DicomSettings, data: Path) -> None:
        self._journal, self._settings, self._data = journal, settings, data
        self._poke, self._ending = threading.Event(), threading.Event()

    def handle(self, event: Event, device: DeviceSettings) -> tuple[Dataset | int, None]:
        """Answer an N-ACTION: taken, before anything is looked for. Never raises."""
        try:
            if event.action_type != REQUEST:
                return NO_SUCH_ACTION, None
            asked = event.action_information
            refs = [(str(one.ReferencedSOPClassUID), str(one.ReferencedSOPInstanceUID)) for one in _refs(asked)]
            uid = str(asked.get("TransactionUID") or "")
            if not uid or not 0 < len(refs) <= MOST:
                return answer(INVALID_ARGUMENT, "No transaction, no objects, or more than 1000."), None
            self._journal.ask(device.name, uid, refs)
        except Exception as trouble:  # never an exception: it would be answered 0110 without a word
            log.error("a request for commitment of %s failed (%s)", device.name, type(trouble).__name__)
            return answer(PROCESSING, "The gateway could not write it down; try again."), None
        self._poke.set()
        return 0x0000, None

    def run(self) -> None:
        """Report what is due until ``stop``."""
        while not self._ending.is_set():
            for request in self._due():
                self._report(request)
            self._poke.wait(LOOK_S)
            self._poke.clear()

    def stop(self) -> None:
        """End ``run`` soon."""
        self._ending.set()
        self._poke.set()

    def _due(self) -> Sequence[Request]:
        try:
            return self._journal.due(time.time())
        except Exception as trouble:
            log.error("the journal cannot be read (%s)", type(trouble).__name__)
            return ()

    def _report(self, request: Request) -> None:
        device = self._settings.named(request.device)
        try:
            if device is None or device.address is None:
                log.warning("%s has no address to report a commitment to; write address", request.device)
                self._journal.given_up(request.id)
            elif self._tell(request, device):
                self._journal.reported(request.id)
            elif time.time() - request.at > GIVE_UP_S:
                self._journal.given_up(request.id)
            else:
                self._journal.later(request.id, time.time() + RETRIES_S[min(request.tries, len(RETRIES_S) - 1)])
        except Exception as trouble:
            log.error("a commitment of %s could not be reported (%s)", request.device, type(trouble).__name__)
            self._ending.wait(LOOK_S)

    def _tell(self, request: Request, device: DeviceSettings) -> bool:
        """Whether the device took the report."""
        blobs = Store(self._data)
        with contextlib.closing(blobs.journal):
            kind, words = report(request, self._reason(blobs))
        entity = ApplicationEntity(ae_title=self._settings.ae_title)
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 15
        entity.connection_timeout = 10
        entity.add_requested_context(COMMITMENT)
        host, port = device.address or ("", 0)
        role = build_role(COMMITMENT, scp_role=True)  # we serve, although we call
        assoc = entity.associate(
            host, port, ae_title=device.ae_title, ext_neg=[role], evt_handlers=[(evt.EVT_CONN_OPEN, _at_once)]
        )
        if not assoc.is_established:
            return False
        try:
            status, _ = assoc.send_n_event_report(words, kind, COMMITMENT, COMMITMENT_INSTANCE)
        finally:
            assoc.release()
        return "Status" in status and status.Status == 0x0000  # an aborted association gives an empty one

    def _reason(self, blobs: Store) -> Callable[[Pair], int | None]:
        def reason(pair: Pair) -> int | None:
            """Why it is not committed; None where it is."""
            found = self._journal.under(pair[1])
            if not found:
                return NO_SUCH_OBJECT
            if all(one.sop_class != pair[0] for one in found):
                return CONFLICT
            return None if any(self._is_here(one, blobs) for one in found) else PROCESSING

        return reason

    def _is_here(self, one: Object, blobs: Store) -> bool:
        for path in (self._journal.file(one.sha), blobs.path(one.sha)):
            if path is not None and path.exists():
                with path.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest() == one.sha
        row = blobs.journal.find(one.sha)
        return row is not None and row.state == KEPT


def report(request: Request, reason: Callable[[Pair], int | None]) -> tuple[int, Dataset]:
    """The type of event and what it says of each object."""
    reasons = [(pair, reason(pair)) for pair in request.refs]
    words = Dataset()
    words.TransactionUID = request.uid
    words.ReferencedSOPSequence = [_ref(pair) for pair, why in reasons if why is None]
    failed = [_ref(pair, why) for pair, why in reasons if why is not None]
    if failed:
        words.FailedSOPSequence = failed
    return (SOME_FAILED if failed else ALL_STORED), words


def _at_once(event: Event) -> None:
    """Without this the kernel holds every small message back for 40 ms."""
    line: Any = event.assoc.dul.socket
    line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _ref(pair: Pair, why: int | None = None) -> Dataset:
    one = Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = pair
    if why is not None:
        one.FailureReason = why
    return one


def _refs(asked: Dataset) -> Sequence[Dataset]:
    found: Sequence[Dataset] = asked.get("ReferencedSOPSequence") or ()
    return found
