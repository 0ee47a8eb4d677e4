"""Refractions of a record, and how far apart they lie: always as power vectors, never field by field."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from cloud.clinic.choices import Side
from cloud.clinic.sheet import Sheet
from cloud.optics.exact import ZERO, length, working
from cloud.optics.refraction import BadRefraction, Refraction
from cloud.optics.vectors import PowerVector, vector

ELEMENTS = ("autorefraction", "manifest", "cycloplegic", "trial_frame", "final", "dispensed", "glasses")
# What the eye itself is, as against what hangs before it.
OF_THE_EYE = ("final", "manifest", "cycloplegic", "trial_frame", "autorefraction")
EYES = (Side.RIGHT, Side.LEFT)


class Pair(NamedTuple):
    """Both eyes; None where an eye was not measured."""

    right: Refraction | None
    left: Refraction | None

    def of(self, side: Side) -> Refraction | None:
        """One of them."""
        return self.right if side is Side.RIGHT else self.left

    @property
    def turned(self) -> "Pair":
        """The eyes exchanged."""
        return Pair(self.left, self.right)


class Apart(NamedTuple):
    """Later less earlier, dioptres: of the spherical equivalent, and the length of the crossed-cylinder part."""

    equivalent: Decimal
    astigmatism: Decimal

    @property
    def whole(self) -> Decimal:
        """Length of the whole difference."""
        with working():
            return length(self.equivalent, self.astigmatism)


def read(sphere: Decimal | None, cylinder: Decimal | None, axis: Decimal | None) -> Refraction | None:
    """A refraction of its parts; None where they make none. No cylinder is none."""
    if sphere is None:
        return None
    try:
        return Refraction(sphere, cylinder or ZERO, axis)
    except BadRefraction:
        return None


def of(sheet: Sheet, element: str, n: int, side: Side) -> Refraction | None:
    """What stands at one instance of an element for one eye."""
    sphere, cylinder, axis = (sheet.number(element, n, field, side) for field in ("sphere", "cylinder", "axis"))
    return read(sphere, cylinder, axis)


def pair(sheet: Sheet, element: str, n: int = 1) -> Pair:
    """Both eyes of one instance."""
    return Pair(of(sheet, element, n, Side.RIGHT), of(sheet, element, n, Side.LEFT))


@lru_cache(maxsize=4096)
def vectored(rx: Refraction) -> PowerVector:
    """The power vector of a refraction, at full precision."""
    with working():
        return vector(rx)


@lru_cache(maxsize=4096)
def apart(earlier: Refraction, later: Refraction) -> Apart:
    """How far a refraction has moved. Remembered: a page asks the same of the same eyes at every key."""
    with working():
        gap = vectored(later) - vectored(earlier)
        return Apart(gap.m, length(gap.j0, gap.j45))


def gap(one: Pair, other: Pair) -> Decimal | None:
    """The sum over both eyes of how far apart they lie; None unless all four are there."""
    if one.right is None or one.left is None or other.right is None or other.left is None:
        return None
    return apart(other.right, one.right).whole + apart(other.left, one.left).whole


class Turned(NamedTuple):
    """How far a pair lies from another as it is, and with its eyes exchanged, dioptres over both eyes."""

    as_given: Decimal
    exchanged: Decimal


def looks_exchanged(found: Pair, known: Pair, margin: Decimal, share: Decimal) -> Turned | None:
    """Whether a pair fits a known one much better with its eyes exchanged.

    It does when exchanging brings it closer by ``margin`` dioptres and leaves at most ``share`` of the distance.
    """
    as_given, exchanged = gap(found, known), gap(found.turned, known)
    if as_given is None or exchanged is None:
        return None
    better = as_given - exchanged >= margin and exchanged <= as_given * share
    return Turned(as_given, exchanged) if better else None
