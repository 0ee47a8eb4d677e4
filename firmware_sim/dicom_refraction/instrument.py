"""What all of them share: who they are, whose eyes they saw, and one file a press of Print."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from pydicom.dataset import Dataset

from firmware_sim import instrument
from firmware_sim.dicom_refraction import speech
from firmware_sim.patients import Patient
from firmware_sim.wires import Wire

M = TypeVar("M")
Charset = Literal["ISO_IR 100", "ISO_IR 192", "GB18030"]
SIDES = (("right", "Right", "R"), ("left", "Left", "L"))


class Instrument(instrument.Instrument[M]):
    """``syntax`` and ``preamble`` as its export is set; ``patient_name`` as its worklist spelt it in ``charset``;
    ``zone`` (``+0800``) only where its clock knows one.
    """  # noqa: D205

    maker = "any"
    links = ("folder",)
    sop_class: ClassVar[str]
    modality: ClassVar[str]
    serial = "0042"
    software = ("1.4.2",)

    def __init__(
        self,
        wire: Wire,
        *,
        syntax: speech.Syntax = "explicit",
        preamble: bool = True,
        charset: Charset = "ISO_IR 192",
        zone: str = "",
        **usual: Any,
    ) -> None:
        super().__init__(wire, **usual)
        self.patient_name = ""
        self._syntax, self._preamble, self._charset, self._zone = syntax, preamble, charset, zone

    def _say(self, measured: M, number: int, at: datetime) -> bytes:
        found = self._heading(number, at)
        eyes = self._measurements(found, measured)
        if eyes:
            found.MeasurementLaterality = "B" if len(eyes) > 1 else eyes
        return speech.file(found, self._syntax, preamble=self._preamble)

    def _heading(self, number: int, at: datetime) -> Dataset:
        found = Dataset()
        found.SpecificCharacterSet = self._charset
        study = f"{speech.ROOT}.{int(self.serial)}.{at:%Y%m%d}"
        found.SOPClassUID, found.SOPInstanceUID = (
            self.sop_class,
            f"{study}.3.{self.sop_class[-1]}.{at:1%H%M%S}.{number}",
        )
        found.StudyInstanceUID, found.SeriesInstanceUID = f"{study}.1", f"{study}.2"
        speech.stamped(found, at, self._zone)
        self._modules(found, number)
        return found

    def _modules(self, found: Dataset, number: int) -> None:
        """Patient, study, series, equipment."""
        found.Modality, found.SeriesNumber, found.InstanceNumber = self.modality, 1, number
        found.Manufacturer, found.ManufacturerModelName = self.maker, self.name
        found.DeviceSerialNumber, found.SoftwareVersions = self.serial, list(self.software)
        found.PatientName, found.PatientID = self.patient_name, self.patient_id
        for empty in ("PatientBirthDate", "PatientSex", "AccessionNumber", "StudyID", "ReferringPhysicianName"):
            setattr(found, empty, "")

    def _file_name(self, at: datetime) -> str:
        return f"{self.modality}_{at:%Y%m%d%H%M%S}_{self._number:04}.dcm"

    def clear(self) -> None:
        """Forget the patient too."""
        super().clear()
        self.patient_name = ""

    @abstractmethod
    def _measurements(self, found: Dataset, measured: M) -> str:
        """Put the measurement in; the letters of the eyes it holds."""


def eyes(measured: Any) -> list[tuple[str, str, str, Any]]:
    """The eyes measured: our word, the word in attribute names, the letter, and what was measured."""
    return [(ours, theirs, letter, eye) for ours, theirs, letter in SIDES if (eye := getattr(measured, ours))]


def seen(patient: Patient) -> list[tuple[str, Any]]:
    """The patient's eyes under our word, those that there are."""
    return [(ours, eye) for ours, _, _ in SIDES if (eye := getattr(patient, ours))]
