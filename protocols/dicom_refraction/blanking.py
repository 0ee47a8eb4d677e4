"""Takes people out of objects in place: who they are, where they live, who sent, measured and read.

Every value keeps its length, its blanks and what parts a name (``^`` and ``=``), so offsets and syntaxes stay. UIDs and
the maker's private attributes stay. The list is the people and the numbers of visits among those of PS3.15 table E.1-1.
A birth date becomes zeros, which is no date: it is then absent, with a note.
"""

import re
from typing import Literal, NamedTuple

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.tag import Tag

from protocols.dicom_refraction.decoder import decode
from protocols.dicom_refraction.grammar import PREFIX, PREFIX_AT
from protocols.framing.masking import SHAPE, each, masked_id

_PEOPLE = [
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientBirthTime",
    "PatientBirthName",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientMotherBirthName",
    "PatientAddress",
    "PatientTelephoneNumbers",
    "PatientComments",
    "Occupation",
    "EthnicGroup",
    "PatientAge",
    "MedicalRecordLocator",
    "MilitaryRank",
    "CountryOfResidence",
    "RegionOfResidence",
    "ResponsiblePerson",
    "AdditionalPatientHistory",
    "ImageComments",
    "StudyComments",
    "AccessionNumber",
    "StudyID",
    "AdmissionID",
    "RequestedProcedureID",
    "ReferringPhysicianName",
    "ReferringPhysicianAddress",
    "ReferringPhysicianTelephoneNumbers",
    "ConsultingPhysicianName",
    "PerformingPhysicianName",
    "PhysiciansOfRecord",
    "NameOfPhysiciansReadingStudy",
    "RequestingPhysician",
    "OperatorsName",
    "PersonName",
    "PersonAddress",
    "PersonTelephoneNumbers",
    "ContentCreatorName",
    "VerifyingObserverName",
    "HumanPerformerName",
    "ScheduledPerformingPhysicianName",
]
_IMPLICIT_UID, _BIG_UID = b"1.2.840.10008.1.2\x00", b"1.2.840.10008.1.2.2\x00"
_HEAD = 1024
_LONGEST = 0x2800  # bytes; LT holds 10240 characters
Order = Literal["little", "big"]


class _Writing(NamedTuple):
    """What an attribute about a person begins with, and how its length behind that is written."""

    begins: re.Pattern[bytes]
    order: Order
    width: int


def _writing(order: Order, *, implicit: bool) -> _Writing:
    begins = (_begin(keyword, order, implicit) for keyword in _PEOPLE)
    return _Writing(re.compile(b"|".join(map(re.escape, begins))), order, 4 if implicit else 2)


def _begin(keyword: str, order: Order, implicit: bool) -> bytes:
    tag = Tag(tag_for_keyword(keyword) or 0)
    vr = b"" if implicit else dictionary_VR(keyword).encode()
    return tag.group.to_bytes(2, order) + tag.element.to_bytes(2, order) + vr


_EXPLICIT, _IMPLICIT = _writing("little", implicit=False), _writing("little", implicit=True)
_BIG = _writing("big", implicit=False)


def blank(data: bytes) -> bytes:
    """The same bytes without people, as long as before."""
    return each(data, decode(data), _blanked)


def _blanked(raw: bytes) -> bytes:
    writing, without, at = _written(raw), bytearray(raw), 0
    while found := writing.begins.search(raw, at):
        at = found.end() + writing.width
        length = int.from_bytes(raw[found.end() : at], writing.order)
        if length <= _LONGEST:
            without[at : at + length] = masked_id(raw[at : at + length], keep=SHAPE + b"^=")
            at += length
    return bytes(without)


def _written(raw: bytes) -> _Writing:
    """How the attributes of this object are written; without a word about it the first one shows it."""
    if raw[PREFIX_AT:].startswith(PREFIX) or raw.startswith(b"\x02\x00"):
        head = raw[:_HEAD]
        return _IMPLICIT if _IMPLICIT_UID in head else _BIG if _BIG_UID in head else _EXPLICIT
    return _EXPLICIT if raw[4:6].isalpha() else _IMPLICIT
