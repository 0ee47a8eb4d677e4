"""b.5: where to begin with a contact lens. Trial and over-refraction decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import ZERO, to_step
from cloud.optics.keratometry import KERATOMETER
from cloud.optics.refraction import QUARTER, Refraction, full_turn
from cloud.optics.rule import Found, data, note, notes, rule
from cloud.optics.transposition import minus_form
from cloud.optics.vectors import vector
from cloud.optics.vertex import USUAL_MM, moved, moved_refraction

STEPS = (Decimal("-0.75"), Decimal("-1.25"), Decimal("-1.75"), Decimal("-2.25"))
SPHERICAL_UP_TO = Decimal("0.50")
SPHERICAL_SHARE = Decimal("0.25")
NEAR_TIE = Decimal("0.06")
AXIS_STEP = Decimal(10)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lens of the catalogue and what it would leave uncorrected (length of the power vector, dioptres)."""

    lens: Refraction
    residual: Decimal


@dataclass(frozen=True, slots=True)
class StartingLens:
    """The lens to try first, with what led there."""

    lens: Refraction
    at_cornea: Refraction
    equivalent: Decimal
    residual: Decimal
    toric: bool
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Rigid:
    """A rigid lens's power, with the tear lens it makes up for."""

    order: Decimal
    exact: Decimal
    tear: Decimal
    at_cornea: Decimal


@rule("b.5.starting_power", "1")
def starting_power(
    rx: Refraction,
    vertex_mm: Decimal = USUAL_MM,
    cylinders: Sequence[Decimal] = STEPS,
    axis_step: Decimal = AXIS_STEP,
) -> Found[StartingLens]:
    """The soft lens of the catalogue that leaves least, the lower cylinder on a near tie."""
    eye = minus_form(moved_refraction(rx, vertex_mm, ZERO))
    if _spherical_will_do(eye):
        lens = Refraction(to_step(eye.equivalent, QUARTER))
        return Found(_start(Candidate(lens, _left(eye, lens)), eye, ()), (note("spherical"), note("trial")))
    every = tuple(sorted(_candidates(eye, cylinders, axis_step), key=lambda one: one.residual))
    near = [one for one in every if one.residual - every[0].residual <= NEAR_TIE]
    # of equals the one with less minus: nobody is helped by accommodating
    chosen = min(near, key=lambda one: (abs(one.lens.cylinder), one.residual, -one.lens.sphere))
    tied = len({one.lens.cylinder for one in near}) > 1
    return Found(_start(chosen, eye, every), notes((tied, note("tie")), (True, note("trial"))))


def _spherical_will_do(eye: Refraction) -> bool:
    cylinder = abs(eye.cylinder)
    return cylinder <= SPHERICAL_UP_TO or cylinder <= SPHERICAL_SHARE * abs(eye.sphere)


def _candidates(eye: Refraction, cylinders: Sequence[Decimal], axis_step: Decimal) -> list[Candidate]:
    axis = full_turn(to_step(eye.turned, axis_step))
    found = []
    for cylinder in cylinders:
        low = ((eye.equivalent - cylinder / 2) // QUARTER) * QUARTER
        spheres = {low - QUARTER, low, low + QUARTER}
        lenses = [Refraction(sphere, cylinder, axis) for sphere in spheres]
        found += [Candidate(lens, _left(eye, lens)) for lens in lenses]
    return found


def _left(eye: Refraction, lens: Refraction) -> Decimal:
    return (vector(eye) - vector(lens)).blur


def _start(chosen: Candidate, eye: Refraction, every: Sequence[Candidate]) -> StartingLens:
    toric = chosen.lens.cylinder != 0
    return StartingLens(chosen.lens, eye, eye.equivalent, chosen.residual, toric, tuple(every[:6]))


@rule("b.5.lars", "1")
def lars(axis: Decimal, rotation_deg: Decimal, turned_to: str, edition: str | None = None) -> Found[Decimal]:
    """The axis to order when the lens's marks settle turned: left add, right subtract (as the examiner sees it)."""
    sign = data("lars", edition)[turned_to]
    return Found(full_turn(axis + sign * rotation_deg), notes((rotation_deg > 30, note("unstable"))))


@rule("b.5.tear_lens", "1")
def tear_lens(base_curve_mm: Decimal, flat_k_mm: Decimal, power: Decimal, vertex_mm: Decimal) -> Found[Rigid]:
    """The power of a rigid lens: the eye's at the cornea, less what the tears under the lens already do."""
    tear = KERATOMETER / base_curve_mm - KERATOMETER / flat_k_mm
    at_cornea = moved(power, vertex_mm, ZERO)
    exact = at_cornea - tear
    return Found(Rigid(to_step(exact, QUARTER), exact, tear, at_cornea), (note("trial"),))
