"""JOIA XML and its relatives: every file is one print-out; a phoropter's PC also takes files from us."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from edge.discovery import family
from edge.drivers.joia.inbox import hand_over
from edge.drivers.listener import Listener
from edge.refusals import OrderRefused
from protocols.joia import Decoder, Preset, import_file, import_files
from protocols.readings import Reading
from protocols.xml.writing import Unfit

FORMS = ("cv5000", "rt6100")
BETWEEN_S = 3.0  # an RT-6100's relatives lose the second of two files that come closer


class Driver(Listener):
    """One instrument. ``settings``: ``model`` as in the manifest; a phoropter's ``import_folder``, ``import_form``."""

    confirms = True  # it takes the file away

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
        self._form = _form(settings)
        self._folder = Path(str(settings["import_folder"])) if settings.get("import_folder") else None
        self._one_at_a_time = asyncio.Lock()

    async def send(self, readings: Sequence[Reading], patient_id: str) -> tuple[str, ...]:
        """Hand readings over; what of them was sent. Raises OrderRefused."""
        if self._folder is None:
            raise OrderRefused("no import folder is set for this instrument")
        files = self._made(readings, patient_id)
        async with self._one_at_a_time:
            for at, file in enumerate(files):
                await asyncio.sleep(BETWEEN_S if at else 0)
                await hand_over(self._folder, file)
        return tuple(what for file in files for what in file.sent)

    def _made(self, readings: Sequence[Reading], patient_id: str) -> tuple[Preset, ...]:
        moment = datetime.now()
        try:
            if self._form == "rt6100":
                return import_files(readings, patient_id=patient_id, moment=moment)
            return (import_file(readings, patient_id=patient_id, moment=moment),)
        except Unfit as refusal:
            raise OrderRefused(str(refusal)) from None


def _form(settings: Mapping[str, object]) -> str:
    """As set, else the model's own, else Topcon's."""
    model = family("joia").model(str(settings.get("model", "")))
    usual = model.settings.get("import_form", FORMS[0]) if model else FORMS[0]
    chosen = str(settings.get("import_form", usual))
    if chosen not in FORMS:
        raise ValueError(f"import_form is {chosen!r}, expected {' or '.join(FORMS)}")
    return chosen
