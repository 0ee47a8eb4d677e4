"""b.3: refractions as power vectors, where they may be added, averaged and compared (Thibos, Wheeler, Horner 1997)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import HALF_TURN, ONE, ZERO, cosine, direction, length, sine
from cloud.optics.refraction import Refraction, to_quarters
from cloud.optics.rule import Found, rule

# Below any digit shown: what arithmetic leaves of an astigmatism that cancels.
NOTHING = Decimal("1E-20")


@dataclass(frozen=True, slots=True)
class PowerVector:
    """Spherical equivalent and the two crossed cylinders, dioptres."""

    m: Decimal
    j0: Decimal
    j45: Decimal

    @property
    def blur(self) -> Decimal:
        """Length of the vector: the strength of the whole blur."""
        return length(self.m, self.j0, self.j45)

    def __add__(self, other: "PowerVector") -> "PowerVector":
        return PowerVector(self.m + other.m, self.j0 + other.j0, self.j45 + other.j45)

    def __sub__(self, other: "PowerVector") -> "PowerVector":
        return PowerVector(self.m - other.m, self.j0 - other.j0, self.j45 - other.j45)

    def __truediv__(self, divisor: int) -> "PowerVector":
        return PowerVector(self.m / divisor, self.j0 / divisor, self.j45 / divisor)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean refraction, the vector it stands for and how many went into it."""

    rx: Refraction
    m: Decimal
    j0: Decimal
    j45: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Two lenses together, exact and as it would be ordered in quarter dioptres."""

    rx: Refraction
    order: Refraction


@dataclass(frozen=True, slots=True)
class Difference:
    """Later less earlier, and the length of that vector."""

    length: Decimal
    dm: Decimal
    dj0: Decimal
    dj45: Decimal


def vector(rx: Refraction) -> PowerVector:
    """Of a refraction in either form."""
    half = -rx.cylinder / 2
    return PowerVector(rx.equivalent, half * cosine(2 * rx.turned), half * sine(2 * rx.turned))


def refraction(found: PowerVector) -> Refraction:
    """Back to a minus cylinder; none when nothing is left of it."""
    half = length(found.j0, found.j45)
    if half < NOTHING:
        return Refraction(found.m)
    axis = direction(found.j45, found.j0) / 2
    return Refraction(found.m + half, -2 * half, axis if axis > 0 else axis + HALF_TURN)


@rule("b.3.vectors", "1")
def of(rx: Refraction) -> Found[PowerVector]:
    """M, J0, J45 and the blur strength of a refraction."""
    return Found(vector(rx))


@rule("b.3.refraction", "1")
def back(m: Decimal, j0: Decimal, j45: Decimal) -> Found[Refraction]:
    """The refraction of a power vector, with a minus cylinder."""
    return Found(refraction(PowerVector(m, j0, j45)))


@rule("b.3.mean", "1")
def mean(readings: Sequence[Refraction]) -> Found[Mean]:
    """The mean of readings, taken where their axes cannot mislead."""
    nothing = PowerVector(ZERO, ZERO, ZERO)
    average = sum((vector(one) for one in readings), nothing) / len(readings)
    return Found(Mean(refraction(average), average.m, average.j0, average.j45, len(readings)))


@rule("b.3.sum", "1")
def total(rx: Refraction, over: Refraction) -> Found[Sum]:
    """A lens and the refraction over it, as one lens."""
    exact = refraction(vector(rx) + vector(over))
    return Found(Sum(exact, to_quarters(exact, ONE)))


@rule("b.3.difference", "1")
def change(earlier: Refraction, later: Refraction) -> Found[Difference]:
    """How far apart two refractions are, in dioptres."""
    gap = vector(later) - vector(earlier)
    return Found(Difference(gap.blur, gap.m, gap.j0, gap.j45))
