"""What a written object needs to know besides the reading: whose it is, of which visit, and with which chart."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

LONGEST_UID = 64
OF_UUIDS = "2.25"  # the root below which every UUID is a UID, for those who have none of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The patient of the Patient module. ``name`` is in DICOM's form: ``Zhang^Wei`` or ``Zhang^Wei=张^伟``."""

    id: str = ""
    name: str = ""
    birth_date: date | None = None
    sex: Literal["M", "F", "O", ""] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """How acuity was tested; the standard requires it and no reading tells it. ``definition`` names the letters."""

    background: Literal["RED", "GREEN", "WHITE", "REDGREENSPLIT"]
    optotype: Literal["LETTERS", "NUMBERS", "PICTURES", "TUMBLING E", "LANDOLT C"]
    presentation: Literal["SINGLE", "MULTIPLE"]
    definition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One visit. ``began`` also stands for the moment of a reading whose instrument told none.

    UIDs of series and objects follow from ``uid`` and the reading, below ``root``, so that
    writing the same reading again gives the same object.
    """

    uid: str
    began: datetime
    patient: Patient = field(default_factory=Patient)
    root: str = OF_UUIDS
    id: str = ""
    accession_number: str = ""
    referring_physician: str = ""
    chart: Chart | None = None

    def derived(self, *names: str) -> str:
        """The UID of something that belongs to the study, the same for the same names (PS3.5 B.2)."""
        return f"{self.root}.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join([self.uid, *names])).int}"[:LONGEST_UID]
