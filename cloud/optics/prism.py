"""b.6: what decentration does, and prisms added, taken apart and shared.

Directions are the examiner's (TABO): 0° to the examiner's right, 90° up. Components are signed by the eye: horizontal
is positive base in, vertical positive base up.
"""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import HALF_TURN, cosine, direction, length, sine
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, data, note, notes, rule

CM = Decimal(10)
OPPOSITE = {"in": "out", "out": "in", "up": "down", "down": "up"}


@dataclass(frozen=True, slots=True)
class Prism:
    """An amount with its base in words; None where there is no prism."""

    prism: Decimal
    base: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The prism a pair of glasses makes by its optical centres."""

    right: Decimal
    left: Decimal
    total: Decimal
    base: str | None
    error_mm: Decimal


@dataclass(frozen=True, slots=True)
class Oblique:
    """Prism of a decentred spherocylinder, with its power matrix; components signed (in +, up +)."""

    horizontal: Decimal
    vertical: Decimal
    fx: Decimal
    fy: Decimal
    fxy: Decimal


@dataclass(frozen=True, slots=True)
class Components:
    """Signed components of a prism before one eye: in +, up +."""

    horizontal: Decimal
    vertical: Decimal


@dataclass(frozen=True, slots=True)
class Resultant:
    """A prism with the direction of its base, 0 to under 360 degrees."""

    prism: Decimal
    base_deg: Decimal | None


@dataclass(frozen=True, slots=True)
class Shared:
    """Prism before each eye, signed components (in +, up +)."""

    right_horizontal: Decimal
    left_horizontal: Decimal
    right_vertical: Decimal
    left_vertical: Decimal


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Vertical prism of both lenses below their centres (up +), and the difference that the eyes meet."""

    imbalance: Decimal
    right_vertical: Decimal
    left_vertical: Decimal


def base_of(power: Decimal, displaced: str) -> str:
    """A plus lens has its base towards its optical centre, a minus lens away from it."""
    return displaced if power > 0 else OPPOSITE[displaced]


@rule("b.6.prentice", "1")
def prentice(power: Decimal, decentration_mm: Decimal, displaced: str) -> Found[Prism]:
    """Prism where one looks ``decentration_mm`` beside the optical centre, which lies ``displaced`` of the line."""
    amount = abs(power) * decentration_mm / CM
    return Found(Prism(amount, base_of(power, displaced) if amount else None))


@rule("b.6.pair", "1")
def pair(power_right: Decimal, power_left: Decimal, pd_mm: Decimal, centres_mm: Decimal) -> Found[Pair]:
    """Prism of a pair whose optical centres lie ``centres_mm`` apart before eyes ``pd_mm`` apart (in +)."""
    outward = (centres_mm - pd_mm) / 2
    right, left = (-power * outward / CM for power in (power_right, power_left))
    total = right + left
    base = None if total == 0 else "in" if total > 0 else "out"
    return Found(Pair(right, left, total, base, abs(centres_mm - pd_mm)))


def matrix(rx: Refraction) -> tuple[Decimal, Decimal, Decimal]:
    """Power matrix of a lens: horizontal, vertical and mixed."""
    up, across = sine(rx.turned), cosine(rx.turned)
    return rx.sphere + rx.cylinder * up * up, rx.sphere + rx.cylinder * across * across, -rx.cylinder * up * across


@rule("b.6.oblique", "1")
def oblique(rx: Refraction, right_mm: Decimal, up_mm: Decimal, eye: str) -> Found[Oblique]:
    """Prism of a lens whose centre lies ``right_mm`` to the examiner's right and ``up_mm`` above the line of sight."""
    fx, fy, fxy = matrix(rx)
    to_right = (fx * right_mm + fxy * up_mm) / CM
    up = (fxy * right_mm + fy * up_mm) / CM
    return Found(Oblique(_inward(to_right, eye), up, fx, fy, fxy))


def _inward(to_right: Decimal, eye: str) -> Decimal:
    """The nose is to the examiner's right of the right eye, and to the left of the left one."""
    return to_right if eye == "right" else -to_right


@rule("b.6.components", "1")
def components(prism: Decimal, base_deg: Decimal, eye: str) -> Found[Components]:
    """A prism with the direction of its base, taken apart."""
    return Found(Components(_inward(prism * cosine(base_deg), eye), prism * sine(base_deg)))


@rule("b.6.resultant", "1")
def resultant(horizontal: Decimal, vertical: Decimal, eye: str) -> Found[Resultant]:
    """Two components (in +, up +) as one prism."""
    amount = length(horizontal, vertical)
    turn = direction(vertical, _inward(horizontal, eye))
    return Found(Resultant(amount, None if amount == 0 else turn if turn >= 0 else turn + 2 * HALF_TURN))


@rule("b.6.split", "1")
def split(horizontal: Decimal, vertical: Decimal) -> Found[Shared]:
    """A whole prism shared: horizontally the same base before both eyes, vertically opposite ones (right up +)."""
    across, up = horizontal / 2, vertical / 2
    return Found(Shared(across, across, up, -up))


@rule("b.6.total", "1")
def total(
    right_horizontal: Decimal, left_horizontal: Decimal, right_vertical: Decimal, left_vertical: Decimal
) -> Found[Components]:
    """What both prisms do together: bases in add up, and right up adds to left down."""
    return Found(Components(right_horizontal + left_horizontal, right_vertical - left_vertical))


@rule("b.6.near_imbalance", "1")
def near_imbalance(
    right: Refraction, left: Refraction, drop_mm: Decimal = Decimal(8), edition: str | None = None
) -> Found[Imbalance]:
    """The vertical prism met when both eyes look ``drop_mm`` below the optical centres."""
    first, second = (matrix(rx)[1] * drop_mm / CM for rx in (right, left))
    gap = abs(first - second)
    advise, strong = (data("imbalance_advice", edition)[name] for name in ("consider", "advise"))
    said = notes((advise <= gap < strong, note("consider")), (gap >= strong, note("advise")))
    return Found(Imbalance(gap, first, second), said)
