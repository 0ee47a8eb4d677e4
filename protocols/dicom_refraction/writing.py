"""From a reading to an object of its class: every attribute that the standard requires, and nothing made up.

What cannot be said without changing its meaning is refused; what has no attribute (single readings of a series,
confidences, trial lenses) stays behind. The table is in docs/wire/dicom_refraction.md.
"""

from datetime import datetime, tzinfo
from typing import Any

from pydicom import config
from pydicom.datadict import dictionary_description, dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from protocols.dicom_refraction.grammar import MODALITIES, UNKNOWN
from protocols.dicom_refraction.macros import Attributes, Unwritable
from protocols.dicom_refraction.modules import MODULES
from protocols.dicom_refraction.part10 import serialised
from protocols.dicom_refraction.silence import quiet
from protocols.dicom_refraction.study import Study
from protocols.readings import Instrument, Reading, kind


def write(reading: Reading, study: Study, *, number: int = 1) -> bytes:
    """One Part 10 file. ``number`` counts the objects of the same kind within the study. Raises Unwritable."""
    sop_class, module = MODULES.get(kind(reading), (None, None))
    if sop_class is None or module is None:
        raise Unwritable(f"DICOM has no class of object for {kind(reading)}.")
    attributes = {
        **_common(sop_class, reading, study, number),
        **_patient(study),
        **_study(reading, study),
        **_equipment(reading.instrument),
        **module(reading, study),
    }
    with quiet():
        return serialised(_dataset(attributes))


def _common(sop_class: str, reading: Reading, study: Study, number: int) -> Attributes:
    """SOP Common, General Series with the class's own, and the moment that every refractive object has."""
    at = _moment(reading, study)
    names = kind(reading), reading.integrity.raw_sha256, reading.reading_id or "", f"{number}"
    zone = {"TimezoneOffsetFromUTC": f"{at:%z}"[:5]} if at.tzinfo else {}
    return zone | {
        "SpecificCharacterSet": "ISO_IR 192",
        "SOPClassUID": sop_class,
        "SOPInstanceUID": study.derived(*names),
        "SeriesInstanceUID": study.derived(kind(reading)),
        "SeriesNumber": str(list(MODALITIES).index(sop_class) + 1),
        "Modality": MODALITIES[sop_class],
        "InstanceNumber": str(number),
        "ContentDate": f"{at:%Y%m%d}",
        "ContentTime": f"{at:%H%M%S}",
    }


def _patient(study: Study) -> Attributes:
    born = study.patient.birth_date
    return {
        "PatientName": study.patient.name,
        "PatientID": study.patient.id,
        "PatientBirthDate": f"{born:%Y%m%d}" if born else "",
        "PatientSex": study.patient.sex,
    }


def _study(reading: Reading, study: Study) -> Attributes:
    """Times of one object are all in one zone (PS3.3 C.12.1.1.8)."""
    zone = _moment(reading, study).tzinfo
    began = _in_zone(study.began, zone)
    return {
        "StudyInstanceUID": study.uid,
        "StudyDate": f"{began:%Y%m%d}",
        "StudyTime": f"{began:%H%M%S}",
        "StudyID": study.id,
        "AccessionNumber": study.accession_number,
        "ReferringPhysicianName": study.referring_physician,
    }


def _equipment(instrument: Instrument) -> Attributes:
    """All four are required; what the instrument never told is called unknown."""
    return {
        "Manufacturer": instrument.maker or UNKNOWN,
        "ManufacturerModelName": instrument.model or UNKNOWN,
        "DeviceSerialNumber": instrument.serial or UNKNOWN,
        "SoftwareVersions": instrument.firmware or UNKNOWN,
    }


def _moment(reading: Reading, study: Study) -> datetime:
    return datetime.fromisoformat(reading.measured_at) if reading.measured_at else study.began


def _in_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.astimezone(zone) if zone and moment.tzinfo else moment


def _dataset(attributes: Attributes) -> Dataset:
    dataset = Dataset()
    for keyword, value in attributes.items():
        dataset.add(_element(keyword, value))
    return dataset


def _element(keyword: str, value: Any) -> DataElement:
    """An attribute as the dictionary wants it; what does not fit is refused, never cut."""
    if isinstance(value, dict):
        value = [_dataset(value)]
    try:
        if isinstance(value, str) and "\\" in value:
            raise ValueError("a backslash parts values")
        tag = Tag(tag_for_keyword(keyword) or 0)
        return DataElement(tag, dictionary_VR(keyword), value, validation_mode=config.RAISE)
    except ValueError:
        raise Unwritable(f"{dictionary_description(keyword)} does not fit into its attribute.") from None
