"""b.1: the same lens written the other way round."""

from cloud.optics.exact import RIGHT, ZERO
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Found, rule


def other_form(rx: Refraction) -> Refraction:
    """Sphere plus cylinder, the cylinder turned in sign, the axis by a right angle."""
    if rx.axis is None:
        return rx
    axis = rx.axis + RIGHT if rx.axis <= RIGHT else rx.axis - RIGHT
    return Refraction(rx.sphere + rx.cylinder, -rx.cylinder, axis)


def minus_form(rx: Refraction) -> Refraction:
    """The form whose cylinder is not above zero."""
    return other_form(rx) if rx.cylinder > ZERO else rx


def plus_form(rx: Refraction) -> Refraction:
    """The form whose cylinder is not below zero."""
    return other_form(rx) if rx.cylinder < ZERO else rx


@rule("b.1.transposition", "1")
def transposed(rx: Refraction) -> Found[Refraction]:
    """The refraction in its other form."""
    return Found(other_form(rx))


@rule("b.1.minus_cylinder", "1")
def minus_cylinder(rx: Refraction) -> Found[Refraction]:
    """The refraction with a minus cylinder, as it is compared and stored beside the entered form."""
    return Found(minus_form(rx))
