"""The air pulse and what the cornea does: healthy values of published series, with their scatter."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import to_step

WHO = ("Last Name", "First Name", "Pat-ID", "D.o.Birth", "Exam Date", "Exam Time", "Exam Eye", "Status")
Answer = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Pulses:
    """What each eye answered, by the reading's keys."""

    right: Answer | None
    left: Answer | None


class _Analyser(Instrument[Pulses]):
    """One examination a table; ``columns`` are names and keys in the order of the file."""

    links = ("folder",)
    columns: ClassVar[dict[str, str]]

    def _look(self, patient: Patient) -> Pulses:
        return Pulses(*(self._answer(eye) if eye else None for eye in (patient.right, patient.left)))

    @abstractmethod
    def _answer(self, eye: Eye) -> Answer: ...

    def _eyes(self, measured: Pulses) -> list[tuple[str, Answer]]:
        return [(name, eye) for name, eye in (("right", measured.right), ("left", measured.left)) if eye]

    def _say(self, measured: Pulses, number: int, at: datetime) -> bytes:
        lines = [";".join(f"{name}:" for name in (*WHO, *self.columns)) + ";"]
        for side, eye in self._eyes(measured):
            who = ["Doe", "Jane", self.patient_id, "04/23/1980", f"{at:%m/%d/%Y}", f"{at:%H:%M:%S}"]
            values = [str(eye[key]) for key in self.columns.values()]
            lines.append(";".join([*who, f"{side.title()} ", "OK", *values]) + ";")
        return ("\r\n".join(lines) + "\r\n").encode("cp1252")

    def _shown(self, measured: Pulses) -> Shown:
        return tuple(
            {"kind": "biomechanics", side: {key: str(value) for key, value in eye.items()}}
            for side, eye in self._eyes(measured)
        )

    def _file_name(self, at: datetime) -> str:
        return f"{self.name.replace(' ', '-')}_{at:%Y%m%d}_{self._number:04}.csv"

    def _about(self, mean: float, spread: float, step: str) -> Decimal:
        value = to_step(mean + spread * max(-2.0, min(2.0, self._luck.gauss(0, 1))), step)
        return value or abs(value)


class CorvisST(_Analyser):
    """Dynamic answers; the speed at the second applanation is negative."""

    maker = "Oculus"
    name = "Corvis ST"
    columns: ClassVar[dict[str, str]] = {
        "IOP [mmHg]": "iop_mmhg",
        "bIOP [mmHg]": "biop_mmhg",
        "Pachy [µm]": "cct_um",
        "A1 Time [ms]": "a1_time_ms",
        "A1 Length [mm]": "a1_length_mm",
        "A1 Velocity [m/s]": "a1_velocity_m_s",
        "A2 Time [ms]": "a2_time_ms",
        "A2 Velocity [m/s]": "a2_velocity_m_s",
        "HC Time [ms]": "hc_time_ms",
        "Def. Amp. Max [mm]": "deformation_mm",
        "Peak Dist. [mm]": "peak_distance_mm",
        "Radius [mm]": "radius_mm",
        "DA Ratio Max (2mm)": "da_ratio_2mm",
        "Integrated Radius [mm^-1]": "integrated_radius_per_mm",
        "ARTh": "arth_um",
        "SP A1": "sp_a1",
        "SSI": "ssi",
        "CBI": "cbi",
    }

    def _answer(self, eye: Eye) -> Answer:
        iop = self._about(eye.iop_mmhg, 0.5, "0.5")
        return {
            "iop_mmhg": iop,
            "biop_mmhg": self._about(float(iop) - 1, 0.4, "0.1"),
            "cct_um": to_step(eye.cct_um, "1"),
            "a1_time_ms": self._about(7.36, 0.39, "0.001"),
            "a1_length_mm": self._about(1.82, 0.22, "0.01"),
            "a1_velocity_m_s": self._about(0.12, 0.02, "0.001"),
            "a2_time_ms": self._about(21.9, 0.5, "0.001"),
            "a2_velocity_m_s": self._about(-0.67, 0.1, "0.001"),
            "hc_time_ms": self._about(18.4, 0.5, "0.001"),
            "deformation_mm": self._about(1.05, 0.1, "0.01"),
            "peak_distance_mm": self._about(4.6, 0.6, "0.01"),
            "radius_mm": self._about(7.35, 0.9, "0.01"),
            "da_ratio_2mm": self._about(4.3, 0.4, "0.1"),
            "integrated_radius_per_mm": self._about(8.2, 1, "0.1"),
            "arth_um": self._about(480, 60, "1"),
            "sp_a1": self._about(105, 10, "0.1"),
            "ssi": self._about(1.0, 0.1, "0.01"),
            "cbi": self._about(0.3, 0.1, "0.01"),
        }


class OcularResponse(_Analyser):
    """Hysteresis from both applanations."""

    maker = "Reichert"
    name = "Ocular Response Analyzer"
    columns: ClassVar[dict[str, str]] = {
        "IOPg": "iop_mmhg",
        "IOPcc": "iopcc_mmhg",
        "CRF": "crf_mmhg",
        "CH": "ch_mmhg",
        "WS": "waveform_score",
    }

    def _answer(self, eye: Eye) -> Answer:
        iop = self._about(eye.iop_mmhg, 0.5, "0.1")
        return {
            "iop_mmhg": iop,
            "iopcc_mmhg": self._about(float(iop), 1, "0.1"),
            "crf_mmhg": self._about(10.3, 1.5, "0.1"),
            "ch_mmhg": self._about(10.5, 1.5, "0.1"),
            "waveform_score": self._about(7.5, 1, "0.1"),
        }
