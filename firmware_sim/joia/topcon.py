"""Topcon autorefractors and tonometers, and others that follow the standard."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from firmware_sim import screens
from firmware_sim.instrument import Instrument, Shown
from firmware_sim.joia.optics import EyeSeen, Seen, look
from firmware_sim.joia.speech import Spoken, common, standard
from firmware_sim.joia.subjective import SBJ, refraction_test, shown_refractions
from firmware_sim.markup import Lines, leaf, node
from firmware_sim.optics import Curvature, Refraction
from firmware_sim.patients import Patient
from firmware_sim.rounding import to_step
from firmware_sim.tonometer import corrected

REF, KM, TM = Spoken("nsREF:"), Spoken("nsKM:"), Spoken("nsTM:")
NORMAL_UM, FACTOR = 545, "0.050"


class Standard(Instrument[Seen]):
    """``measures`` are the kinds it knows; a patient who was not scanned gets the running number for an id."""

    maker = "TOPCON"
    links = ("folder",)
    measures: ClassVar[tuple[str, ...]] = ()
    encoding: ClassVar[str] = "UTF-8"
    iop_step: ClassVar[str] = "0.1"
    rule: ClassVar[bool] = False  # whether a thickness can be entered, from which it corrects

    def _look(self, patient: Patient) -> Seen:
        return look(patient, self._luck, iop_step=self.iop_step)

    def _file_name(self, at: datetime) -> str:
        return f"M-Serial{self._number:04}_{at:%Y%m%d_%H%M%S}_{self.maker}_{self.name}_4871341.xml"

    def _say(self, measured: Seen, number: int, at: datetime) -> bytes:
        running = f"{number:04}"
        top = common(
            Spoken("nsCommon:"),
            maker=self.maker,
            model=self.name,
            number=running,
            identity=self.patient_id or running,
            at=at,
            version="1.2",
        )
        return standard({"Common": top} | self._blocks(measured), encoding=self.encoding)

    def _blocks(self, measured: Seen) -> dict[str, Lines]:
        spoken: dict[str, tuple[str, Callable[[Seen], Lines]]] = {
            "autorefraction": ("REF", ref),
            "keratometry": ("KM", km),
            "tonometry": ("TM", self._tm),
            "subjective_refraction": (
                "SBJ",
                lambda seen: SBJ.node(
                    "Measure",
                    refraction_test(seen, ("Full Correction",), unit="Prism", blanks=True),
                    marks='type="SBJ"',
                ),
            ),
        }
        return {name: say(measured) for kind, (name, say) in spoken.items() if kind in self.measures}

    def _tm(self, measured: Seen) -> Lines:
        return tm(measured, rule=self.rule)

    def _shown(self, measured: Seen) -> Shown:
        screen: dict[str, Callable[[Seen], list[dict[str, Any]]]] = {
            "autorefraction": _refractions,
            "keratometry": lambda seen: [{"kind": "keratometry"} | _each(seen, lambda eye: screens.cornea(eye.cornea))],
            "tonometry": lambda seen: [{"kind": "tonometry"} | _each(seen, self._pressure)],
            "subjective_refraction": lambda seen: shown_refractions(seen, ("subjective",)),
        }
        return tuple(one for kind, show in screen.items() if kind in self.measures for one in show(measured))

    def _pressure(self, eye: EyeSeen) -> dict[str, Any]:
        puffs = zip(eye.pressure.puffs, eye.pressure.doubtful, strict=True)
        readings = [{"iop_mmhg": f"{puff}.0"} | ({"doubtful": True} if doubt else {}) for puff, doubt in puffs]
        value = {"corrected": {"iop_mmhg": str(_corrected(eye)), "cct_um": str(eye.thickness.average)}}
        return {"iop_mmhg": _tenth(eye.pressure.average), "readings": readings} | (value if self.rule else {})


def _each(seen: Seen, show: Callable[[EyeSeen], dict[str, Any]]) -> dict[str, Any]:
    return {side: show(eye) for _, side, eye in seen.eyes()}


def _refractions(seen: Seen) -> list[dict[str, Any]]:
    def eye(one: EyeSeen) -> dict[str, Any]:
        shown = screens.refraction(one.refraction)
        lost = [{"error": "NO CENTER"}] if one.failed else []
        power = screens.power(one.refraction.value) | {"cylinder": _cylinder(one.refraction.value)}
        readings = zip(shown["readings"], one.refraction.readings, strict=True)
        return power | {"readings": [*lost, *({**told, "cylinder": _cylinder(value)} for told, value in readings)]}

    pd = {"pd": {"far": f"{seen.pd_mm}.00"}} if seen.pd_mm else {}
    return [{"kind": "autorefraction", "vertex_mm": "13.75"} | pd | _each(seen, eye)]


def _cylinder(value: Refraction) -> str:
    return str(value.cylinder) if value.cylinder else "0.0"


def _tenth(value: Decimal) -> str:
    return str(to_step(value, "0.1"))


def ref(seen: Seen) -> Lines:
    """Objective refraction. The near distance only repeats the far one."""
    eyes = [_ref_eye(letter, eye) for letter, _, eye in seen.eyes()]
    pd = f"{seen.pd_mm}.00" if seen.pd_mm else ""
    distances = [REF.leaf("WorkingDistance", "", "cm"), REF.leaf("Distance", pd, "mm"), REF.leaf("Near", pd, "mm")]
    return REF.node(
        "Measure",
        REF.leaf("VD", "13.75", "mm"),
        *_steps(REF),
        REF.node("REF", *eyes),
        REF.node("PD", *distances),
        marks='type="REF"',
    )


def _steps(spoken: Spoken) -> list[Lines]:
    return [
        spoken.leaf("DiopterStep", "0.25", "D"),
        spoken.leaf("AxisStep", "1", "deg"),
        spoken.leaf("CylinderMode", "-"),
    ]


def _ref_eye(letter: str, eye: EyeSeen) -> Lines:
    lists = [[REF.leaf("Error", "NO CENTER")]] if eye.failed else []
    for value, sure in zip(eye.refraction.readings, eye.refraction.confidences, strict=True):
        modes = [REF.leaf("CataractMode"), REF.leaf("IOLMode"), REF.leaf("ConfidenceIndex", sure)]
        lists.append([*_power(value), *modes])
    numbered = [REF.node("List", *one, marks=f'No="{at}"') for at, one in enumerate(lists, 1)]
    return REF.node(letter, *numbered, REF.node("Median", *_power(eye.refraction.value)))


def _power(value: Refraction) -> list[Lines]:
    equivalent = to_step(value.sphere + value.cylinder / 2, "0.25")
    return [
        REF.leaf("Sphere", value.sphere, "D"),
        REF.leaf("Cylinder", _cylinder(value), "D"),
        REF.leaf("Axis", value.axis, "deg"),
        REF.leaf("SE", equivalent or abs(equivalent), "D"),
    ]


def km(seen: Seen) -> Lines:
    """Corneas, and Topcon's own element behind them."""
    eyes = []
    for letter, _, eye in seen.eyes():
        series = enumerate(eye.cornea.readings, 1)
        lists = [KM.node("List", *_cornea(value), marks=f'No="{at}"') for at, value in series]
        median = [KM.node("Median", *_cornea(eye.cornea.representative))] if eye.cornea.representative else []
        eyes.append(KM.node(letter, *lists, *median))
    vendor = node(
        "Confidence", *(node(letter, node("Median", leaf("ConfidenceIndex"))) for letter, _, _ in seen.eyes())
    )
    index = KM.leaf("RefractiveIndex", "1.3375")
    return KM.node("Measure", *_steps(KM), index, KM.node("KM", *eyes), vendor, marks='type="KM"')


def _cornea(value: Curvature) -> list[Lines]:
    across = (value.axis + 89) % 180 + 1
    return [
        KM.node("R1", *_radius(value.r1_mm, value.k1_d), KM.leaf("Axis", value.axis, "deg")),
        KM.node("R2", *_radius(value.r2_mm, value.k2_d), KM.leaf("Axis", across, "deg")),
        KM.node("Average", *_radius(value.mean_mm, value.mean_d)),
        KM.node("Cylinder", KM.leaf("Power", value.cylinder_d, "D"), KM.leaf("Axis", value.axis, "deg")),
    ]


def _radius(radius: Decimal, power: Decimal) -> list[Lines]:
    return [KM.leaf("Radius", radius, "mm"), KM.leaf("Power", power, "D")]


def tm(seen: Seen, *, rule: bool) -> Lines:
    """Pressures, the correction, and Topcon's own elements behind them, whose hPa are mmHg."""
    eyes = [_tm_eye(letter, eye) for letter, _, eye in seen.eyes()]
    formula = TM.node("Formula1", *(_formula(letter, eye) for letter, _, eye in seen.eyes()), marks='No="1"')
    order = node("TM", leaf("RL_Order", "R"))
    vendor = node("CorrectedIOP", *(_vendor(letter, eye) for letter, _, eye in seen.eyes()))
    behind = [TM.node("CorrectedIOP", formula), order, vendor] if rule else [order]
    return TM.node("Measure", TM.node("TM", *eyes), *behind, marks='type="TM"')


def _tm_eye(letter: str, eye: EyeSeen) -> Lines:
    puffs = enumerate(zip(eye.pressure.puffs, eye.pressure.doubtful, strict=True), 1)
    lists = [
        TM.node("List", *_iop(f"{puff}.0"), TM.leaf("ConfidenceIndex", "*" if doubt else ""), marks=f'No="{at}"')
        for at, (puff, doubt) in puffs
    ]
    return TM.node(letter, *lists, TM.node("Average", *_iop(_tenth(eye.pressure.average))))


def _iop(mmhg: object) -> list[Lines]:
    return [TM.leaf("IOP_mmHg", mmhg, "mmHg"), TM.leaf("IOP_Pa", "", "hPa")]


def _corrected(eye: EyeSeen) -> Decimal:
    value = corrected(eye.pressure.average, eye.thickness.average, normal_um=NORMAL_UM, factor=FACTOR, step="1")
    return to_step(value, "0.1")


def _formula(letter: str, eye: EyeSeen) -> Lines:
    cct = Decimal(eye.thickness.average).scaleb(-3)
    return TM.node(
        letter,
        TM.leaf("Param1", "0.545", "mm"),
        TM.leaf("Param2", FACTOR),
        TM.leaf("CCT", f"{cct:.3f}", "mm"),
        TM.node("Measured", *_iop(_tenth(eye.pressure.average))),
        TM.node("Corrected", *_iop(_corrected(eye))),
    )


def _vendor(letter: str, eye: EyeSeen) -> Lines:
    both = [[leaf("IOP_mmHg", puff, 'unit="mmHg"'), leaf("IOP_Pa", puff, 'unit="hPa"')] for puff in eye.pressure.puffs]
    return node(letter, *(node("List", *one, marks=f'No="{at}"') for at, one in enumerate(both, 1)))


class KR1(Standard):
    """Refraction and cornea, in Shift-JIS."""

    name = "KR-1"
    measures = ("autorefraction", "keratometry")
    encoding = "Shift-JIS"


class KR800S(Standard):
    """With a subjective refraction behind its own chart."""

    name = "KR-800S"
    measures = ("autorefraction", "keratometry", "subjective_refraction")
    encoding = "Shift-JIS"


class TRK2P(Standard):
    """Refraction, cornea and pressure."""

    name = "TRK-2P"
    measures = ("autorefraction", "keratometry", "tonometry")


class CT800A(Standard):
    """Pressure, averaged to 1 mmHg, and corrected for a thickness that was entered."""

    name = "CT-800A"
    measures = ("tonometry",)
    iop_step = "1"
    rule = True
