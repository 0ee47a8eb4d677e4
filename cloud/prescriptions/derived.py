"""What is shown beside a power: other cylinder form, equivalent, power at the cornea; each with its rule."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics import equivalent, transposition, vertex
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Derived
from cloud.optics.vertex import EffectiveRefraction
from cloud.prescriptions import powers
from cloud.prescriptions.values import SpectacleEye, Written


@dataclass(frozen=True, slots=True)
class Beside:
    """One eye's power as calculated; ``cornea`` only where a meridian is strong and the distance is known."""

    eye: str
    other: Derived[Refraction]
    spherical: Derived[Decimal]
    cornea: Derived[EffectiveRefraction] | None


def of(written: Written) -> list[Beside]:
    """For every eye with a whole power."""
    pairs = ((eye, powers.of(eye)) for eye in written.eyes)
    return [_one(eye, power, written.head.bvd) for eye, power in pairs if power is not None]


def _one(eye: SpectacleEye, power: Refraction, bvd: Decimal | None) -> Beside:
    cornea = vertex.refraction_at(power, bvd) if bvd is not None and vertex.matters(power) else None
    return Beside(eye.eye, transposition.transposed(power), equivalent.spherical(power), cornea)
