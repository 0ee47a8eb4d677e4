"""From lines to a refraction."""

from typing import Any

from protocols.framing import Unread
from protocols.readings import UNNAMED, Autorefraction, Instrument, Pd, Reading
from protocols.sheet import Margin, integrity, readable
from protocols.topcon_rm.figures import Figures
from protocols.topcon_rm.grammar import CR, DIALECT, EOT


def read(raw: bytes) -> tuple[Reading, ...]:
    """The refraction of a transmission. Raises Unread."""
    margin = Margin()
    figures = Figures(margin)
    for line in raw.removesuffix(EOT).split(CR)[1:]:
        figures.take(readable(line))
    eyes = figures.eyes()
    if not eyes:
        raise Unread("No eye could be read in these lines.")
    pd = Pd(far=figures.pd) if figures.pd else None
    return (Autorefraction(**_common(raw, margin), right=eyes.get("right"), left=eyes.get("left"), pd=pd),)


def _common(raw: bytes, margin: Margin) -> dict[str, Any]:
    margin.note("instrument_unnamed", "The instrument did not say which model it is.")
    return {
        "instrument": Instrument(maker="Topcon", model=UNNAMED, dialect=DIALECT),
        "integrity": integrity(raw),
        "notes": tuple(margin.notes),
        "extra": margin.extra,
    }
