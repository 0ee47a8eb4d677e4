"""How long figures are kept, and what may be looked at."""

from dataclasses import dataclass
from datetime import timedelta

RAW_FOR, HOURS_FOR = timedelta(days=2), timedelta(days=90)
RAW_COUNT = 1500  # looks of one gateway, however often it is told to look


@dataclass(frozen=True, slots=True)
class Reach:
    """A window a person may choose: how far back, in which steps."""

    name: str
    length: timedelta
    step: timedelta


REACHES = (
    Reach("6h", timedelta(hours=6), timedelta(minutes=10)),
    Reach("24h", timedelta(hours=24), timedelta(minutes=10)),
    Reach("7d", timedelta(days=7), timedelta(hours=1)),
    Reach("90d", timedelta(days=90), timedelta(hours=6)),
)
PATIENCE_S = 10  # for a store of figures that does not answer
