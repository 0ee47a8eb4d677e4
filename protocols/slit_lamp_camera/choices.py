"""What a person may say of a picture: magnifications of usual slit lamps, illuminations of DICOM's CID 4203."""

from typing import NamedTuple


class Code(NamedTuple):
    """A code of DICOM: value, scheme, meaning."""

    value: str
    scheme: str
    meaning: str


ILLUMINATIONS = {
    "diffuse": Code("111625", "DCM", "Diffuse direct illumination"),
    "broad": Code("410463003", "SCT", "Broad tangential direct illumination"),
    "slit": Code("410462008", "SCT", "Fine slit beam direct illumination"),
    "iris": Code("410465005", "SCT", "Indirect retroillumination from the iris"),
    "retina": Code("410466006", "SCT", "Indirect retroillumination from the retina"),
    "sclerotic": Code("410464009", "SCT", "Indirect sclerotic scatter illumination"),
    "transillumination": Code("410467002", "SCT", "Indirect iris transillumination"),
}
MAGNIFICATIONS = ("6x", "10x", "16x", "25x", "40x")
