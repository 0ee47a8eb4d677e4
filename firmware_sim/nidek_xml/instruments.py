"""The instruments: what each measures decides what it writes and shows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from firmware_sim import screens
from firmware_sim.instrument import Instrument, Shown
from firmware_sim.markup import Lines, leaf, node
from firmware_sim.nidek_xml import speech
from firmware_sim.nidek_xml.optics import EyeSeen, Seen, look
from firmware_sim.optics import contact_lens
from firmware_sim.patients import Patient
from firmware_sim.tonometer import corrected
from firmware_sim.wires import Wire

Part = Callable[[EyeSeen], Lines]


class Nidek(Instrument[Seen]):
    """``measures`` are the kinds it knows; ``ring_sign`` is what its firmware writes before a ring's diameter."""

    maker = "NIDEK"
    links = ("folder",)
    measures: ClassVar[tuple[str, ...]] = ()
    rings: ClassVar[bool] = False

    def __init__(self, wire: Wire, *, ring_sign: str = "ø", **usual: Any) -> None:
        super().__init__(wire, **usual)
        self._ring_sign = ring_sign

    def _look(self, patient: Patient) -> Seen:
        return look(patient, self._luck)

    def _file_name(self, at: datetime) -> str:
        return f"{self.name.partition('-')[0]}_{self.patient_id.ljust(14)}_{at:%Y%m%d%H%M%S}.xml"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        eyes = [node(letter, *(part(eye) for part in self._parts())) for letter, _, eye in measured.eyes()]
        refracted = "autorefraction" in self.measures
        return speech.document(
            node(
                "Data",
                *self._top(number, at),
                *(self._settings() if refracted else []),
                *eyes,
                speech.pd(measured.pd_mm) if refracted else [],
            )
        )

    def _top(self, number: int, at: datetime) -> list[Lines]:
        named = {"Company": self.maker, "ModelName": self.name, "ROMVersion": "1.00.02 /5.05", "Version": "1.01"}
        when = {"Date": f"{at:%Y/%m/%d}", "Time": f"{at:%H:%M:%S}"}
        patient = node("Patient", leaf("No.", f"{number:04}"), leaf("ID", self.patient_id))
        return [*(leaf(*said) for said in (named | when).items()), patient, leaf("Comment", f" NIDEK {self.name}  ")]

    def _settings(self) -> list[Lines]:
        said = {
            "VD": "12.00 mm",
            "WorkingDistance": "40 cm",
            "DiopterStep": "0.25D",
            "AxisStep": "5°",
            "CylinderMode": "-",
            "RefractiveIndex": "1.3375",
        }
        return [leaf(*one) for one in said.items()]

    def _parts(self) -> list[Part]:
        parts: dict[str, list[Part]] = {
            "autorefraction": [speech.ar],
            "visual_acuity": [speech.va],
            "subjective_refraction": [speech.sr],
            "keratometry": [speech.rings(self._ring_sign) if self.rings else speech.km, speech.sizes],
            "tonometry": [speech.nt],
            "pachymetry": [speech.pachy],
        }
        return [part for kind, spoken in parts.items() if kind in self.measures for part in spoken]

    def _shown(self, measured: Seen) -> Shown:
        eyes = {side: eye for _, side, eye in measured.eyes()}
        return tuple(
            top | {side: show(eye) for side, eye in eyes.items()}
            for kind, screen in self._screens(measured).items()
            if kind in self.measures
            for top, show in screen
        )

    def _screens(self, measured: Seen) -> dict[str, list[tuple[dict[str, Any], Callable[[EyeSeen], Any]]]]:
        pd = {"pd": {"far": str(measured.pd_mm)}} if measured.pd_mm else {}
        names = [{"ring": "2.4 mm"}, {"ring": "3.3 mm"}] if self.rings else [{}]
        corneas: list[Callable[[EyeSeen], Any]] = [_first_ring, _second_ring]
        far = {"kind": "visual_acuity", "distance": "far", "notation": "decimal"}
        return {
            "autorefraction": [({"kind": "autorefraction", "vertex_mm": "12.00"} | pd, _refraction)],
            "subjective_refraction": [({"kind": "subjective_refraction", "stage": "subjective"}, _chart)],
            "visual_acuity": [
                (far | {"correction": "unaided"}, lambda eye: {"va": eye.unaided}),
                (far | {"correction": "corrected"}, lambda eye: {"va": eye.corrected}),
            ],
            "keratometry": [({"kind": "keratometry"} | ring, show) for ring, show in zip(names, corneas, strict=False)],
            "tonometry": [({"kind": "tonometry"}, _pressure)],
            "pachymetry": [({"kind": "pachymetry"}, lambda eye: {"cct_um": str(eye.thickness.average)})],
        }


def _refraction(eye: EyeSeen) -> dict[str, Any]:
    shown = screens.refraction(eye.refraction)
    lost = [{"error": "COVR"}] if eye.failed else []
    readings = [
        one | ({"cataract_mode": True} if c else {}) for one, c in zip(shown["readings"], eye.cataract, strict=True)
    ]
    lens = screens.power(contact_lens(eye.refraction.value))
    return shown | {"readings": [*readings, *lost], "contact_lens": lens}


def _chart(eye: EyeSeen) -> dict[str, Any]:
    return screens.power(eye.chart) | {"add": str(eye.addition)}


def _first_ring(eye: EyeSeen) -> dict[str, Any]:
    return screens.cornea(eye.cornea) | {"pupil_mm": str(eye.pupil_mm)}


def _second_ring(eye: EyeSeen) -> dict[str, Any]:
    return screens.cornea(eye.second_ring)


def _pressure(eye: EyeSeen) -> dict[str, Any]:
    value = corrected(
        eye.pressure.average, eye.thickness.average, normal_um=speech.NORMAL_UM, factor=speech.FACTOR, step="0.1"
    )
    readings = [{"iop_mmhg": str(puff)} for puff in eye.pressure.puffs]
    return {"iop_mmhg": str(eye.pressure.average), "readings": readings, "corrected": {"iop_mmhg": str(value)}}


class ARK1s(Nidek):
    """Refraction, cornea, and the acuity behind its own chart."""

    name = "ARK-1s"
    measures = ("autorefraction", "keratometry", "subjective_refraction", "visual_acuity")


class NT530P(Nidek):
    """Pressure and thickness."""

    name = "NT-530P"
    measures = ("tonometry", "pachymetry")


class TonorefIII(Nidek):
    """Everything, with two rings on the cornea."""

    name = "TONOREF III"
    measures = ("autorefraction", "keratometry", "tonometry", "pachymetry")
    rings = True
