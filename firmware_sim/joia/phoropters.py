"""A CV-5000 and an RT-6100: what they export, and what a CV-5000's PC takes out of its import folder."""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from firmware_sim import screens
from firmware_sim.instrument import Instrument, Shown
from firmware_sim.joia.optics import EyeSeen, Seen, look
from firmware_sim.joia.speech import Spoken, common, nidek, standard
from firmware_sim.joia.subjective import SBJ, refraction_test, shown_refractions
from firmware_sim.markup import Lines
from firmware_sim.patients import Patient
from firmware_sim.tonometer import kpa
from firmware_sim.wires import Wire

TYPES = ("Prescription", "Full Correction")
_EXAM = re.compile(r"<nsSBJ:TypeName>([^<]*)</nsSBJ:TypeName>.*?</nsSBJ:Type>", re.DOTALL)
_FIELD = r"<{0}[^>]*>(?:(?!</{0}>).)*?<{1}[^>]*>([^<]*)</{1}>"


class CV5000(Instrument[Seen]):
    """``comma`` is a European PC's locale; ``inbox`` the folder it watches, ``screen`` what it took from there."""

    maker = "TOPCON"
    name = "CV-5000"
    links = ("folder",)

    def __init__(self, wire: Wire, *, comma: bool = False, inbox: Path | None = None, **usual: Any) -> None:
        super().__init__(wire, **usual)
        self._comma, self._inbox = comma, inbox
        self.screen: dict[str, dict[str, tuple[str, str, str]]] = {}

    def take_over(self) -> int:
        """Its PC reads and removes what lies in the folder; how many files it was."""
        found = sorted(self._inbox.glob("*.xml")) if self._inbox else []
        for path in found:
            self._display(path.read_text("utf-8"))
            path.unlink()
        return len(found)

    def _display(self, text: str) -> None:
        """An nsLM block is not recognised: spectacles must come as a type of the subjective part."""
        for block in _EXAM.finditer(text):
            self.screen[block[1]] = {eye: _values(block[0], f"nsSBJ:{eye}", "nsSBJ:", "Sph", "Cyl") for eye in "RL"}
        if "<nsREF:REF>" in text:
            medians = re.findall(r"<nsREF:([RL])>.*?(<nsREF:Median>.*?</nsREF:Median>)", text, re.DOTALL)
            self.screen["Objective Data"] = {
                eye: _values(median, "nsREF:Median", "nsREF:", "Sphere", "Cylinder") for eye, median in medians
            }

    def _look(self, patient: Patient) -> Seen:
        return look(patient, self._luck)

    def _file_name(self, at: datetime) -> str:
        return f"{self.patient_id or 'M-Serial'}_{at:%Y%m%d_%H%M%S%f}_TOPCON_CV-5000_10111.xml"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        top = common(
            Spoken("nsCommon:"),
            maker=self.maker,
            model=self.name,
            number=f"{number:04}",
            identity=self.patient_id or f"{number:04}",
            at=at,
            version="1.2",
            machine="10111",
            time=f"{at:%H:%M:%S}.656",
        )
        test = refraction_test(measured, TYPES, comma=self._comma)
        measure = SBJ.node("Measure", test, self._points(measured), marks='type="SBJ"')
        return standard({"Common": top, "SBJ": measure})

    def _points(self, measured: Seen) -> Lines:
        eyes = [
            (letter, str(eye.phoria).replace(".", "," if self._comma else ".")) for letter, _, eye in measured.eyes()
        ]
        said = [
            part
            for letter, value in eyes
            for part in (SBJ.leaf(letter, value, "prism"), SBJ.leaf(f"{letter}Base", "BI"))
        ]
        return SBJ.node("US21test", SBJ.node("No.13B", *said))

    def _shown(self, measured: Seen) -> Shown:
        tests = [
            {"name": "phoria", "eye": side, "direction": "in", "values": {"value": str(eye.phoria)}}
            for _, side, eye in measured.eyes()
        ]
        return (*shown_refractions(measured, ("final", "subjective")), {"kind": "binocular_vision", "tests": tests})


def _values(text: str, eye: str, prefix: str, sphere: str, cylinder: str) -> tuple[str, str, str]:
    def field(name: str) -> str:
        found = re.search(_FIELD.format(re.escape(eye), re.escape(prefix + name)), text, re.DOTALL)
        return found[1] if found else ""

    return field(sphere), field(cylinder), field("Axis")


class RT6100(Instrument[Seen]):
    """All four corrections, and what the instruments of the room told it."""

    maker = "NIDEK"
    name = "RT-6100"
    links = ("folder",)

    def _look(self, patient: Patient) -> Seen:
        return look(patient, self._luck)

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        plain = Spoken()
        top = common(
            plain,
            maker=self.maker,
            model=self.name,
            number=f"{number:04}",
            identity=self.patient_id,
            at=at,
            version="NIDEK_RT_V1.00",
            time=f"{at:%H-%M-%S}",
            no="No",
        )
        corrections = [_correction(measured, name, plain) for name in _CORRECTIONS]
        measure = plain.node(
            "Measure", plain.node("Phoropter", *corrections), *_told(measured, plain), marks='Type="RT"'
        )
        return nidek("NIDEK_RT_Stylesheet.xsl", top, measure, encoding="UTF-16")

    def _shown(self, measured: Seen) -> Shown:
        refractions = [
            {"kind": "subjective_refraction", "stage": stage, "distance": "far"}
            | {side: screens.power(_power(eye, name)) for _, side, eye in measured.eyes()}
            for name, stage in _CORRECTIONS.items()
        ]
        eyes = {side: eye for _, side, eye in measured.eyes()}
        return (
            *refractions,
            {"kind": "keratometry"} | {side: screens.cornea(eye.cornea) for side, eye in eyes.items()},
            {"kind": "tonometry"} | {side: {"iop_mmhg": _hundredth(eye)} for side, eye in eyes.items()},
            {"kind": "pachymetry"} | {side: {"cct_um": str(eye.thickness.average)} for side, eye in eyes.items()},
        )


_CORRECTIONS = {"LM_Base": "lensmeter", "REF_Base": "autorefraction", "Full": "subjective", "Best": "final"}


def _power(eye: EyeSeen, name: str) -> Any:
    return eye.spectacles.power if name == "LM_Base" else eye.chart


def _hundredth(eye: EyeSeen) -> str:
    return f"{eye.pressure.average:.2f}"


def _correction(seen: Seen, name: str, plain: Spoken) -> Lines:
    half = (seen.pd_mm / 2).quantize(Decimal("0.01")) if seen.pd_mm else ""
    eyes = []
    for letter, _, eye in seen.eyes():
        value = _power(eye, name)
        said = [
            plain.leaf("Sphere", value.sphere, "D"),
            plain.leaf("Cylinder", value.cylinder, "D"),
            plain.leaf("Axis", value.axis, "deg"),
            plain.leaf("ADD", "", "D"),
            plain.leaf("PrismX", "", marks='unit="pri" base="in"'),
            plain.leaf("PrismY", "", marks='unit="pri" base="up"'),
            plain.leaf("VA", eye.acuity),
            plain.leaf("PD", half, "mm"),
        ]
        eyes.append(plain.node(letter, *said))
    both = plain.node("B", plain.leaf("VA"), plain.leaf("PD", seen.pd_mm or "", "mm"))
    marks = f'CorrectionType="{name}" Vision="Distant" Situation="Standard"'
    return plain.node("Corrected", plain.leaf("WorkingDistance", "40", "cm"), *eyes, both, marks=marks)


def _told(seen: Seen, plain: Spoken) -> list[Lines]:
    corneas, pressures, thicknesses = [], [], []
    for letter, _, eye in seen.eyes():
        value = eye.cornea.representative or eye.cornea.readings[0]
        meridians = [
            ("R1", value.r1_mm, value.k1_d, value.axis),
            ("R2", value.r2_mm, value.k2_d, (value.axis + 89) % 180 + 1),
        ]
        median = [
            plain.node(name, plain.leaf("Radius", radius), plain.leaf("Power", power), plain.leaf("Axis", axis))
            for name, radius, power, axis in meridians
        ]
        corneas.append(plain.node(letter, plain.node("Median", *median)))
        mmhg = [
            plain.leaf("IOP_mmHg", _hundredth(eye), "mmHg"),
            plain.leaf("IOP_Pa", kpa(eye.pressure.average, "0.01"), "kPa"),
        ]
        pressures.append(plain.node(letter, plain.node("Average", *mmhg)))
        thicknesses.append(plain.node(letter, plain.node("Average", plain.leaf("Thickness", eye.thickness.average))))
    steps = [plain.leaf("DiopterStep", "0.25D", marks='Unit="D"'), plain.leaf("CylinderMode", "-")]
    return [
        plain.node("KM", plain.leaf("ReferenceInstance"), *steps, *corneas),
        plain.node("TM", plain.leaf("ReferenceInstance"), *pressures),
        plain.node("PACHY", plain.leaf("ReferenceInstance"), *thicknesses),
    ]
