"""Checks of a spectacle prescription by itself. Ids with V are those of the domain's table of validators."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cloud.prescriptions import powers
from cloud.prescriptions.checks.finding import Finding, Known, is_step, signed
from cloud.prescriptions.choices import EYES
from cloud.prescriptions.tables import is_marked, limits
from cloud.prescriptions.values import SpectacleEye, Written


def found(written: Written, known: Known) -> Iterator[Finding]:
    """Everything worth saying about these lenses."""
    for eye in written.eyes:
        yield from _eye(eye, written, known)
    yield from _both(written)
    yield from _distances(written)
    yield from _bvd(written)


def _limit(name: str) -> Decimal:
    return Decimal(limits()["spectacle"][name])


def _eye(eye: SpectacleEye, written: Written, known: Known) -> Iterator[Finding]:
    yield from astigmatism(eye)
    yield from _strength(eye)
    yield from _adds(eye, written, known)
    yield from _lens(eye, written)


def astigmatism(eye: Any) -> Iterator[Finding]:
    """V-01: a cylinder and its axis belong together."""
    if eye.cylinder and eye.axis is None:
        yield Finding("V-01-cylinder", f"{eye.eye}_axis")
    if eye.axis is not None and not eye.cylinder:
        yield Finding("V-01-axis", f"{eye.eye}_cylinder")
    if eye.axis is not None and not 1 <= eye.axis <= 180:
        yield Finding("V-01-range", f"{eye.eye}_axis")


def steps(eye: Any, names: tuple[str, ...]) -> Iterator[Finding]:
    """V-02: powers come in steps."""
    step = limits()["spectacle"]["step"]
    for name in names:
        value = getattr(eye, name)
        if value is not None and not is_step(value, step):
            yield Finding("V-02", f"{eye.eye}_{name}", {"value": signed(value), "step": step})


def _strength(eye: SpectacleEye) -> Iterator[Finding]:
    yield from steps(eye, ("sphere", "cylinder", "add_near", "add_intermediate", "add_second"))
    for name in ("sphere", "cylinder"):
        value, place = getattr(eye, name), f"{eye.eye}_{name}"
        if value is None:
            continue
        hard, soft = _limit(f"{name}_hard"), _limit(f"{name}_soft")
        if abs(value) > hard:
            yield Finding("V-03-hard", place, {"value": signed(value), "limit": str(hard)})
        elif abs(value) > soft:
            yield Finding("V-03-soft", place, {"value": signed(value), "limit": str(soft)})


def _adds(eye: SpectacleEye, written: Written, known: Known) -> Iterator[Finding]:
    least, most = _limit("add_least"), _limit("add_most")
    for name in ("add_near", "add_intermediate", "add_second"):
        value = getattr(eye, name)
        if value is not None and not least <= value <= most:
            yield Finding("V-04", f"{eye.eye}_{name}", {"least": str(least), "most": str(most)})
    if eye.add_near is not None and known.age is not None:
        yield from _young(eye, written, known.age)


def _young(eye: SpectacleEye, written: Written, age: int) -> Iterator[Finding]:
    bounds, place = limits()["spectacle"], f"{eye.eye}_add_near"
    if age < bounds["child_age"]:
        yield Finding("P-ADD-CHILD", place, {"age": str(age)})
    elif age < bounds["add_age"] and not is_marked("design", written.head.design, "young_add"):
        yield Finding("P-ADD-YOUNG", place, {"age": str(age)})


def _lens(eye: SpectacleEye, written: Written) -> Iterator[Finding]:
    powerless, design = is_marked("lens", eye.lens, "powerless"), written.head.design
    if eye.sphere is None and not powerless:
        yield Finding("P-NO-SPHERE", f"{eye.eye}_sphere")
    if is_marked("design", design, "needs_add") and eye.add_near is None and not powerless:
        yield Finding("P-NO-ADD", f"{eye.eye}_add_near")
    if design == "plano" and (eye.sphere or eye.cylinder):
        yield Finding("P-NOT-PLANO", f"{eye.eye}_sphere")
    if is_marked("lens", eye.lens, "needs_prism") and not (eye.prism_h or eye.prism_v):
        yield Finding("P-NO-PRISM", f"{eye.eye}_prism")


def _both(written: Written) -> Iterator[Finding]:
    right, left = (written.eye(side) for side in EYES)
    if right is None and left is None:
        yield Finding("P-EMPTY", "right_sphere")
    elif right is None or left is None:
        yield Finding("P-ONE-EYE", "left_sphere" if left is None else "right_sphere")
    else:
        yield from _pair(right, left)
    prisms = [one for one in written.eyes if one.prism_h or one.prism_v]
    if written.eyes and written.head.use == "prism" and not prisms:
        yield Finding("P-NO-PRISM", "right_prism")


def _pair(right: SpectacleEye, left: SpectacleEye) -> Iterator[Finding]:
    if (right.cylinder or powers.ZERO) * (left.cylinder or powers.ZERO) < 0:
        yield Finding("P-MIXED", "left_cylinder")
    one, other = powers.of(right), powers.of(left)
    if one is not None and other is not None:
        difference = abs(one.equivalent - other.equivalent)
        if difference > _limit("aniso"):
            yield Finding("P-ANISO", "left_sphere", {"difference": f"{difference:.2f}"})
    total = abs((right.prism_h or powers.ZERO) + (left.prism_h or powers.ZERO))
    if total > _limit("prism_most"):
        yield Finding("V-14", "right_prism", {"total": str(total), "limit": str(_limit("prism_most"))})


def _distances(written: Written) -> Iterator[Finding]:
    head = written.head
    for name in ("pd_far", "pd_near"):
        both, mono = getattr(head, name), [getattr(one, name) for one in written.eyes]
        if both is not None and not _limit("pd_least") <= both <= _limit("pd_most"):
            yield Finding("P-PD", name, {"value": str(both)})
        if len(mono) == len(EYES) and None not in mono and both is not None:
            yield from _sum(name, sum(mono, Decimal(0)), both)
    yield from _near("pd", head.pd_far, head.pd_near)
    for eye in written.eyes:
        yield from _near(f"{eye.eye}_pd", eye.pd_far, eye.pd_near)


def _sum(name: str, mono: Decimal, both: Decimal) -> Iterator[Finding]:
    if abs(mono - both) > _limit("pd_sum"):
        yield Finding("V-05", name, {"sum": str(mono), "both": str(both)})


def _near(stem: str, far: Decimal | None, near: Decimal | None) -> Iterator[Finding]:
    if far is not None and near is not None and near >= far:
        yield Finding("V-06", f"{stem}_near", {"near": str(near), "far": str(far)})


def _bvd(written: Written) -> Iterator[Finding]:
    bvd = written.head.bvd
    if bvd is not None and not _limit("bvd_least") <= bvd <= _limit("bvd_most"):
        usual = {"least": str(_limit("bvd_least")), "most": str(_limit("bvd_most"))}
        yield Finding("V-16", "bvd", {"value": str(bvd), **usual})
    strong = [powers.strongest(one) for eye in written.eyes if (one := powers.of(eye)) is not None]
    strongest = max(strong, key=abs, default=Decimal(0))
    if bvd is None and abs(strongest) >= _limit("bvd_from"):
        yield Finding("P-BVD", "bvd", {"power": signed(strongest)})
