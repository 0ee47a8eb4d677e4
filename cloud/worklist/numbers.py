"""Numbers of an order: accession, step, procedure and study, as DICOM's SH (16 characters) and UI (64) take them.

The accession is the day, eight digits drawn by lot and a check digit (ISO/IEC 7064, MOD 11,10), so that one that was
typed wrong at a device is nobody's instead of another's. Digits alone pass every device and every scanner.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date

from cloud.people.numbers import check_digit


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an order is known by outside; all unique."""

    accession: str
    step_id: str
    procedure_id: str
    study_uid: str


def drawn(day: date) -> Numbers:
    """New numbers for an order given on this day."""
    digits = f"{day:%y%m%d}{secrets.randbelow(10**8):08}"
    accession = digits + check_digit(digits)
    # 2.25 is the arc for UUIDs as decimal numbers (ITU-T X.667, PS3.5 B.2)
    return Numbers(accession, f"S{accession}", f"P{accession}", f"2.25.{uuid.uuid4().int}")
