"""C-STORE: what a device may be told, and only when it is true.

Landed and fsynced, renamed into the spool, the folder fsynced, written into the journal: then 0000, which allows the
device to delete. Our own troubles are A7xx, the only failures that devices try again; nothing may leave the handler as
an exception, as that would be answered with C211 and the examination be lost.
"""

import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom.events import Event

from edge import disk
from edge.dicom.door import SERVED_ALWAYS
from edge.dicom.journal import QUARANTINE, Journal, Object
from edge.dicom.landing import Landing, Trouble
from edge.dicom.settings import DeviceSettings
from edge.dicom.wholeness import DEFLATED, Broken, check, inflated

log = logging.getLogger("emmetra.dicom")

SUCCESS, OUT_OF_RESOURCES, MISMATCH, NOT_UNDERSTOOD = 0x0000, 0xA700, 0xA900, 0xC000
UID = re.compile(r"[0-9]+(\.[0-9]+)*")
LONGEST_UID = 64
NEEDED = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
COMMENT = 64  # characters of (0000,0902)
PREAMBLE, HEAD = 132, 12


class Refused(Exception):
    """The object cannot be kept, and never will be."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Heading(NamedTuple):
    """What the journal needs to know of an object."""

    uid: str
    sop_class: str
    syntax: str
    study: str


class Storing:
    """Answers every C-STORE. ``stored`` is called after each object that is new."""

    def __init__(self, journal: Journal, stored: Callable[[DeviceSettings], None]) -> None:
        self._journal, self._stored = journal, stored

    def handle(self, event: Event, device: DeviceSettings) -> Dataset:
        """The answer. Never raises."""
        landing = event.request._dataset_file
        try:
            return self._answered(event, device, landing)
        except Refused as refusal:
            log.warning("%s sent an object that cannot be kept: %s", device.name, refusal.words)
            return answer(refusal.status, refusal.words)
        except Exception as trouble:  # whatever it is, it is ours: the device shall try again
            log.error("an object of %s could not be stored (%s)", device.name, type(trouble).__name__)
            words = str(trouble) if isinstance(trouble, Trouble) else "The gateway could not store it; try again."
            return answer(OUT_OF_RESOURCES, words)
        finally:
            if isinstance(landing, Landing):
                landing.remove()

    def _answered(self, event: Event, device: DeviceSettings, landing: object) -> Dataset:
        if not isinstance(landing, Landing):
            raise Refused(NOT_UNDERSTOOD, "There is no data set.")
        landing.handed_over = True
        sha = landing.settled()
        request: Any = event.request
        named = (str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID))
        heading = read(landing.path, named, str(event.context.transfer_syntax))
        if not self._journal.has(heading.uid, sha):
            self._keep(landing, sha, heading, device)
        return answer(SUCCESS)

    def _keep(self, landing: Landing, sha: str, heading: Heading, device: DeviceSettings) -> None:
        landing.path.rename(self._journal.file(sha))
        disk.settle(self._journal.spool)
        flag = None if heading.sop_class in SERVED_ALWAYS else QUARANTINE
        place = (heading.sop_class, heading.syntax, heading.study, device.name)
        self._journal.add(Object(0, heading.uid, sha, landing.bytes, *place, time.time(), flag, 0))
        self._stored(device)


def read(path: Path, named: tuple[str, str], syntax: str) -> Heading:
    """The heading of a landed object that hangs together and is what the request ``named``. Raises Refused."""
    try:
        values = _identifiers(path, syntax)
    except Broken as damage:
        raise Refused(NOT_UNDERSTOOD, str(damage)) from None
    except Exception as damage:  # pydicom raises whatever the bytes make it trip over
        raise Refused(NOT_UNDERSTOOD, f"It is no DICOM data set ({type(damage).__name__}).") from None
    for keyword, value in zip(NEEDED, values, strict=True):
        if not UID.fullmatch(value) or len(value) > LONGEST_UID:
            raise Refused(MISMATCH, f"{keyword} is absent or no UID.")
    if (values[0], values[1]) != named:
        raise Refused(MISMATCH, "The data set is another object than the request names.")
    return Heading(values[1], values[0], syntax, values[2])


def _identifiers(path: Path, syntax: str) -> list[str]:
    """The values of NEEDED, empty where one is absent."""
    with path.open("rb") as file:
        begins = _begin(file.read(PREAMBLE + HEAD))
        file.seek(begins)
        if syntax == DEFLATED:
            data = inflated(path, begins)
            check(data, len(data.getbuffer()), syntax)
        else:
            check(file, path.stat().st_size, syntax)
    found = dcmread(path, stop_before_pixels=True, specific_tags=list(NEEDED))
    return [str(found.get(keyword) or "").strip(" \0") for keyword in NEEDED]


def _begin(head: bytes) -> int:
    """Where the data set begins behind the meta information, whose length stands in its first element."""
    if head[128:132] != b"DICM" or len(head) < PREAMBLE + HEAD:
        raise Broken("There is no file meta information.")
    return PREAMBLE + HEAD + int.from_bytes(head[PREAMBLE + 8 :], "little")


def answer(status: int, words: str = "") -> Dataset:
    """A status, with a comment for the device's log where it is a failure."""
    said = Dataset()
    said.Status = status
    if words:
        said.ErrorComment = words[:COMMENT]
    return said
