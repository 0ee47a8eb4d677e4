"""A refraction: sphere, cylinder, axis; and how one is written."""

import re
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.exact import HALF_TURN, ONE, ZERO, rounded, to_step
from cloud.optics.words import Words

QUARTER = Decimal("0.25")
# OpenEyes' hard limits: beyond them it is a slip of the hand, not an eye.
MOST_SPHERE, MOST_CYLINDER = Decimal(45), Decimal(25)


class BadRefraction(ValueError):
    """Not a refraction; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


NOT_WRITTEN = Words(
    "Write a refraction as sphere/cylinder x axis, for instance -2.00/-1.50x10, or the sphere alone.",
    "请按“球镜/柱镜x轴位”书写，例如 -2.00/-1.50x10；无散光时只写球镜。",
)
NO_AXIS = Words(
    "A cylinder needs its axis, from 1 to 180 degrees (0 is written 180).",
    "有柱镜时须填写轴位：1–180 度（0 度写作 180）。",
)
TOO_STRONG = Words(
    "A sphere lies within 45 dioptres of zero and a cylinder within 25.", "球镜应在 ±45 D 以内，柱镜应在 ±25 D 以内。"
)


@dataclass(frozen=True, slots=True)
class Refraction:
    """Dioptres and degrees; no axis where there is no cylinder, and 180 rather than 0. Raises BadRefraction."""

    sphere: Decimal
    cylinder: Decimal = ZERO
    axis: Decimal | None = None

    def __post_init__(self) -> None:
        if abs(self.sphere) > MOST_SPHERE or abs(self.cylinder) > MOST_CYLINDER:
            raise BadRefraction(TOO_STRONG)
        if self.cylinder == 0:
            object.__setattr__(self, "axis", None)
        elif self.axis is None or not 0 <= self.axis <= HALF_TURN:
            raise BadRefraction(NO_AXIS)
        elif self.axis == 0:
            object.__setattr__(self, "axis", HALF_TURN)

    @property
    def turned(self) -> Decimal:
        """The axis, and zero where there is none: for arithmetic."""
        return self.axis or ZERO

    @property
    def meridians(self) -> tuple[Decimal, Decimal]:
        """The power along the axis and across it."""
        return self.sphere, self.sphere + self.cylinder

    @property
    def equivalent(self) -> Decimal:
        """Sphere and half the cylinder."""
        return self.sphere + self.cylinder / 2

    def along(self, sphere_change: Decimal) -> "Refraction":
        """The same cylinder on another sphere."""
        return Refraction(self.sphere + sphere_change, self.cylinder, self.axis)


def full_turn(axis: Decimal) -> Decimal:
    """An axis brought into the half circle above 0 and up to 180."""
    return axis % HALF_TURN or HALF_TURN if axis % HALF_TURN >= 0 else axis % HALF_TURN + HALF_TURN


def to_quarters(found: Refraction, axis_step: Decimal = ONE) -> Refraction:
    """As it would be ordered: quarter dioptres, whole degrees."""
    axis = None if found.axis is None else to_step(found.axis, axis_step)
    return Refraction(to_step(found.sphere, QUARTER), to_step(found.cylinder, QUARTER), axis)


def signed(value: Decimal, places: int = 2) -> str:
    """Signed with a true minus: ``+0.25``, ``−1.75``, ``0.00``."""
    found = rounded(value, places)
    return f"{'−' if found < 0 else '+' if found > 0 else ''}{abs(found)}"


def written(found: Refraction, places: int = 2) -> str:
    """``−2.00/−1.50×010``; the axis in whole degrees, none when no cylinder is left to see."""
    if rounded(found.cylinder, places) == 0 or found.axis is None:
        return f"{signed(found.sphere, places)} DS"
    axis = int(rounded(found.axis, 0)) or 180
    return f"{signed(found.sphere, places)}/{signed(found.cylinder, places)}×{axis:03d}"


_NUMBER = r"[+-]?\s*(?:\d+(?:\.\d*)?|\.\d+)"
_WRITTEN = re.compile(
    rf"^(?P<sphere>{_NUMBER}|pl|plano|平光)\s*(?:d|ds|dioptres?)?"
    rf"(?:\s*[/,\s]\s*(?P<cylinder>{_NUMBER})\s*(?:dc|d)?\s*(?:[x×*@/,\s]|ax(?:is)?)\s*(?P<axis>\d+(?:\.\d*)?)\s*°?)?$",
    re.IGNORECASE,
)


def read(text: str) -> Refraction:
    """``-2.00/-1.50x10``, ``−2.00 −1.50 × 010``, ``plano/-0.50x90`` or ``+1.25``. Raises BadRefraction."""
    match = _WRITTEN.match(" ".join(text.replace("−", "-").replace("–", "-").split())) if len(text) < 60 else None
    if match is None:
        raise BadRefraction(NOT_WRITTEN)
    cylinder = _number(match["cylinder"] or "0")
    axis = Decimal(match["axis"]) if match["axis"] else None
    return Refraction(_number(match["sphere"]), cylinder, axis)


def _number(text: str) -> Decimal:
    return ZERO if text.lower() in ("pl", "plano", "平光") else Decimal(text.replace(" ", ""))
