"""Objects made with pydicom attribute by attribute from the standard's tables: neither our writer nor the simulator."""

import io

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset

CLASSES = {"LEN": "78.1", "AR": "78.2", "KER": "78.3", "SRF": "78.4", "VA": "78.5"}
EXPLICIT, IMPLICIT, BIG = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
DEFLATED, JPEG = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"
HEAD = {
    "SpecificCharacterSet": "ISO_IR 192",
    "SOPInstanceUID": "1.2.3.4.5",
    "StudyInstanceUID": "1.2.3.1",
    "SeriesInstanceUID": "1.2.3.2",
    "ContentDate": "20240205",
    "ContentTime": "140759.25",
    "InstanceNumber": 1,
    "Manufacturer": "Maker",
    "ManufacturerModelName": "RX-1",
    "DeviceSerialNumber": "S-77",
    "SoftwareVersions": ["1.2", "b3"],
    "PatientName": "Zhang^Wei=张^伟",
    "PatientID": " P-9 ",
    "PatientBirthDate": "19800102",
}


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, [value] if isinstance(value, Dataset) else value)
    return dataset


def power(sphere, cylinder=None, axis=None, **more):
    found = item(SpherePower=sphere, **more)
    if cylinder is not None:
        found.CylinderSequence = [item(CylinderPower=cylinder, CylinderAxis=axis)]
    return found


def dataset(modality, **attributes):
    sop_class = f"1.2.840.10008.5.1.4.1.1.{CLASSES.get(modality, modality)}"
    return item(**HEAD | {"SOPClassUID": sop_class, "Modality": modality[:2].upper()} | attributes)


def filed(found, syntax=EXPLICIT):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = found.SOPClassUID
    meta.MediaStorageSOPInstanceUID = found.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = syntax, "1.2.3.9"
    found.file_meta = meta
    target = io.BytesIO()
    dcmwrite(target, found, enforce_file_format=True)
    return target.getvalue()


def bare(found, *, implicit):
    target = io.BytesIO()
    dcmwrite(target, found, implicit_vr=implicit, little_endian=True)
    return target.getvalue()


def autorefraction(**more):
    return dataset("AR", AutorefractionRightEyeSequence=power(-2.25, -0.5, 175.0), **more)
