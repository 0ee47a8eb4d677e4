"""Visual acuity as it was entered: read, placed on one scale, and shown in another notation.

What was typed stays what was typed; ``logmar`` and ``base`` are derived. Vision below the chart has no logMAR here:
numbers for it exist for analysis only (``cloud.optics.acuity_rules.imputed``).
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from cloud.optics import acuity_text, charts
from cloud.optics.acuity_text import Entry, Notation, Unreadable
from cloud.optics.exact import log10, power_of_ten, rounded, working

__all__ = ["NOTATIONS", "Acuity", "Notation", "Unreadable", "read", "shown"]

LowVision = Literal["CF", "HM", "LP", "NLP"]
NOTATIONS: tuple[Notation, ...] = ("five_mark", "decimal", "logmar", "snellen_m", "snellen_ft", "etdrs")
# OpenEyes ranks vision below the chart under every line; a rank, never a measurement.
RANKS = {"CF": Decimal(4), "HM": Decimal(3), "LP": Decimal(2), "NLP": Decimal(1)}
DESIGN_M = Decimal(5)
POINTS_OF_ONE_M = Decimal(8)


@dataclass(frozen=True, slots=True)
class Acuity:
    """One acuity: the entry and what follows from it.

    ``line`` is the label read and ``letters`` those read beyond it (+) or missed in it (−). ``logmar`` is None below
    the chart, when unable, for Jaeger, and for near print without its distance. ``base`` is 110 − 50 logMAR; below
    the chart the rank 4 to 1 (CF, HM, LP, NLP), fit for sorting only. ``distance_m`` is the distance stated.
    """

    entered: str
    notation: Notation
    line: str = ""
    letters: int = 0
    logmar: Decimal | None = None
    base: Decimal | None = None
    low_vision: LowVision | None = None
    distance_m: Decimal | None = None
    projection: tuple[str, ...] | None = None

    @property
    def etdrs(self) -> Decimal | None:
        """Letters of an ETDRS chart at 4 m, with the credit of thirty."""
        return None if self.logmar is None else 85 - 50 * self.logmar


def read(text: str, notation_hint: Notation | None = None, chart_m: Decimal = DESIGN_M) -> Acuity:
    """What ``text`` says.

    Args:
        text: As typed, such as ``4.9-2``, ``6/9.5 −2``, ``20/25+2``, ``0.8``, ``CF 1 m``, ``LP ST IN``, ``N5 @ 40 cm``.
        notation_hint: What a bare number is when it could be two things; one that says what it is wins.
        chart_m: Distance a chart without distance in its label is made for, in metres.

    Raises:
        Unreadable: With the reason in words.
    """
    entry = acuity_text.parse(text, notation_hint)
    found = Acuity(text, entry.notation, entry.line, entry.letters, distance_m=entry.distance_m)
    with working():
        if entry.notation == "low":
            return _below_chart(found, entry)
        logmar = _logmar(entry, chart_m)
    return found if logmar is None else replace(found, logmar=logmar, base=110 - 50 * logmar)


def _below_chart(found: Acuity, entry: Entry) -> Acuity:
    seen = cast(LowVision, entry.line)
    return replace(found, low_vision=seen, base=RANKS[seen], projection=entry.projection)


def _logmar(entry: Entry, chart_m: Decimal) -> Decimal | None:
    """LogMAR with letters and a moved chart taken in; None where there is none to tell."""
    if entry.number is None:
        return None
    if entry.notation in ("near_n", "near_m"):
        return _near(entry, entry.number)
    line = _line_logmar(entry.notation, entry.number)
    return line - charts.LETTER * entry.letters + _moved(entry, chart_m)


def _line_logmar(notation: Notation, number: Decimal) -> Decimal:
    if notation == "five_mark":
        return 5 - number
    if notation == "logmar":
        return number
    if notation == "etdrs":
        return (85 - number) / 50
    if notation == "cpd":
        return -log10(number / 30)
    return charts.logmar_of_decimal(number) if notation == "decimal" else charts.logmar_of_ratio(number)


def _moved(entry: Entry, chart_m: Decimal) -> Decimal:
    """A chart read nearer than it is made for: letters look larger, so acuity is worse by log10(made for / read at)."""
    return log10(chart_m / entry.distance_m) if entry.distance_m else Decimal(0)


def _near(entry: Entry, print_size: Decimal) -> Decimal | None:
    """LogMAR = log10(M / metres); eight points are one M."""
    if entry.distance_m is None:
        return None
    size_m = print_size / POINTS_OF_ONE_M if entry.notation == "near_n" else print_size
    return log10(size_m / entry.distance_m)


def shown(acuity: Acuity, notation: Notation) -> str:
    """The acuity in a notation, for instance ``20/32 −2``; what has no number reads the same in all of them."""
    if acuity.logmar is None or notation not in NOTATIONS:
        return _as_entered(acuity)
    if notation == acuity.notation and acuity.distance_m is None:
        return _as_entered(acuity)
    if notation == "logmar":
        return _text(rounded(acuity.logmar, 2))
    if notation == "etdrs":
        letters_read = rounded(85 - 50 * acuity.logmar, 0)
        return str(letters_read) if 0 <= letters_read <= 100 else _as_entered(acuity)
    line, letters = _chart_line(acuity)
    if line is not None:
        return f"{getattr(line, notation)}{_letters(letters)}"
    return _between_lines(acuity, notation)


def _chart_line(acuity: Acuity) -> tuple[charts.Line | None, int]:
    """The printed line with its letters; None when the acuity lies on no line."""
    assert acuity.logmar is not None  # noqa: S101 - the caller has looked
    entered = charts.at_step(acuity.logmar + charts.LETTER * acuity.letters)
    if entered is not None:
        return entered, acuity.letters
    return charts.with_letters(acuity.logmar) or (None, 0)


def _between_lines(acuity: Acuity, notation: Notation) -> str:
    """What lies on no line: the entered line converted by formula, and its letters beside it."""
    assert acuity.logmar is not None  # noqa: S101 - the caller has looked
    with working():
        line = _by_formula(acuity.logmar + charts.LETTER * acuity.letters, notation)
    return line + _letters(acuity.letters)


def _by_formula(logmar: Decimal, notation: Notation) -> str:
    if notation == "five_mark":
        return _text(rounded(5 - logmar, 2))
    if notation == "decimal":
        return _text(_two_figures(power_of_ten(-logmar)))
    reach = 6 if notation == "snellen_m" else 20
    denominator = rounded(reach * power_of_ten(logmar), 1)
    return f"{reach}/{_text(denominator.normalize() if denominator % 10 else rounded(denominator, 0))}"


def _two_figures(value: Decimal) -> Decimal:
    return rounded(value, 2 if value >= Decimal("0.1") else 3)


def _as_entered(acuity: Acuity) -> str:
    if acuity.notation == "low":
        return " ".join(part for part in (acuity.line, _at(acuity.distance_m), _quadrants(acuity.projection)) if part)
    at = _at(acuity.distance_m)
    return f"{_text(acuity.line)}{_letters(acuity.letters)}{f' @ {at}' if at else ''}"


def _at(distance_m: Decimal | None) -> str:
    return "" if distance_m is None else f"{distance_m.normalize():f} m"


def _quadrants(projection: tuple[str, ...] | None) -> str:
    return "" if projection is None else f"({', '.join(projection) or 'no projection'})"


def _letters(count: int) -> str:
    return f" {'−' if count < 0 else '+'}{abs(count)}" if count else ""


def _text(value: Decimal | str) -> str:
    return str(value).replace("-", "−")
