"""Units of a device turned into the record's, by exact fractions; only the result is rounded, half to even.

101.325 kPa are 760 mmHg: the standard atmosphere (10th CGPM, 1954) by which the torr is defined; the conventional
millimetre of mercury differs from it by one part in seven million. °C = (°F - 32) · 5/9: NIST SP 811, appendix B.
"""

from decimal import Decimal
from fractions import Fraction

MMHG_PER_KPA = Fraction(760_000, 101_325)


def mmhg(kpa: Decimal) -> Decimal:
    """Millimetres of mercury to a tenth: one place more than a cuff shows, and every tenth of a kPa stays apart."""
    return _rounded(Fraction(kpa) * MMHG_PER_KPA, 1)


def celsius(fahrenheit: Decimal) -> Decimal:
    """Degrees Celsius to a hundredth: every tenth of a degree Fahrenheit stays apart."""
    return _rounded((Fraction(fahrenheit) - 32) * Fraction(5, 9), 2)


def _rounded(exact: Fraction, places: int) -> Decimal:
    return Decimal(round(exact * 10**places)).scaleb(-places)
