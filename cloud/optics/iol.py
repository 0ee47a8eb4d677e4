"""b.12: IOL power by two published formulas, as a second check of the biometer's own and nothing else."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import ZERO, to_step
from cloud.optics.keratometry import KERATOMETER
from cloud.optics.rule import Found, Note, note, notes, rule
from cloud.optics.terms import OutOfLimits
from cloud.optics.vertex import USUAL_MM
from cloud.optics.words import Words

D = Decimal
HALF = D("0.5")
LONG_EYE, USUAL = D("24.2"), (D(22), D(26))
NO_EYE = Words("No eye has this length with this cornea.", "该眼轴长度与角膜曲率的组合不成立。")


@dataclass(frozen=True, slots=True)
class Lens:
    """The power for emmetropia, and where the formula puts the lens."""

    power: Decimal
    to_half: Decimal
    elp_mm: Decimal


def _chamber(al: Decimal, k: Decimal, r: Decimal) -> Decimal:
    """Height of the corneal dome: what SRK/T takes the lens's place from."""
    corrected = al if al <= LONG_EYE else D("-3.446") + D("1.715") * al - D("0.0237") * al * al
    width = D("-5.41") + D("0.58412") * corrected + D("0.098") * k
    left = r * r - width * width / 4
    if left < 0:
        raise OutOfLimits("al_mm", NO_EYE)
    return r - left.sqrt()


@rule("b.12.srk_t", "1")
def srk_t(al_mm: Decimal, mean_k: Decimal, a_constant: Decimal) -> Found[Lens]:
    """SRK/T (Retzlaff, Sanders, Kraff 1990), power for emmetropia."""
    r = KERATOMETER / mean_k
    elp = _chamber(al_mm, mean_k, r) + (D("0.62467") * a_constant - D("68.747")) - D("3.336")
    optical = al_mm + D("0.65696") - D("0.02029") * al_mm
    bent = D("1.336") * r
    power = 1336 * (bent - D("0.333") * optical) / ((optical - elp) * (bent - D("0.333") * elp))
    return Found(Lens(power, to_step(power, HALF), elp), _minded(al_mm))


@rule("b.12.haigis", "1")
def haigis(
    al_mm: Decimal,
    mean_k: Decimal,
    acd_mm: Decimal,
    a_constant: Decimal,
    target_d: Decimal = ZERO,
    vertex_mm: Decimal = USUAL_MM,
) -> Found[Lens]:
    """Haigis with constants that nobody has optimised: a0 from the A constant, a1 0.4, a2 0.1."""
    n, r = D("1.336"), KERATOMETER / mean_k / 1000
    place = (D("0.62467") * a_constant - D("72.434") + D("0.4") * acd_mm + D("0.1") * al_mm) / 1000
    al = al_mm / 1000
    z = (D("1.3315") - 1) / r + target_d / (1 - target_d * vertex_mm / 1000)
    power = n / (al - place) - n / (n / z - place)
    return Found(Lens(power, to_step(power, HALF), place * 1000), (*_minded(al_mm), note("not_optimised")))


def _minded(al_mm: Decimal) -> tuple[Note, ...]:
    return notes((True, note("second_check")), (not USUAL[0] <= al_mm <= USUAL[1], note("unusual_eye")))
