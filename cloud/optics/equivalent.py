"""b.2: the spherical equivalent, never rounded before it is compared."""

from decimal import Decimal

from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, rule


@rule("b.2.spherical_equivalent", "1")
def spherical(rx: Refraction) -> Found[Decimal]:
    """Sphere plus half the cylinder, dioptres, exact."""
    return Found(rx.equivalent)
