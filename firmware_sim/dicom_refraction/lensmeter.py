"""A lensmeter: the spectacles somebody came in with, their addition and prism."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydicom.dataset import Dataset

from firmware_sim.dicom_refraction import speech
from firmware_sim.dicom_refraction.instrument import Instrument, eyes, seen
from firmware_sim.dicom_refraction.screens import power
from firmware_sim.dicom_refraction.speech import figure
from firmware_sim.instrument import Shown
from firmware_sim.optics import Refraction
from firmware_sim.patients import Eye, Patient
from firmware_sim.rounding import axis, quarter


@dataclass(frozen=True, slots=True)
class LensMeasured:
    """One lens: prism as amount and base, across and upright."""

    power: Refraction
    add: Decimal | None
    across: tuple[Decimal, str]
    upright: tuple[Decimal, str]


@dataclass(frozen=True, slots=True)
class LensesMeasured:
    """A pair, or the one that is not broken."""

    right: LensMeasured | None = None
    left: LensMeasured | None = None


class Lensmeter(Instrument[LensesMeasured]):
    """An addition makes it call the lens progressive."""

    name = "DICOM lensmeter"
    sop_class = "1.2.840.10008.5.1.4.1.1.78.1"
    modality = "LEN"

    def _look(self, patient: Patient) -> LensesMeasured:
        return LensesMeasured(**{side: _lens(eye, self._luck) for side, eye in seen(patient)})

    def _shown(self, measured: LensesMeasured) -> Shown:
        return ({"kind": "lensmetry"} | {ours: _on_screen(lens) for ours, _, _, lens in eyes(measured)},)

    def _measurements(self, found: Dataset, measured: LensesMeasured) -> str:
        found.LensDescription = ""
        for _, theirs, _, lens in eyes(measured):
            item = speech.power(*lens.power)
            item.LensSegmentType = "PROGRESSIVE" if lens.add is not None else "NONPROGRESSIVE"
            item.PrismSequence = [_prism(lens)]
            if lens.add is not None:
                item.AddNearSequence = [speech.addition(lens.add)]
            setattr(found, f"{theirs}LensSequence", [item])
        return "".join(letter for _, _, letter, _ in eyes(measured))


def _prism(lens: LensMeasured) -> Dataset:
    item = Dataset()
    item.HorizontalPrismPower, item.HorizontalPrismBase = float(lens.across[0]), lens.across[1]
    item.VerticalPrismPower, item.VerticalPrismBase = float(lens.upright[0]), lens.upright[1]
    return item


def _on_screen(lens: LensMeasured) -> dict[str, Any]:
    prism = {
        "horizontal": {"power": figure(lens.across[0]), "base": lens.across[1].lower()},
        "vertical": {"power": figure(lens.upright[0]), "base": lens.upright[1].lower()},
    }
    return power(lens.power) | ({"add": figure(lens.add)} if lens.add is not None else {}) | {"prism": prism}


def _lens(eye: Eye, luck: random.Random) -> LensMeasured:
    cylinder = quarter(eye.cylinder)
    return LensMeasured(
        power=Refraction(quarter(eye.sphere), cylinder, axis(eye.axis, 1) if cylinder else 0),
        add=quarter(eye.addition) if eye.addition >= 0.5 else None,
        across=(abs(quarter(luck.gauss(0, 0.4))), luck.choice(("IN", "OUT"))),
        upright=(abs(quarter(luck.gauss(0, 0.3))), luck.choice(("UP", "DOWN"))),
    )
