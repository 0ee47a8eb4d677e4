"""b.14: visual acuity in other notations, moved charts, means, and numbers below the chart for analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.acuity import Acuity, shown
from cloud.optics.exact import ONE, ZERO, log10
from cloud.optics.rule import Found, data, note, notes, rule
from cloud.optics.terms import OutOfLimits
from cloud.optics.words import Words

TWO_FEET_M = Decimal("0.6096")
NO_LOGMAR = Words("This acuity has no place on the logMAR scale.", "该视力无法换算为 logMAR。")
NO_NUMBER = Words("The chosen convention has no number for this.", "所选约定未给出该项的数值。")
NOT_LOW = Words("Enter CF, HM, LP or NLP.", "请输入 CF（指数）、HM（手动）、LP（光感）或 NLP（无光感）。")


@dataclass(frozen=True, slots=True)
class Everywhere:
    """One acuity in every notation; text as it is written on a chart."""

    logmar: Decimal | None
    base: Decimal | None
    five_mark: str
    decimal: str
    snellen_m: str
    snellen_ft: str
    etdrs: str


@dataclass(frozen=True, slots=True)
class MeanAcuity:
    """A mean of acuities: of their logarithms, and as a decimal."""

    logmar: Decimal
    decimal_value: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Imputed:
    """A number for analysis, never shown as measured; the ordinal ranks only."""

    logmar: Decimal
    ordinal: Decimal


@rule("b.14.notations", "1")
def notations(acuity: Acuity) -> Found[Everywhere]:
    """An entry in every notation, lines by table and the rest by formula."""
    every = {name: shown(acuity, name) for name in ("five_mark", "decimal", "snellen_m", "snellen_ft", "etdrs")}
    said = notes(
        (acuity.low_vision is not None, note("below_chart")),
        (acuity.notation == "jaeger", note("jaeger")),
        (acuity.notation in ("near_n", "near_m") and acuity.logmar is None, note("no_distance")),
    )
    return Found(Everywhere(acuity.logmar, acuity.base, **every), said)


@rule("b.14.moved_chart", "1")
def moved_chart(line_5: Decimal, distance_m: Decimal, chart_m: Decimal = Decimal(5)) -> Found[Decimal]:
    """The five-mark acuity of a line read at another distance than its chart is made for."""
    return Found(line_5 + log10(distance_m / chart_m))


@rule("b.14.mean", "1")
def mean(acuities: Sequence[Acuity]) -> Found[MeanAcuity]:
    """The mean of acuities, taken of their logMAR; averaging decimals would flatter the worse eye."""
    logmars = [_logmar(one) for one in acuities]
    average = sum(logmars, ZERO) / len(logmars)
    return Found(MeanAcuity(average, Decimal(10) ** -average, len(logmars)))


def _logmar(acuity: Acuity) -> Decimal:
    if acuity.logmar is None:
        raise OutOfLimits("acuities", NO_LOGMAR)
    return acuity.logmar


@rule("b.14.imputed", "1")
def imputed(acuity: Acuity, edition: str | None = None) -> Found[Imputed]:
    """A number for vision below the chart, by the chain's convention, for statistics only."""
    if acuity.low_vision is None or acuity.base is None:
        raise OutOfLimits("acuity", NOT_LOW)
    table = data("imputed_acuity", edition)
    number = table.get(acuity.low_vision)
    if number is None:
        raise OutOfLimits("acuity", NO_NUMBER)
    return Found(Imputed(number + _nearer(acuity, table["by_distance"]), acuity.base), (note("analysis_only"),))


def _nearer(acuity: Acuity, by_distance: bool) -> Decimal:
    """Holladay's numbers hold at two feet: half the distance is 0.3 worse."""
    if not by_distance or acuity.distance_m is None:
        return ZERO
    return log10(TWO_FEET_M / acuity.distance_m)


@rule("b.14.grating", "1")
def grating(cycles_per_degree: Decimal) -> Found[MeanAcuity]:
    """Preferential looking: thirty cycles a degree are decimal one."""
    decimal = cycles_per_degree / 30
    return Found(MeanAcuity(-log10(decimal), decimal, 1), (note("grating"),))


@rule("b.14.near_print", "1")
def near_print(print_m: Decimal, distance_m: Decimal) -> Found[MeanAcuity]:
    """The acuity that reads a print size in M units at a distance in metres."""
    logmar = log10(print_m / distance_m)
    return Found(MeanAcuity(logmar, Decimal(10) ** -logmar, 1))


@rule("b.14.who_category", "1")
def who_category(acuity: Acuity, edition: str | None = None) -> Found[str]:
    """The presenting category of the better eye (WHO, ICD-11)."""
    if acuity.low_vision is not None:
        return Found("blindness")
    decimal = Decimal(10) ** -_logmar(acuity)
    for band in data("who_vision", edition)["band"]:
        if decimal < _fraction(band["below"]) * (ONE - Decimal("0.0001")):
            return Found(band["category"])
    return Found("none_or_mild")


def _fraction(text: str) -> Decimal:
    above, below = text.split("/")
    return Decimal(above) / Decimal(below)
