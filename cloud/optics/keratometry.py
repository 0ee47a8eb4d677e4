"""b.10: corneal radius and power, astigmatism, and what total astigmatism to expect."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import HALF_TURN, ONE, RIGHT, ZERO
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, data, in_range, note, notes, rule
from cloud.optics.terms import OutOfLimits
from cloud.optics.vectors import PowerVector, refraction, vector
from cloud.optics.words import Words

INDEX = Decimal("1.3375")
MM = Decimal(1000)
KERATOMETER = (INDEX - ONE) * MM
TOO_WIDE = Words("The chord is wider than a cornea of this radius.", "弦长超过该曲率半径角膜的直径。")


@dataclass(frozen=True, slots=True)
class MeanK:
    """The mean of both meridians: of the powers, and of the radii."""

    mean_k: Decimal
    mean_radius_mm: Decimal
    flat_k: Decimal
    steep_k: Decimal


@dataclass(frozen=True, slots=True)
class CornealCylinder:
    """Corneal astigmatism as a minus cylinder, and which way it lies."""

    rx: Refraction
    amount: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Total astigmatism expected from the cornea's, by Javal and by Grosvenor's simpler rule."""

    javal: Refraction
    simplified: Refraction


@rule("b.10.radius_to_power", "1")
def power(radius_mm: Decimal, index: Decimal = INDEX) -> Found[Decimal]:
    """Power of a corneal radius with a keratometer's index."""
    return Found((index - 1) * MM / radius_mm, notes((index != INDEX, note("index", index=str(index)))))


@rule("b.10.power_to_radius", "1")
def radius(k_power: Decimal, index: Decimal = INDEX) -> Found[Decimal]:
    """Radius of a corneal power with the index it was stated with."""
    return Found((index - 1) * MM / k_power, notes((index != INDEX, note("index", index=str(index)))))


@rule("b.10.mean_k", "1")
def mean_k(r1_mm: Decimal, r2_mm: Decimal, index: Decimal = INDEX) -> Found[MeanK]:
    """Mean power and mean radius of two meridians; the two means are not quite one cornea, so both are given."""
    powers = [(index - 1) * MM / r for r in (r1_mm, r2_mm)]
    return Found(MeanK(sum(powers, ZERO) / 2, (r1_mm + r2_mm) / 2, min(powers), max(powers)))


def kind_of(axis: Decimal | None, within: Decimal) -> str:
    """With or against the rule by the minus axis, ``within`` degrees of horizontal or vertical; else oblique."""
    if axis is None:
        return "none"
    from_horizontal = min(axis, HALF_TURN - axis)
    if from_horizontal <= within:
        return "with_rule"
    return "against_rule" if abs(axis - RIGHT) <= within else "oblique"


@rule("b.10.corneal_astigmatism", "1")
def corneal_astigmatism(
    flat_k: Decimal, flat_axis: Decimal, steep_k: Decimal, edition: str | None = None
) -> Found[CornealCylinder]:
    """The cornea's astigmatism as a correcting minus cylinder: its axis is the flat meridian."""
    first, second = sorted((flat_k, steep_k))
    axis = flat_axis if flat_k <= steep_k else (flat_axis + RIGHT) % HALF_TURN
    rx = Refraction(ZERO, first - second, axis)
    within = data("astigmatism_classes", edition)["within_degrees"]
    said = notes((flat_k > steep_k, note("swapped")))
    return Found(CornealCylinder(rx, first - second, kind_of(rx.axis, within)), said)


@rule("b.10.javal", "1")
def javal(corneal: Refraction) -> Found[Expected]:
    """Five quarters of the corneal cylinder and half a dioptre against the rule, added as vectors."""
    lens = vector(Refraction(ZERO, Decimal("-0.50"), RIGHT))
    whole = vector(corneal)
    grown = PowerVector(whole.m * 5 / 4, whole.j0 * 5 / 4, whole.j45 * 5 / 4)
    return Found(Expected(_cylinder(grown + lens), _cylinder(whole + lens)))


def _cylinder(found: PowerVector) -> Refraction:
    rx = refraction(found)
    return Refraction(ZERO, rx.cylinder, rx.axis)


@rule("b.10.consistency", "1")
def consistency(
    k1: Decimal, k2: Decimal, k_max: Decimal | None = None, cct_um: Decimal | None = None, edition: str | None = None
) -> Found[bool]:
    """Whether corneal values agree with each other and lie where corneas usually lie."""
    usual = data("corneal_limits", edition)
    low, high, thin, thick = (usual[name] for name in ("k_from", "k_to", "cct_from", "cct_to"))
    known = [k for k in (k1, k2, k_max) if k is not None]
    said = notes(
        (k2 < k1, note("k2_below_k1")),
        (k_max is not None and k_max < max(k1, k2), note("k_max_below")),
        (not all(in_range(k, low, high) for k in known), note("unusual_k", low=str(low), high=str(high))),
        (not (cct_um is None or in_range(cct_um, thin, thick)), note("unusual_cct", low=str(thin), high=str(thick))),
    )
    return Found(not said, said)


@rule("b.10.sag", "1")
def sag(radius_mm: Decimal, eccentricity: Decimal, chord_mm: Decimal) -> Found[Decimal]:
    """Depth of the cornea under a chord, millimetres. Raises OutOfLimits when the chord is wider than the cornea."""
    p, half = 1 - eccentricity**2, chord_mm / 2
    if p == 0:
        return Found(half**2 / (2 * radius_mm))
    left = radius_mm**2 - p * half**2
    if left < 0:
        raise OutOfLimits("chord_mm", TOO_WIDE)
    return Found((radius_mm - left.sqrt()) / p)


@dataclass(frozen=True, slots=True)
class ByIndex:
    """The same radius by three keratometers."""

    k_13375: Decimal
    k_1336: Decimal
    k_1332: Decimal
    spread: Decimal


@rule("b.10.indices", "1")
def by_index(radius_mm: Decimal, edition: str | None = None) -> Found[ByIndex]:
    """The power one radius has with each usual index: why radius and index are stored, not the power alone."""
    powers = [(Decimal(index) - 1) * MM / radius_mm for index in data("keratometer_index", edition)["index"]]
    return Found(ByIndex(powers[0], powers[1], powers[2], max(powers) - min(powers)))
