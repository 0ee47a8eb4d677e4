"""A prescription as it would be typed again: to replace one, or to start from a refraction of the record."""

from decimal import Decimal

from cloud.prescriptions.choices import Kind
from cloud.prescriptions.values import ContactLens, Medicine, Refraction, SpectacleEye, Written, plain
from cloud.web import notation

SIGNED = {"sphere", "cylinder", "power", "add_near", "add_intermediate", "add_second"}
HEAD = ("use", "design", "bvd", "pd_far", "pd_near", "wear", "care_system", "max_wear_hours", "supply_lenses")
NOTES = ("notes_lab", "notes_patient", "licence", "jurisdiction")
Typed = dict[str, str]


def typed(written: Written) -> Typed:
    """The fields of the form; dates are new each time and left out."""
    found = {name: _text(name, getattr(written.head, name)) for name in (*HEAD, *NOTES)}
    if written.head.kind == Kind.DRUG:
        return found | {name: text for one in written.medicines for name, text in _medicine(one).items()}
    sides: tuple[SpectacleEye | ContactLens, ...] = (*written.eyes, *written.lenses)
    return found | _form(written.eyes) | {name: text for one in sides for name, text in _side(one).items()}


def from_refraction(refraction: Refraction) -> Typed:
    """The fields a refraction fills."""
    lengths = {name: _text(name, getattr(refraction, name)) for name in ("bvd", "pd_far", "pd_near")}
    return lengths | _form(refraction.eyes) | {n: t for one in refraction.eyes for n, t in _side(one).items()}


def _form(eyes: tuple[SpectacleEye, ...]) -> Typed:
    return {"form": "plus" if any((one.cylinder or 0) > 0 for one in eyes) else "minus"}


def _side(one: SpectacleEye | ContactLens) -> Typed:
    names = [name for name in one.__struct_fields__ if name != "eye"]
    found = {f"{one.eye}_{name}": _text(name, getattr(one, name)) for name in names}
    return found | ({f"{one.eye}_prism": prism(one)} if isinstance(one, SpectacleEye) else {})


def prism(one: SpectacleEye) -> str:
    """A prism as it was entered: ``2.00 in 1.50 up``, or ``5.00 @ 37``."""
    if one.base_deg is not None:
        return f"{one.prism_1:.2f} @ {one.base_deg}"
    parts = ((one.prism_1, one.base_1), (one.prism_2, one.base_2))
    return " ".join(f"{power:.2f} {base}" for power, base in parts if power is not None)


def _medicine(one: Medicine) -> Typed:
    names = ("drug", "strength", "form", "eye", "dose", "frequency", "repeats", "quantity", "instructions")
    found = {f"{name}_{one.line}": _text(name, getattr(one, name)) for name in names}
    taper = "\n".join(f"{step.frequency}, {step.days}" for step in one.taper)
    return found | {f"course_{one.line}": _text("course", one.course_days), f"taper_{one.line}": taper}


def _text(name: str, value: Decimal | int | str | None) -> str:
    if value is None:
        return ""
    if name == "sphere" and value == 0:
        return "plano"
    if name == "cylinder" and value == 0:
        return "DS"
    if name in SIGNED and isinstance(value, Decimal):
        return str(notation.dioptres(value)).replace(notation.MINUS, "-")
    return f"{value:03d}" if name == "axis" and isinstance(value, int) else str(plain(value))
