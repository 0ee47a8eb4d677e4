"""The worklist of a store: who is expected today, and for which examination. Whole, retained, on ``down/worklist``.

Lengths are those of DICOM's value representations, as devices cut or refuse what is longer (PS3.5 6.2, SH and LO).
"""

from datetime import UTC, datetime, tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from protocols.envelope.messages import Message

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
Long = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Uid = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+(\.[0-9]+)+$", max_length=64)]


class Item(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One examination that is wanted. ``at`` is ISO 8601, UTC; ``modality`` DICOM's (OPT, OP, OAM, OPV, …).

    ``family`` and ``given`` are the name as written, ``latin`` the same in Latin letters (``Zhang^Wei``) for devices
    that know no other. ``station`` is the AE title or room the examination is meant for; without it any device of the
    modality may take it.
    """

    accession: Short
    step_id: Short
    procedure_id: Short
    study_uid: Uid
    patient_id: Long
    family: Long
    given: str = ""
    latin: str = ""
    birth_date: str = ""
    sex: Literal["M", "F", "O", ""] = ""
    at: str
    modality: Short
    station: str = ""
    description: Long
    laterality: Literal["right", "left", "both", ""] = ""
    physician: str = ""


class Worklist(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Every item of the store's day. ``version`` only grows; ``zone`` is the store's IANA time zone."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    zone: str
    made_at: str
    items: list[Item] = []


def zone_of(told: Worklist) -> tzinfo:
    """The store's zone; on a box without the zone's file days begin by the clock of the world."""
    try:
        return ZoneInfo(told.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def moment_of(item: Item, zone: tzinfo) -> datetime | None:
    """When an examination is due, by the clocks of the zone; nothing where nobody can read it."""
    try:
        return datetime.fromisoformat(item.at).astimezone(zone)
    except (ValueError, OverflowError):
        return None
