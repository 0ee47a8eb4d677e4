"""How sure the dialect is that it could have produced some bytes."""

from protocols.dicom_refraction.decoder import decode
from protocols.dicom_refraction.grammar import FILE_BEGINS, PREFIX_AT
from protocols.framing import Recognition, Transmission

_NOTHING = Recognition(0, "neither DICM after 128 bytes nor a data set that says it is a refractive measurement")


def recognise(data: bytes) -> Recognition:
    """Judge a whole file. Without preamble only an object that can be read is one of ours."""
    filed = bool(FILE_BEGINS.match(data, PREFIX_AT))
    if any(isinstance(event, Transmission) for event in decode(data)):
        if filed:
            return Recognition(95, "a DICOM file with a refractive measurement; it carries no checksum")
        return Recognition(85, "a DICOM refractive measurement without the head of a file, or not at the beginning")
    return Recognition(30, "a DICOM file, but no refractive measurement that could be read") if filed else _NOTHING
