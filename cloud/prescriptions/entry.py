"""How the trade types: signs, ``plano``, ``DS``, prisms with their base. Text in, an exact number or a Mistyped out."""

import re
from decimal import Decimal, InvalidOperation

from cloud.prescriptions.choices import HORIZONTAL, Base

PLANO = {"plano", "pl", "p", "plan", "平光", "平"}
DS = {"ds", "sph", "d.s.", "球"}
MOST_TYPED, MOST_DIOPTRES = 12, 99
_WHOLE, HUNDREDTHS_FROM = re.compile(r"[+-]?[1-9]\d{1,3}"), 25
_SIGNS, _DECIMAL_COMMA = str.maketrans("−–－＋", "---+"), re.compile(r"(?<=\d),(?=\d)")
_POLAR = re.compile(r"(\d+(?:\.\d+)?)\s*[Δ^]?\s*@\s*(\d{1,3})°?")
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[Δ^]?\s*(?:base\s*)?([A-Za-z]+|内|外|上|下)\s*[,;/&+]?")
_BASES = {
    **{"in": Base.IN, "bi": Base.IN, "i": Base.IN, "内": Base.IN, "out": Base.OUT, "bo": Base.OUT, "o": Base.OUT},
    **{"外": Base.OUT, "up": Base.UP, "bu": Base.UP, "u": Base.UP, "上": Base.UP, "down": Base.DOWN},
    **{"bd": Base.DOWN, "d": Base.DOWN, "下": Base.DOWN},
}
Prism = tuple[tuple[Decimal, Base | None], ...]


class Mistyped(ValueError):
    """What was typed cannot be read; ``code`` says why: ``number``, ``sign``, ``whole``, ``prism`` or ``base``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy(typed: str) -> str:
    """Without blanks around, with a plain minus and a decimal point."""
    return _DECIMAL_COMMA.sub(".", typed.strip().translate(_SIGNS))


def sphere(typed: str) -> Decimal | None:
    """A sphere needs its sign unless it is zero: ``+0.25``, ``-1.75``, ``plano``; ``-125`` means -1.25.

    Raises:
        Mistyped: no number, or no sign.
    """
    text = tidy(typed)
    if not text:
        return None
    if text.lower() in PLANO:
        return Decimal(0)
    value = _dioptres(text)
    if value and text[0] not in "+-":
        raise Mistyped("sign")
    return value


def cylinder(typed: str, form: str) -> Decimal | None:
    """A cylinder without a sign takes that of ``form`` (``minus`` or ``plus``); ``DS`` is a confirmed zero.

    Raises:
        Mistyped: no number.
    """
    text = tidy(typed)
    if not text:
        return None
    if text.lower() in DS | PLANO:
        return Decimal(0)
    value = _dioptres(text)
    return value if text[0] in "+-" or form == "plus" else -value


def add(typed: str) -> Decimal | None:
    """An add is plus, with or without its sign. Raises Mistyped."""
    text = tidy(typed)
    return _dioptres(text) if text else None


def axis(typed: str) -> int | None:
    """Whole degrees; 0 is written 180. Raises Mistyped; the range is a check's business."""
    found = whole(typed.strip().removesuffix("°").removeprefix("x").removeprefix("×"))
    return 180 if found == 0 else found


def whole(typed: str) -> int | None:
    """A whole number without a sign. Raises Mistyped."""
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_TYPED // 2):
        raise Mistyped("whole")
    return int(text)


def amount(typed: str, places: int = 1, most: int = 999) -> Decimal | None:
    """A length or a share: no sign, no finer than ``places`` decimals. Raises Mistyped."""
    text = tidy(typed)
    if not text:
        return None
    value = _number(text)
    if text[0] in "+-" or value > most or value != round(value, places):
        raise Mistyped("number")
    return value


def prism(typed: str) -> tuple[Prism, int | None]:
    """``2 in 1.5 up``, ``2 BI``, or polar ``5 @ 37``: the parts with their bases, and the direction if polar.

    Raises:
        Mistyped: unreadable, a base that is none, or two bases of one direction.
    """
    text = tidy(typed)
    if not text:
        return (), None
    if polar := _POLAR.fullmatch(text):
        if int(polar[2]) > 360:
            raise Mistyped("base")
        return ((_prism(polar[1]), None),), int(polar[2])
    return _parts(text), None


def _parts(text: str) -> Prism:
    found, at = list[tuple[Decimal, Base | None]](), 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            raise Mistyped("prism")
        found.append((_prism(part[1]), _base(part[2])))
        at = part.end()
    if len(found) > 2 or len({base in HORIZONTAL for _power, base in found}) < len(found):
        raise Mistyped("base")
    return tuple(found)


def _prism(text: str) -> Decimal:
    value = amount(text, places=2, most=99)
    if not value:
        raise Mistyped("prism")
    return value


def _base(word: str) -> Base:
    try:
        return _BASES[word.lower()]
    except KeyError:
        raise Mistyped("base") from None


def _dioptres(text: str) -> Decimal:
    """Two to four digits without a point are hundredths, as in the exam: ``-175``; thirty dioptres are ``-30.00``."""
    value = _number(text)
    if _WHOLE.fullmatch(text) and abs(value) >= HUNDREDTHS_FROM:
        value /= 100
    if abs(value) > MOST_DIOPTRES:
        raise Mistyped("number")
    return value


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text) if len(text) <= MOST_TYPED and text.isascii() else Decimal("NaN")
    except InvalidOperation:
        raise Mistyped("number") from None
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not isinstance(exponent, int) or not -3 <= exponent <= 0 or "_" in text:
        raise Mistyped("number")
    return value + 0
