"""A stamp on every form: for this browser alone, made at a moment, worth nothing elsewhere. Pure but for the clock.

Pages that others show get no cookie of ours to ride on, and their forms cannot rely on one. The stamp carries the
moment, so that what comes back sooner than anybody reads is not taken either.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from cloud.direct import tables
from cloud.direct.errors import NotOurs, TooFast
from cloud.kernel.clock import now


def make(key: str, whose: str, at: datetime | None = None) -> str:
    """A stamp for whoever ``whose`` names (the token of a flow or a link, the address of a door)."""
    moment = f"{int((at or now()).timestamp() * 1000):x}"
    return f"{moment}.{_signed(key, whose, moment)}"


def check(key: str, whose: str, stamp: str, *, patient: bool = False) -> None:
    """Raises NotOurs; with ``patient`` also TooFast, when a form came back at once."""
    moment, _dot, signature = stamp.partition(".")
    if not hmac.compare_digest(_signed(key, whose, moment), signature):
        raise NotOurs
    age = now() - datetime.fromtimestamp(int(moment, 16) / 1000, UTC)
    if age > timedelta(hours=tables.setting("form", "most_hours")):
        raise NotOurs
    if patient and age < timedelta(seconds=tables.setting("form", "least_seconds")):
        raise TooFast


def whose(key: str, text: str) -> str:
    """An address or a contact as it is counted: no table of addresses leads back to it without our key."""
    return hmac.new(key.encode(), f"direct counted {text}".encode(), hashlib.sha256).hexdigest()


def secret(key: str, about: str) -> str:
    """What stands in the address of something hidden."""
    return hmac.new(key.encode(), f"direct hidden {about}".encode(), hashlib.sha256).hexdigest()[:24]


def _signed(key: str, whose: str, moment: str) -> str:
    return hmac.new(key.encode(), f"direct form {whose} {moment}".encode(), hashlib.sha256).hexdigest()[:32]
