"""What checks ask of a sphero-cylinder, in the terms of the rules of optics; nothing here is ever stored."""

from decimal import Decimal

from cloud.optics import prism, transposition, vectors
from cloud.optics.exact import rounded
from cloud.optics.refraction import BadRefraction, Refraction
from cloud.prescriptions.choices import Base
from cloud.prescriptions.values import SpectacleEye

ZERO = Decimal(0)
Parts = tuple[tuple[Decimal, Base | None], ...]


def of(eye: SpectacleEye | None) -> Refraction | None:
    """The power before an eye, or None where no whole power stands that could be an eye's."""
    if eye is None or eye.sphere is None or (eye.cylinder and not eye.axis):
        return None
    try:
        return Refraction(eye.sphere, eye.cylinder or ZERO, Decimal(eye.axis) if eye.axis else None)
    except BadRefraction:
        return None


def strongest(power: Refraction) -> Decimal:
    """The meridian of the greatest size."""
    return max(power.meridians, key=abs)


def apart(one: Refraction, other: Refraction) -> Decimal:
    """The length of the difference of two powers as vectors (b.3), in dioptres."""
    return (vectors.vector(one) - vectors.vector(other)).blur


def turned_by(one: Decimal, other: Decimal) -> int:
    """Degrees between two axes, 0 to 90."""
    between = int(abs(one - other)) % 180
    return min(between, 180 - between)


def minus(power: Refraction) -> Refraction:
    """The form in which powers are compared."""
    return transposition.minus_form(power)


def other(power: Refraction) -> Refraction:
    """The same lens written the other way."""
    return transposition.other_form(power)


def components(eye: str, parts: Parts, base_deg: int | None) -> tuple[Decimal, Decimal]:
    """A prism as (in, up) in prism dioptres to a hundredth (b.6); ``base_deg`` counts from the examiner's right."""
    if base_deg is not None:
        both = prism.components(parts[0][0], Decimal(base_deg), eye).value
        return rounded(both.horizontal, 2), rounded(both.vertical, 2)
    return _along(parts, Base.IN, Base.OUT), _along(parts, Base.UP, Base.DOWN)


def _along(parts: Parts, plus: Base, minus: Base) -> Decimal:
    return sum((power if base == plus else -power for power, base in parts if base in (plus, minus)), ZERO)
