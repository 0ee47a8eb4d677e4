"""What a written object needs to know besides the reading: whose it is, of which visit, and with which chart."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

LONGEST_UID = 64
_DIGEST = 16


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

    UIDs of series and objects follow from ``uid`` and the reading, below ``root`` where there is one, so that
    writing the same reading again gives the same object.
    """

    uid: str
    began: datetime
    patient: Patient = field(default_factory=Patient)
    root: str | None = None
    id: str = ""
    accession_number: str = ""
    referring_physician: str = ""
    chart: Chart | None = None

    def derived(self, *names: str) -> str:
        """The UID of something that belongs to the study, the same for the same names (PS3.5 B.2)."""
        digest = hashlib.sha256("/".join([self.uid, *names]).encode()).digest()[:_DIGEST]
        if self.root is None:
            return f"2.25.{uuid.UUID(bytes=digest, version=5).int}"
        return f"{self.root}.{int.from_bytes(digest)}"[:LONGEST_UID]
