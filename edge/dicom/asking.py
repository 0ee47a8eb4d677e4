"""C-FIND on the modality worklist: the store's list, read anew from its file at every query."""

import logging
from collections.abc import Iterator
from pathlib import Path

from pydicom.dataset import Dataset
from pynetdicom.events import Event

from edge.dicom.settings import DeviceSettings
from edge.dicom.storing import answer
from edge.worklist import Kept
from protocols.dicom_worklist import Station, answers

log = logging.getLogger("emmetra.dicom")

PENDING, CANCELLED = 0xFF00, 0xFE00
OUT_OF_RESOURCES, NO_IDENTIFIER = 0xA700, 0xA900


class Asking:
    """Answers worklist queries."""

    def __init__(self, data: Path) -> None:
        self._kept = Kept(data)

    def handle(self, event: Event, device: DeviceSettings) -> Iterator[tuple[Dataset | int, Dataset | None]]:
        """Each item that is meant; ends at a cancel. Never raises."""
        try:
            yield from self._answers(event, device)
        except Exception as trouble:  # an exception here would be C311, which no device tries again
            log.error("a worklist query of %s failed (%s)", device.name, type(trouble).__name__)
            yield answer(OUT_OF_RESOURCES, "The gateway could not read its worklist; try again."), None

    def _answers(self, event: Event, device: DeviceSettings) -> Iterator[tuple[Dataset | int, Dataset | None]]:
        query = _identifier(event)
        if query is None:
            yield answer(NO_IDENTIFIER, "The query cannot be understood."), None
            return
        told, count = self._kept.items(), 0
        station = Station((device.ae_title, *device.rooms), device.modalities, device.charset)
        for one in answers(query, told, station) if told else ():
            if event.is_cancelled:
                yield CANCELLED, None
                return
            count += 1
            yield PENDING, one
        log.info("%s asked for the worklist: %d items", device.name, count)


def _identifier(event: Event) -> Dataset | None:
    try:
        query: Dataset = event.identifier
        query.decode()
    except Exception:  # pydicom raises whatever the bytes make it trip over
        return None
    return query
