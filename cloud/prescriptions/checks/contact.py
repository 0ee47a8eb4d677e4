"""Checks of a contact-lens prescription."""

from collections.abc import Iterator
from decimal import Decimal

from cloud.prescriptions.checks.finding import Finding, signed
from cloud.prescriptions.checks.spectacle import astigmatism, steps
from cloud.prescriptions.tables import is_marked, limits
from cloud.prescriptions.values import ContactLens, Written


def found(written: Written) -> Iterator[Finding]:
    """Everything worth saying about these lenses."""
    if not written.lenses:
        yield Finding("C-EMPTY", "right_design")
    elif len(written.lenses) == 1:
        yield Finding("P-ONE-EYE", f"{'left' if written.lens('left') is None else 'right'}_design")
    for lens in written.lenses:
        yield from _power(lens)
        yield from _fit(lens)


def _power(lens: ContactLens) -> Iterator[Finding]:
    yield from astigmatism(lens)
    yield from steps(lens, ("power", "cylinder", "add_near"))
    if lens.power is None and lens.design not in ("prosthetic", "bandage"):
        yield Finding("C-POWER", f"{lens.eye}_power")
    if is_marked("contact", lens.design, "toric") and not (lens.cylinder and lens.axis):
        yield Finding("C-TORIC", f"{lens.eye}_cylinder")
    if is_marked("contact", lens.design, "needs_add") and lens.add_near is None and lens.add_class is None:
        yield Finding("C-ADD", f"{lens.eye}_add_near")
    for name, most in (("power", "power_most"), ("cylinder", "cylinder_most")):
        value, limit = getattr(lens, name), Decimal(limits()["contact"][most])
        if value is not None and abs(value) > limit:
            yield Finding("V-03-hard", f"{lens.eye}_{name}", {"value": signed(value), "limit": str(limit)})


def _fit(lens: ContactLens) -> Iterator[Finding]:
    if not lens.name:
        yield Finding("C-NAME", f"{lens.eye}_name")
    if lens.base_curve is None or lens.diameter is None:
        yield Finding("C-FIT", f"{lens.eye}_base_curve")
    for name, check in (("base_curve", "C-BC"), ("diameter", "C-DIA")):
        value = getattr(lens, name)
        bounds = [Decimal(limits()["contact"][f"{name}_{end}"]) for end in ("least", "most")]
        if value is not None and not bounds[0] <= value <= bounds[1]:
            yield Finding(check, f"{lens.eye}_{name}", {"value": str(value)})
