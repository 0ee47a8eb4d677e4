"""Performed procedure steps (PS3.4 annex F): begun by N-CREATE, ended once by N-SET."""

import logging
from collections.abc import Callable
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom.events import Event

from edge.dicom.journal import BEGUN, Journal
from edge.dicom.settings import DeviceSettings
from edge.dicom.storing import answer
from protocols.envelope import encode
from protocols.envelope.steps import MOST_ORDERS, Ordered, Step

log = logging.getLogger("emmetra.dicom")

IN_PROGRESS, FINAL = BEGUN, ("COMPLETED", "DISCONTINUED")
LONGEST = 64
OURS, DUPLICATE, UNKNOWN, WRONG_VALUE = 0x0110, 0x0111, 0x0112, 0x0106
NO_LONGER = 0xA506  # (0000,0903): the step may no longer be updated

Said = tuple[Dataset | int, Dataset | None]


class Performing:
    """Answers N-CREATE and N-SET. Never raises. ``news`` is called when there is something to tell the cloud."""

    def __init__(self, journal: Journal, news: Callable[[DeviceSettings], None] = lambda _device: None) -> None:
        self._journal, self._news = journal, news

    def create(self, event: Event, device: DeviceSettings) -> Said:
        """A device begins."""
        return _guarded(device, lambda: self._create(event, device))

    def set(self, event: Event, device: DeviceSettings) -> Said:
        """A device goes on or ends."""
        return _guarded(device, lambda: self._set(event, device))

    def _create(self, event: Event, device: DeviceSettings) -> Said:
        said: Dataset = event.attribute_list
        request: Any = event.request
        uid = str(request.AffectedSOPInstanceUID or generate_uid())
        if said.get("PerformedProcedureStepStatus") != IN_PROGRESS:
            return answer(WRONG_VALUE, "A step begins IN PROGRESS."), None
        orders = _orders(said)
        first = orders[0] if orders else Ordered()
        about = _about(uid, orders, said) if orders else ""
        if not self._journal.begin_step(uid, device.name, first.study_uid, first.accession, about):
            return DUPLICATE, None
        self._news(device)
        return 0x0000, _with_uid(said, uid)

    def _set(self, event: Event, device: DeviceSettings) -> Said:
        said: Dataset = event.modification_list
        request: Any = event.request
        uid = str(request.RequestedSOPInstanceUID)
        before, after = self._journal.step(uid), said.get("PerformedProcedureStepStatus", IN_PROGRESS)
        if before is None:
            return answer(UNKNOWN, "No such step."), None
        if before in FINAL:
            refusal = answer(OURS, "The step has ended.")
            refusal.ErrorID = NO_LONGER
            return refusal, None
        if after not in (IN_PROGRESS, *FINAL):
            return answer(WRONG_VALUE, "No such state of a step."), None
        self._journal.end_step(uid, str(after), _why(said))
        self._news(device)
        return 0x0000, said


def _guarded(device: DeviceSettings, deed: Callable[[], Said]) -> Said:
    try:
        return deed()
    except Exception as trouble:
        log.error("a performed step of %s failed (%s)", device.name, type(trouble).__name__)
        return answer(OURS, "The gateway could not keep the step; try again."), None


def _orders(said: Dataset) -> list[Ordered]:
    """The numbers of every scheduled step that this one answers; a step that nobody ordered has none."""
    steps = list(said.get("ScheduledStepAttributesSequence") or [])[:MOST_ORDERS]
    named = [
        Ordered(accession=_text(one, "AccessionNumber"), study_uid=_text(one, "StudyInstanceUID")) for one in steps
    ]
    return [one for one in named if one.accession or one.study_uid]


def _about(uid: str, orders: list[Ordered], said: Dataset) -> str:
    patient, born = _text(said, "PatientID"), _text(said, "PatientBirthDate")
    return encode(Step(uid=uid, orders=orders, patient_id=patient, birth_date=born)).decode()


def _why(said: Dataset) -> str:
    """What the device's code for breaking off means, in its own words."""
    reasons = list(said.get("PerformedProcedureStepDiscontinuationReasonCodeSequence") or [])
    return _text(reasons[0], "CodeMeaning") if reasons else ""


def _text(said: Dataset, keyword: str) -> str:
    """A value of at most 64 characters; one that is longer is none of ours."""
    text = str(said.get(keyword) or "").strip(" \0")
    return text if len(text) <= LONGEST else ""


def _with_uid(said: Dataset, uid: str) -> Dataset:
    said.SOPInstanceUID = uid
    return said
