"""What a prescription says, apart from who keeps it: plain values without a database.

Powers are dioptres as written (never transposed), lengths millimetres, prisms prism dioptres; ``None`` is what was not
written, zero is plano or DS. ``prism_h`` and ``prism_v`` are the components as the wearer has them: in and up positive.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from cloud.prescriptions.choices import Kind, Origin

Number = Decimal | None


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that holds for the whole prescription."""

    kind: Kind
    written_on: date
    origin: Origin = Origin.OWN
    valid_until: date | None = None
    dispense_until: date | None = None
    jurisdiction: str = "other"
    prescriber_name: str = ""
    licence: str = ""
    practice: str = ""
    notes_lab: str = ""
    notes_patient: str = ""
    use: str | None = None
    design: str | None = None
    bvd: Number = None
    pd_far: Number = None
    pd_near: Number = None
    wear: str | None = None
    care_system: str = ""
    max_wear_hours: int | None = None
    supply_lenses: int | None = None


class SpectacleEye(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before one eye; ``eye`` is the patient's right or left."""

    eye: str
    lens: str = "lens"
    sphere: Number = None
    cylinder: Number = None
    axis: int | None = None
    add_near: Number = None
    add_intermediate: Number = None
    add_second: Number = None
    prism_1: Number = None
    base_1: str | None = None
    prism_2: Number = None
    base_2: str | None = None
    base_deg: int | None = None
    prism_h: Number = None
    prism_v: Number = None
    pd_far: Number = None
    pd_near: Number = None
    va: str = ""
    magnification: Number = None


class ContactLens(msgspec.Struct, frozen=True, kw_only=True):
    """One eye's contact lens; ``power`` in dioptres at the cornea, base curve and diameter in millimetres."""

    eye: str
    design: str
    name: str = ""
    material: str = ""
    base_curve: Number = None
    diameter: Number = None
    power: Number = None
    cylinder: Number = None
    axis: int | None = None
    add_near: Number = None
    add_class: str | None = None
    dominance: str | None = None
    colour: str = ""
    replacement: str | None = None


class TaperStep(msgspec.Struct, frozen=True, kw_only=True):
    """So often, for so many days."""

    frequency: str
    days: int


class Medicine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a drug prescription, in the order written."""

    line: int
    drug: str
    strength: str = ""
    form: str | None = None
    eye: str | None = None
    dose: str = ""
    frequency: str = ""
    course_days: int | None = None
    repeats: int = 0
    quantity: str = ""
    instructions: str = ""
    taper: tuple[TaperStep, ...] = ()


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A whole prescription as it was written."""

    head: Head
    eyes: tuple[SpectacleEye, ...] = ()
    lenses: tuple[ContactLens, ...] = ()
    medicines: tuple[Medicine, ...] = ()

    def eye(self, side: str) -> SpectacleEye | None:
        """The spectacle lens of one eye."""
        return next((one for one in self.eyes if one.eye == side), None)

    def lens(self, side: str) -> ContactLens | None:
        """The contact lens of one eye."""
        return next((one for one in self.lenses if one.eye == side), None)


class Refraction(msgspec.Struct, frozen=True, kw_only=True):
    """A refraction of the record that a prescription may start from."""

    eyes: tuple[SpectacleEye, ...]
    bvd: Number = None
    pd_far: Number = None
    pd_near: Number = None


def plain(value: Any) -> Any:
    """As JSON types: decimals as shortest exact text, so that ``-1.5`` and ``-1.500`` are the same."""
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
