"""What somebody typed for a rule, read into what the rule takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from cloud.optics import acuity, refraction, terms
from cloud.optics.acuity import Unreadable
from cloud.optics.refraction import BadRefraction
from cloud.optics.rule import Calculator, Derived
from cloud.optics.terms import OutOfLimits
from cloud.optics.words import Words

NO_NUMBER = Words("Enter a number, for instance -2.25.", "请输入数字，例如 -2.25。")
NOT_POSSIBLE = Words("No lens does this at these distances.", "该距离下无法成立。")
TOO_MANY = Words("Enter at most 1000 values.", "最多输入 1000 个值。")
# A tracer draws 1000 radii; nobody types more.
MOST = 1000
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})")


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, or by input what is wrong; neither while something needed is missing."""

    derived: Derived[Any] | None
    errors: Mapping[str, Words]


def answer(rule: Calculator[..., Any], typed: Mapping[str, str], edition: str | None) -> Answer:
    """Apply a rule to text. Nothing is raised for anything a person could type."""
    given, errors = read_all(rule, typed)
    if errors:
        return Answer(None, errors)
    if rule.entry.table:
        given["edition"] = edition
    try:
        return Answer(rule(**given), {})
    except OutOfLimits as refused:
        return Answer(None, {refused.name: refused.words})
    except (BadRefraction, ArithmeticError) as refused:
        return Answer(None, {rule.takes[0]: getattr(refused, "words", NOT_POSSIBLE)})


def read_all(rule: Calculator[..., Any], typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Words]]:
    """Every input: values by name, and what is wrong by name."""
    given: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for name in rule.takes:
        term, words = rule.entry.term(name), typed.get(name, "").strip()
        if not words:
            if rule.needs(name):
                errors[name] = terms.NEEDED
            continue
        try:
            given[name] = terms.checked(term, READERS[term.kind](words), optional=False)
        except (OutOfLimits, BadRefraction, Unreadable) as refused:
            errors[name] = refused.words
        except (InvalidOperation, ValueError):
            errors[name] = NO_NUMBER
    return given, errors


def number(text: str) -> Decimal:
    """A decimal as people type it. Raises ValueError."""
    plain = text.replace("−", "-").replace("–", "-").replace("，", ".").replace(" ", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text[:40])
    return Decimal(plain)


def numbers(text: str) -> tuple[Decimal, ...]:
    """Numbers between commas, semicolons, spaces or lines. Raises ValueError."""
    return tuple(number(part) for part in _few(re.split(r"[,;\s]+", text)))


def _lines(text: str) -> list[str]:
    return _few(re.split(r"[;\n]+", text))


def _few(parts: list[str]) -> list[str]:
    found = [part for part in parts if part.strip()]
    if len(found) > MOST:
        raise Unreadable("", TOO_MANY)
    return found


READERS: Mapping[str, Callable[[str], Any]] = {
    "number": number,
    "numbers": numbers,
    "refraction": refraction.read,
    "refractions": lambda text: tuple(refraction.read(line.strip()) for line in _lines(text)),
    "acuity": acuity.read,
    "acuities": lambda text: tuple(acuity.read(line.strip()) for line in _lines(text)),
    "choice": str,
    "text": str,
}
