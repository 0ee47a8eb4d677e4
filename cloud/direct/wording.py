"""Words of the patients' pages that are not written in a template."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_currency
from flask_babel import gettext as _

from cloud.direct.doors import Shop
from cloud.direct.family import Member
from cloud.direct.told import Newcomer
from cloud.kernel.clock import local
from cloud.kernel.money import Money
from cloud.people import consent_texts
from cloud.web.languages import current_language


def said(words: Mapping[str, str]) -> str:
    """A text that is kept by language, in that of the page, else in English, else in any."""
    return words.get(current_language()) or words.get("en") or next(iter(words.values()), "")


def long_day(on: date) -> str:
    """``Thursday 3 December 2026``."""
    chinese = current_language() == "zh"
    return str(format_date(on, "y年M月d日 EEEE" if chinese else "EEEE d MMMM y", locale="zh" if chinese else "en"))


def month(on: date) -> str:
    """``December 2026``."""
    chinese = current_language() == "zh"
    return str(format_date(on, "y年M月" if chinese else "MMMM y", locale="zh" if chinese else "en"))


def weekdays() -> list[tuple[str, str]]:
    """Monday to Sunday, short and long."""
    locale = "zh" if current_language() == "zh" else "en"
    days = [date(2026, 11, 23 + number) for number in range(7)]
    return [(format_date(on, "ccccc", locale=locale), format_date(on, "cccc", locale=locale)) for on in days]


def when(at: datetime, zone: str) -> str:
    """Day and time by the store's clock."""
    clock = local(at, zone)
    return f"{long_day(clock.date())} {clock:%H:%M}"


def money(minor: int, currency: str) -> str:
    """An amount as it is written here."""
    locale = "zh" if current_language() == "zh" else "en"
    return str(format_currency(Money(minor, currency).amount, currency, locale=locale))


def day_part(name: str) -> str:
    """A part of the day."""
    return str({"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}[name])


def language(code: str) -> str:
    """A language somebody speaks, in that language."""
    return {"en": "English", "zh": "中文", "yue": "粵語", "pt": "Português", "fr": "Français", "es": "Español"}.get(
        code, code
    )


def person(one: Member | Newcomer) -> str:
    """First name and year of birth, no more."""
    if isinstance(one, Newcomer):
        return f"{one.given or one.family} ({one.born.year})"
    return f"{one.name} ({one.year})" if one.year else one.name


def map_of(shop: Shop) -> str:
    """An address that shows where a store is; in Chinese one that opens in China."""
    if current_language() == "zh":
        return f"https://uri.amap.com/marker?position={shop.longitude},{shop.latitude}&coordinate=wgs84"
    return f"https://www.openstreetmap.org/?mlat={shop.latitude}&mlon={shop.longitude}#map=17/{shop.latitude}/{shop.longitude}"


def reason(code: str) -> str:
    """Why somebody cancels."""
    words = {
        "ill": _("Somebody is ill"),
        "time": _("The time does not suit any more"),
        "elsewhere": _("We go elsewhere"),
        "better": _("It is better, a visit is not needed"),
        "other": _("Something else"),
    }
    return str(words[code])


def consent(purpose: str) -> str:
    """What is agreed to, in today's words."""
    return consent_texts.words(purpose, consent_texts.current(purpose), current_language())
