"""b.16: amblyopia by age and its severity, and anisometropia."""

from dataclasses import dataclass
from decimal import Decimal

from cloud.optics.acuity import Acuity
from cloud.optics.acuity_rules import NO_LOGMAR
from cloud.optics.checks import Check, Verdict, verdict
from cloud.optics.exact import ONE
from cloud.optics.refraction import Refraction
from cloud.optics.rule import Data, Found, data, note, notes, rule
from cloud.optics.terms import OutOfLimits
from cloud.optics.transposition import minus_form
from cloud.optics.words import Words

TOO_YOUNG = Words("The table begins at 3 years.", "该标准自 3 岁起适用。")


@dataclass(frozen=True, slots=True)
class Severity:
    """Severity by acuity, and the usual first hours of patching a day."""

    severity: str
    hours: Decimal | None


def _logmar(acuity: Acuity, name: str) -> Decimal:
    if acuity.logmar is None:
        raise OutOfLimits(name, NO_LOGMAR)
    return acuity.logmar


@rule("b.16.amblyopia", "1")
def amblyopia(
    age: Decimal, acuity: Acuity, other_acuity: Acuity | None = None, edition: str | None = None
) -> Found[Verdict]:
    """Best corrected acuity below the age's limit, or two lines between the eyes; only together with a cause."""
    at = data("amblyopia", edition)
    mine = _logmar(acuity, "acuity")
    below = Check("acuity_decimal", f"< {_limit(at, age)}", _decimal(mine), _is_below(mine, _limit(at, age)))
    found = verdict([below, _lines(mine, other_acuity, at)])
    return Found(found, notes((found.met > 0, note("with_a_cause"))))


def _limit(at: Data, age: Decimal) -> Decimal:
    fitting = [band["below"] for band in at["band"] if age >= band["from_age"]]
    if not fitting:
        raise OutOfLimits("age", TOO_YOUNG)
    return Decimal(fitting[-1])


def _decimal(logmar: Decimal) -> Decimal:
    return Decimal(10) ** -logmar


def _is_below(logmar: Decimal, limit: Decimal) -> bool:
    """The line 0.5 is no worse than 0.5, although 10^-0.3 is 0.5012 and other lines fall short of their label."""
    return _decimal(logmar) < limit * (ONE - Decimal("0.015"))


def _lines(mine: Decimal, other: Acuity | None, at: Data) -> Check:
    if other is None:
        return Check("lines_apart", f"≥ {at['lines_apart_from']}", None, None)
    apart = abs(mine - _logmar(other, "other_acuity")) * 10
    return Check("lines_apart", f"≥ {at['lines_apart_from']}", apart, apart >= at["lines_apart_from"])


@rule("b.16.amblyopia_severity", "1")
def severity(acuity: Acuity, edition: str | None = None) -> Found[Severity | None]:
    """Moderate or severe by the amblyopic eye's acuity, with the usual start of patching."""
    logmar = _logmar(acuity, "acuity")
    for band in data("amblyopia_severity", edition)["band"]:
        if band["logmar_from"] <= logmar <= band["logmar_to"]:
            return Found(Severity(band["severity"], Decimal(band["hours"])), (note("usual_start"),))
    return Found(None, (note("outside"),))


@rule("b.16.anisometropia", "1")
def anisometropia(right: Refraction, left: Refraction, edition: str | None = None) -> Found[Verdict]:
    """Difference of sphere or of cylinder between the eyes; sources differ on the boundary, so the chain chooses."""
    at = data("anisometropia", edition)
    one, other = minus_form(right), minus_form(left)
    sphere = _apart("sphere_apart", abs(one.sphere - other.sphere), at["sphere"], at["inclusive"])
    cylinder = _apart("cylinder_apart", abs(one.cylinder - other.cylinder), at["cylinder"], at["inclusive"])
    found = verdict([sphere, cylinder])
    flagged = found.met > 0
    return Found(Verdict(found.checks, found.met, 2, flagged), notes((flagged, note("flagged"))))


def _apart(item: str, apart: Decimal, limit: Decimal, inclusive: bool) -> Check:
    holds = apart >= limit if inclusive else apart > limit
    return Check(item, f"{'≥' if inclusive else '>'} {limit}", apart, holds)
