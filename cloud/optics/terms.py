"""The quantities rules speak of: name, unit, limits and how they are written, once for all rules."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from cloud.optics.refraction import Refraction
from cloud.optics.words import Words


class OutOfLimits(ValueError):
    """A value no eye, lens or frame has; ``name`` is the input's and ``words`` say what was expected."""

    def __init__(self, name: str, words: Words) -> None:
        super().__init__(f"{name}: {words.en}")
        self.name, self.words = name, words


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity.

    ``kind``: number, numbers, refraction, refractions, acuity, acuities, choice, text, checks or yes.
    ``places`` are always shown and ``finer`` ones when they are not zero; ``signed`` shows a plus.
    """

    name: str
    label: Words
    kind: str = "number"
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 2
    finer: int = 0
    signed: bool = False
    whole: bool = False
    options: Mapping[str, Words] | None = None

    @property
    def limits(self) -> Words:
        """What may be entered, in words."""
        span, unit = f"{self.least}–{self.most}".replace("-", "−"), f" {self.unit}" if self.unit else ""
        return Words(f"Enter a value in the range {span}{unit}.", f"请输入 {span}{unit} 范围内的数值。")


NEEDED = Words("This is needed.", "此项必填。")
NOT_LISTED = Words("Choose one of the list.", "请从列表中选择。")
WHOLE = Words("Enter a whole number.", "请输入整数。")


@cache
def terms() -> Mapping[str, Term]:
    """Every term by name."""
    text = (files("cloud.optics") / "catalogue" / "terms.toml").read_text(encoding="utf-8")
    return {name: read(name, raw) for name, raw in tomllib.loads(text, parse_float=Decimal).items()}


def read(name: str, raw: Mapping[str, Any]) -> Term:
    """A term from its data."""
    rest = {key: value for key, value in raw.items() if key not in ("en", "zh", "options", "least", "most")}
    rest |= {end: Decimal(raw[end]) for end in ("least", "most") if end in raw}
    options = {code: Words.read(both) for code, both in raw["options"].items()} if "options" in raw else None
    return Term(name=name, label=Words.read(raw), options=options, **rest)


def checked(term: Term, value: Any, optional: bool) -> Any:
    """The value as rules take it. Raises OutOfLimits, and TypeError for a binary float."""
    if value is None:
        if optional:
            return None
        raise OutOfLimits(term.name, NEEDED)
    if term.kind == "number":
        return _number(term, value)
    if term.kind == "numbers":
        return tuple(_number(term, one) for one in _some(term, value))
    if term.kind == "choice" and value not in (term.options or {}):
        raise OutOfLimits(term.name, NOT_LISTED)
    if term.kind == "refractions":
        return _some(term, value)
    if term.kind == "refraction" and not isinstance(value, Refraction):
        raise TypeError(f"{term.name} is a Refraction, not {value!r}")
    return value


def _some(term: Term, values: Sequence[Any]) -> tuple[Any, ...]:
    if not values:
        raise OutOfLimits(term.name, NEEDED)
    return tuple(values)


def _number(term: Term, value: Any) -> Decimal:
    if isinstance(value, float | bool):
        raise TypeError(f"{term.name} has to be an exact decimal, not {value!r}")
    number = Decimal(value)
    if not number.is_finite() or not _within(term, number):
        raise OutOfLimits(term.name, term.limits)
    if term.whole and number != int(number):
        raise OutOfLimits(term.name, WHOLE)
    return number


def _within(term: Term, number: Decimal) -> bool:
    return (term.least is None or number >= term.least) and (term.most is None or number <= term.most)
