"""DICOM refractive objects: every file of the folder is one object; nothing is ever sent back."""

from collections.abc import Mapping

from edge.drivers.listener import Listener
from protocols.dicom_refraction import Decoder


class Driver(Listener):
    """One exporting instrument. It has no settings of its own."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(Decoder)
