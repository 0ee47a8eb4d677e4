"""When something was heard, once the gateway's clock of that boot is known to be right. Derived when shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

RULE = "clock-fix/1"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected time, its largest error where the gateway's kernel named one, and the rule."""

    at: datetime
    err_ms: int | None
    rule: str = RULE


def corrected(true_at: datetime, true_mono_ns: int, err_ms: int | None, heard_mono_ns: int) -> Corrected:
    """Rule clock-fix/1: the true time at one moment of the monotonic clock, less what passed since the hearing.

    Both moments are of one boot. The monotonic clock never jumps; it does not count while a machine sleeps, which
    gateways do not do.
    """
    return Corrected(true_at - timedelta(microseconds=(true_mono_ns - heard_mono_ns) / 1000), err_ms)
