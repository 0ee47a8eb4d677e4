"""Checks of a spectacle prescription against the patient's last one of the same purpose."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cloud.optics.refraction import Refraction
from cloud.prescriptions import powers
from cloud.prescriptions.checks.finding import Finding, axis_text, signed
from cloud.prescriptions.choices import EYES
from cloud.prescriptions.tables import limits
from cloud.prescriptions.values import SpectacleEye, Written


def found(written: Written, last: Written) -> Iterator[Finding]:
    """What changed more, or more oddly, than eyes do."""
    days = (written.head.written_on - last.head.written_on).days
    for side in EYES:
        new, old = written.eye(side), last.eye(side)
        if new is not None and old is not None:
            yield from _eye(new, old, days)
    yield from _swap(written, last)


def _limit(name: str) -> Decimal:
    return Decimal(limits()["last"][name])


def _eye(new: SpectacleEye, old: SpectacleEye, days: int) -> Iterator[Finding]:
    now, then = powers.of(new), powers.of(old)
    if now is not None and then is not None:
        yield from _sign(new.eye, now, then)
        yield from _jump(new.eye, now, then, days)
        yield from _axis(new.eye, now, then)
        yield from _copy(new.eye, now, then)
    if new.add_near is not None and old.add_near is not None and new.add_near < old.add_near:
        yield Finding("P-ADD-LESS", f"{new.eye}_add_near", {"last": signed(old.add_near)})


def _sign(eye: str, now: Refraction, then: Refraction) -> Iterator[Finding]:
    """Compared in one cylinder form, so that a transposition is no change of sign."""
    one, other = (powers.minus(power).sphere for power in (now, then))
    least = _limit("sign_from")
    if one * other < 0 and min(abs(one), abs(other)) >= least:
        yield Finding("P-SIGN", f"{eye}_sphere", {"last": signed(then.sphere)})


def _jump(eye: str, now: Refraction, then: Refraction, days: int) -> Iterator[Finding]:
    change = now.equivalent - then.equivalent
    if abs(change) > _limit("jump") and 0 <= days <= limits()["last"]["jump_days"]:
        yield Finding("V-20", f"{eye}_sphere", {"change": signed(change), "days": str(days)})


def _axis(eye: str, now: Refraction, then: Refraction) -> Iterator[Finding]:
    one, other = (powers.minus(power) for power in (now, then))
    if min(abs(one.cylinder), abs(other.cylinder)) < _limit("axis_cylinder"):
        return
    if one.axis is None or other.axis is None:
        return
    degrees = powers.turned_by(one.axis, other.axis)
    if degrees > limits()["last"]["axis_degrees"]:
        yield Finding("P-AXIS", f"{eye}_axis", {"degrees": str(degrees), "last": axis_text(then.axis)})


def _copy(eye: str, now: Refraction, then: Refraction) -> Iterator[Finding]:
    if not then.cylinder or now == then:
        return
    if now == powers.other(then):
        yield Finding("P-SAME", f"{eye}_cylinder")
    elif now == replace(then, cylinder=-then.cylinder):
        yield Finding("P-COPY", f"{eye}_cylinder")


def _swap(written: Written, last: Written) -> Iterator[Finding]:
    four = [powers.of(one.eye(side)) for one in (written, last) for side in EYES]
    right, left, old_right, old_left = four
    if right is None or left is None or old_right is None or old_left is None:
        return
    straight = powers.apart(right, old_right) + powers.apart(left, old_left)
    crossed = powers.apart(right, old_left) + powers.apart(left, old_right)
    if straight - crossed >= _limit("swap_margin") and crossed < straight / 2:
        yield Finding("P-SWAP", "right_sphere")
