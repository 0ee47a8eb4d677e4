"""Lensmeters: Topcon's form padded or not, and NIDEK's in both versions."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim.instrument import Instrument, Shown
from firmware_sim.joia.optics import Lens, Seen, look
from firmware_sim.joia.speech import Spoken, common, nidek, standard
from firmware_sim.markup import Lines
from firmware_sim.patients import Patient
from firmware_sim.screens import power

LM, PLAIN = Spoken("nsLM:"), Spoken()
STOPPED = datetime(2012, 1, 1, 12, 34, 56)  # what a CL-300 says that was never given the time


class Lensmeter(Instrument[Seen]):
    """Measures the patient's spectacles."""

    maker = "TOPCON"
    links = ("folder",)

    def _look(self, patient: Patient) -> Seen:
        return look(patient, self._luck)

    def _lenses(self, measured: Seen) -> list[tuple[str, str, Lens]]:
        return [(letter, side, eye.spectacles) for letter, side, eye in measured.eyes()]


class CL300(Lensmeter):
    """Figures padded with blanks; prism with a sign and no base; ``clockless`` was never given the time."""

    name = "CL-300"
    padded: ClassVar[bool] = True
    clockless = False

    def _file_name(self, at: datetime) -> str:
        return f"M-Serial{self._number:04}_{at:%Y%m%d_%H%M%S}_{self.maker}_{self.name}_00.xml"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        running = f"{number:04}"
        top = common(
            Spoken("nsCommon:"),
            maker=self.maker,
            model=self.name,
            number=running,
            identity=self.patient_id or running,
            at=STOPPED if self.clockless else at,
            version="1.2",
            machine="00",
        )
        settings = {"DiopterStep": "0.25", "AxisStep": "1", "PrismStep": "0.25", "CylinderMode": "-"}
        told = [
            LM.leaf(*one) for one in (settings | {"LensType": "glass", "AbbeNumber": "", "Wavelength": "e"}).items()
        ]
        lenses = [self._lens(letter, lens) for letter, _, lens in self._lenses(measured)]
        measure = LM.node("Measure", *told, LM.node("LM", *lenses), *self._pd(measured), marks='type="LM"')
        return standard({"Common": top, "LM": measure})

    def _lens(self, letter: str, lens: Lens) -> Lines:
        axis = f"{lens.power.axis:>3}" if self.padded else str(lens.power.axis)
        return LM.node(
            letter,
            LM.leaf("Sphere", self._figure(lens.power.sphere, 6), "D"),
            LM.leaf("Cylinder", self._figure(lens.power.cylinder, 6), "D"),
            LM.leaf("Axis", axis, "deg"),
            LM.leaf("Add1", self._figure(lens.add, 6) if lens.add is not None else "", "D"),
            LM.leaf("Add2", "", "D"),
            LM.leaf("H", self._figure(lens.horizontal, 5), marks='Prism="P"'),
            LM.leaf("V", self._figure(lens.vertical, 5), marks='Prism="P"'),
        )

    def _figure(self, value: Decimal, width: int) -> str:
        return f"{value:+.2f}".rjust(width) if self.padded else _short(value)

    def _pd(self, measured: Seen) -> list[Lines]:
        if measured.pd_mm is None:
            return []
        half = measured.pd_mm / 2
        told = {"B": measured.pd_mm, "R": half, "L": half}
        parts = [LM.node(letter, LM.leaf("Distance", f"{value:.1f}", "mm")) for letter, value in told.items()]
        return [LM.node("PD", *parts)]

    def _shown(self, measured: Seen) -> Shown:
        lenses = {side: self._on_screen(lens) for _, side, lens in self._lenses(measured)}
        return ({"kind": "lensmetry", "lens_type": "glass"} | lenses,)

    def _on_screen(self, lens: Lens) -> dict[str, Any]:
        def digits(value: Decimal) -> str:
            return str(value) if self.padded else _short(value)

        add = {"add": digits(lens.add)} if lens.add is not None else {}
        prism = {"horizontal": {"power": digits(lens.horizontal)}, "vertical": {"power": digits(lens.vertical)}}
        powers = {"sphere": digits(lens.power.sphere), "cylinder": digits(lens.power.cylinder), "axis": lens.power.axis}
        return powers | add | {"prism": prism}


class Solos(CL300):
    """No padding, and no digit more than needed."""

    name = "SOLOS"
    padded = False


def _short(value: Decimal) -> str:
    text = f"{value:f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"


class LM7(Lensmeter):
    """NIDEK's form in version 1.00, which misspells the sphere."""

    maker = "NIDEK"
    name = "LM-7"
    version: ClassVar[str] = "NIDEK_V1.00"
    kind: ClassVar[str] = "type"
    sphere: ClassVar[str] = "Sphare"

    def _file_name(self, at: datetime) -> str:
        return f"LM_{self.patient_id[:16]}_{at:%Y%m%d%H%M%S}_4A5B6C.xml"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        top = common(
            PLAIN,
            maker=self.maker,
            model=self.name,
            number=f"{number:04}",
            identity=self.patient_id,
            at=at,
            version=self.version,
            machine="",
        )
        lenses = [self._lens(letter, lens) for letter, _, lens in self._lenses(measured)]
        settings = [PLAIN.leaf("MeasureMode", "AutoProgressive"), PLAIN.leaf("DiopterStep", "0.25", "D")]
        measure = PLAIN.node(
            "Measure", *settings, PLAIN.node("LM", *lenses), *self._pd(measured), marks=f'{self.kind}="LM"'
        )
        return nidek("NIDEK_LM_Stylesheet.xsl", top, measure)

    def _lens(self, letter: str, lens: Lens) -> Lines:
        near = lens.power.sphere + lens.add if lens.add is not None else ""
        said = {self.sphere: lens.power.sphere, "Cylinder": lens.power.cylinder, "SE": "", "ADD": lens.add, "ADD2": ""}
        figures = [PLAIN.leaf(name, value, "D") for name, value in said.items()]
        figures.insert(2, PLAIN.leaf("Axis", lens.power.axis, "deg"))
        prisms = [
            PLAIN.leaf("PrismX", abs(lens.horizontal), marks=f'unit="pri" base="{_horizontal(lens)}"'),
            PLAIN.leaf("PrismY", abs(lens.vertical), marks=f'unit="pri" base="{_vertical(lens)}"'),
        ]
        empty = [PLAIN.leaf("Prism", "", "pri"), PLAIN.leaf("PrismBase", "", "deg")]
        return PLAIN.node(letter, *figures, PLAIN.leaf(f"Near{self.sphere}", near, "D"), *empty, *prisms)

    def _pd(self, measured: Seen) -> list[Lines]:
        return []

    def _shown(self, measured: Seen) -> Shown:
        return ({"kind": "lensmetry"} | {side: _with_bases(lens) for _, side, lens in self._lenses(measured)},)


class LM1800PD(LM7):
    """Version 1.01: spelt right, with pupillary distances."""

    name = "LM-1800PD"
    version = "NIDEK_V1.01"
    kind = "Type"
    sphere = "Sphere"

    def _pd(self, measured: Seen) -> list[Lines]:
        if measured.pd_mm is None:
            return []
        half = measured.pd_mm / 2
        told = {"Distance": measured.pd_mm, "DistanceR": half, "DistanceL": half}
        return [PLAIN.node("PD", *(PLAIN.leaf(name, f"{value:.1f}", "mm") for name, value in told.items()))]


def _horizontal(lens: Lens) -> str:
    return "out" if lens.horizontal > 0 else "in"


def _vertical(lens: Lens) -> str:
    return "down" if lens.vertical < 0 else "up"


def _with_bases(lens: Lens) -> dict[str, Any]:
    prism = {
        "horizontal": {"power": str(abs(lens.horizontal)), "base": _horizontal(lens)},
        "vertical": {"power": str(abs(lens.vertical)), "base": _vertical(lens)},
    }
    near = {"add": str(lens.add), "near_sphere": str(lens.power.sphere + lens.add)} if lens.add is not None else {}
    return power(lens.power) | near | {"prism": prism}
