"""Times as people in the store read them; what comes in is an aware UTC datetime."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from flask_babel import get_locale

from cloud.web.frame import current_frame

TIMES = {"minute": "%H:%M", "second": "%H:%M:%S"}


def in_store(moment: datetime, zone: str | None = None) -> datetime:
    """The same moment on the store's wall clock.

    Raises:
        ValueError: the moment does not say which zone it is in.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return moment.astimezone(ZoneInfo(zone or current_frame().zone))


def clock(moment: datetime, zone: str | None = None, to: str = "minute") -> str:
    """``14:03``, or ``14:03:22`` to the second."""
    return in_store(moment, zone).strftime(TIMES[to])


def day(moment: datetime | date, zone: str | None = None) -> str:
    """``21 Nov 2026`` or ``2026年11月21日``; a plain date is shown as it is."""
    shown = in_store(moment, zone).date() if isinstance(moment, datetime) else moment
    return _written(shown, chinese=_chinese())


@lru_cache(4096)
def _written(shown: date, *, chinese: bool) -> str:
    """A chart says the same days over and over."""
    return format_date(shown, "y年M月d日" if chinese else "d MMM y", locale="zh" if chinese else "en")


def when(moment: datetime, zone: str | None = None, to: str = "minute") -> str:
    """Day and time in the store."""
    return f"{day(moment, zone)} {clock(moment, zone, to)}"


def ago(moment: datetime, since: datetime | None = None) -> str:
    """How long ago in one unit, ``3 hours`` or ``3小时``."""
    passed = (since or datetime.now(UTC)) - moment
    return str(format_timedelta(max(passed, timedelta(0)), threshold=1.5, locale="zh" if _chinese() else "en"))


def age(born: date, today: date) -> int:
    """Completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _chinese() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "zh"
