"""Who may come in, and what may be agreed on with whom (PS3.8 9.3.4: rejections)."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from pynetdicom import ALL_TRANSFER_SYNTAXES, register_uid
from pynetdicom.events import Event
from pynetdicom.presentation import build_context
from pynetdicom.service_class import StorageServiceClass

from edge.dicom.classes import STORED, may_be_stored
from edge.dicom.settings import DeviceSettings, DicomSettings

log = logging.getLogger("emmetra.dicom")

PERMANENT, BY_USER = 1, 1
CALLING_UNKNOWN, CALLED_UNKNOWN = 3, 7
SERVED_ALWAYS = frozenset(STORED)


class Door:
    """Every association passes it before anything is negotiated. ``refused`` hears who was sent away, and why."""

    def __init__(self, settings: DicomSettings, refused: Callable[[str], None]) -> None:
        self._settings, self._refused = settings, refused
        self._inside: dict[Any, DeviceSettings] = {}
        self._lock = threading.Lock()

    def requested(self, event: Event) -> None:
        """Let it in or send it away."""
        assoc = event.assoc
        asked: Any = assoc.requestor.primitive
        host = str(assoc.requestor.address)
        found = self.judge(str(asked.called_ae_title), str(asked.calling_ae_title), host)
        if isinstance(found, DeviceSettings):
            self._let_in(assoc, found)
        else:
            reason, words = found
            log.warning("%s", words)
            self._refused(words)
            assoc.acse.send_reject(PERMANENT, BY_USER, reason)
            assoc.is_rejected = True
            assoc.kill()  # waits until it is sent

    def judge(self, called: str, calling: str, host: str) -> DeviceSettings | tuple[int, str]:
        """The device, or why there is none."""
        called, calling = called.strip(), calling.strip()
        if called != self._settings.ae_title:
            words = f"{calling} at {host} called {called}, but this gateway is called {self._settings.ae_title}."
            return CALLED_UNKNOWN, words
        titled = self._settings.called(calling)
        if not titled:
            return CALLING_UNKNOWN, f"{calling} at {host} is not among the devices of the configuration."
        here = [one for one in titled if one.calls_from(host)]
        if not here:
            return CALLING_UNKNOWN, f"{calling} called from {host}, which is not among its hosts."
        return here[0]

    def device(self, event: Event) -> DeviceSettings:
        """The device that speaks. Raises KeyError."""
        with self._lock:
            return self._inside[event.assoc]

    def gone(self, event: Event) -> None:
        """The association is over."""
        with self._lock:
            self._inside.pop(event.assoc, None)

    def _let_in(self, assoc: Any, device: DeviceSettings) -> None:
        with self._lock:
            self._inside[assoc] = device
        assoc.acceptor.maximum_length = device.pdu
        if self._settings.quarantine:
            self._allow_unknown(assoc)

    def _allow_unknown(self, assoc: Any) -> None:
        """Storage classes of makers' own are taken too, and flagged."""
        offered = assoc.acceptor.supported_contexts
        known = {str(context.abstract_syntax) for context in offered}
        for asked in assoc.requestor.primitive.presentation_context_definition_list:
            uid = str(asked.abstract_syntax)
            if uid not in known and may_be_stored(uid) and (uid in _registered or len(_registered) < MOST_UNKNOWN):
                _as_storage(uid)
                known.add(uid)
                offered = [*offered, build_context(uid, [*ALL_TRANSFER_SYNTAXES])]
        assoc.acceptor.supported_contexts = offered


MOST_UNKNOWN = 64  # classes nobody knows, in the life of the program: they are registered for good
_registered: set[str] = set()


def _as_storage(uid: str) -> None:
    """Pynetdicom serves only the classes it knows."""
    if uid not in _registered:
        _registered.add(uid)
        register_uid(uid, "Quarantined" + uid.replace(".", "_"), StorageServiceClass)
