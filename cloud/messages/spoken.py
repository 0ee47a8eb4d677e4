"""Times and texts in the reader's language."""

from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_datetime, get_timezone_name

from cloud.kernel.clock import local
from cloud.messages.texts import spoken_of

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
WHEN = {"en": "EEEE d MMMM y, HH:mm", "zh": "y年M月d日EEEE HH:mm"}


def when(moment: datetime, zone: str, language: str) -> str:
    """A moment by the wall clock of a store, in words."""
    spoken = spoken_of(language)
    return str(format_datetime(local(moment, zone), WHEN[spoken], locale=LOCALES[spoken]))


def zone(moment: datetime, name: str, language: str) -> str:
    """What the store's time is called at that moment; ``name`` is an IANA name."""
    return str(get_timezone_name(local(moment, name), width="long", locale=LOCALES[spoken_of(language)]))


def text(texts: Mapping[str, str], language: str) -> str:
    """A text that is kept by language, else in English, else empty."""
    return texts.get(spoken_of(language)) or texts.get("en") or ""
