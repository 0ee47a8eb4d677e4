"""Cells of a row as what is known of a person, each with what is wrong with it. Pure.

A problem is a code of ``wording.PROBLEMS``, the field, and the column's number; the words are found when it is shown.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cloud.imports import dates
from cloud.imports.choices import Field, Order
from cloud.people import names, phones
from cloud.people.choices import ContactKind, Sex

# Control characters, halves of characters, what turns the direction of writing round, and what stands for a lost sign.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")
LIMITS = {
    **{Field.RECORD_NUMBER: 40, Field.FULL_NAME: 200, Field.FAMILY_NAME: 100, Field.GIVEN_NAME: 100},
    **{Field.NATIVE_NAME: 100, Field.OCCUPATION: 100, Field.ID_NUMBER: 40},
    **{Field.ADDRESS: 300, Field.EMAIL: 254, Field.WECHAT: 60, Field.TAGS: 300, Field.MOBILE: 120, Field.PHONE: 120},
}
SEXES = {
    **dict.fromkeys(("f", "female", "w", "weiblich", "woman", "femme", "mujer", "女", "女性"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "mannlich", "man", "homme", "hombre", "男", "男性"), Sex.MALE),
    **dict.fromkeys(("o", "other", "x", "d", "divers", "其他"), Sex.OTHER),
    **dict.fromkeys(("u", "unknown", "?", "-", "未知", "不详"), Sex.UNKNOWN),
}
LANGUAGES = {
    **dict.fromkeys(("en", "english", "eng", "englisch", "英语", "英文"), "en"),
    **dict.fromkeys(("zh", "chinese", "mandarin", "zho", "chi", "zh-cn", "中文", "汉语", "普通话", "国语"), "zh"),
}
CONTACTS = {
    **{Field.MOBILE: ContactKind.MOBILE, Field.PHONE: ContactKind.PHONE, Field.EMAIL: ContactKind.EMAIL},
    **{Field.WECHAT: ContactKind.WECHAT, Field.ADDRESS: ContactKind.ADDRESS},
}
_SEVERAL = re.compile(r"\s*[;,；，、|\n]\s*")
_SEVERAL_PHONES = re.compile(r"\s*[;,；，、|\n]\s*|\s+/\s+|(?<=\d{5})/(?=\d{5})")
_TAG = 60


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is to be read: the field of each column, the order of its dates, stores by folded name."""

    mapping: Sequence[str]
    today: date
    order: str = Order.YMD
    stores: Mapping[str, int] = field(default_factory=dict)
    home_store_id: int | None = None


@dataclass(slots=True)
class Entry:
    """What one row says of a person; ``contacts`` are (kind, value)."""

    person: dict[str, Any] = field(default_factory=dict)
    contacts: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)


def parse(cells: Sequence[str], way: Way) -> Entry:
    """What a row says, and what is wrong with it."""
    entry = Entry()
    for at, (cell, named) in enumerate(zip(cells, way.mapping, strict=False)):
        if named and cell:
            code = _unfit(named, cell) or _READERS[Field(named)](entry, cell, way)
            if code:
                entry.problems.append({"code": code, "field": named, "column": at})
    if not entry.person.get("family_name") and not entry.problems:
        entry.problems.append({"code": "no_name", "field": Field.FAMILY_NAME, "column": None})
    entry.person.setdefault("home_store_id", way.home_store_id)
    return entry


def _unfit(named: str, cell: str) -> str:
    if UNSEEN.search(cell):
        return "unseen"
    return "too_long" if len(cell) > LIMITS.get(Field(named), 200) else ""


def _full_name(entry: Entry, cell: str, _way: Way) -> str:
    family, given = in_two(cell)
    entry.person.setdefault("family_name", family)
    entry.person.setdefault("given_name", given)
    return "too_long" if max(len(family), len(given)) > 100 else ""


def in_two(name: str) -> tuple[str, str]:
    """Family and given name of a whole name: parted at a comma, after a Chinese family name, before the last word."""
    whole = " ".join(name.replace("，", ",").split())
    if "," in whole:
        family, _, given = whole.partition(",")
        return family.strip(), given.strip()
    if names.HAN.match(whole):
        bare = whole.split(" ", 1)
        return (bare[0], bare[1]) if len(bare) == 2 else names.apart(whole, "")
    given, _, family = whole.rpartition(" ")
    return family, given


def _words(name: str) -> Callable[[Entry, str, Way], str]:
    def read(entry: Entry, cell: str, _way: Way) -> str:
        entry.person[name] = " ".join(cell.split())
        return ""

    return read


def _birth(entry: Entry, cell: str, way: Way) -> str:
    day = dates.born(cell, way.order, way.today)
    if day is None:
        return "no_date"
    if not date(1900, 1, 1) <= day <= way.today:
        return "birth_range"
    entry.person["birth_date"] = day.isoformat()
    return ""


def _sex(entry: Entry, cell: str, _way: Way) -> str:
    entry.person["sex"] = SEXES.get(names.fold(cell))
    return "" if entry.person["sex"] else "no_sex"


def _language(entry: Entry, cell: str, _way: Way) -> str:
    entry.person["language"] = LANGUAGES.get(names.fold(cell))
    return "" if entry.person["language"] else "no_language"


def _store(entry: Entry, cell: str, way: Way) -> str:
    entry.person["home_store_id"] = way.stores.get(names.fold(cell))
    return "" if entry.person["home_store_id"] else "no_store"


def _identity(entry: Entry, cell: str, _way: Way) -> str:
    entry.person["id_number"] = "".join(cell.split()).upper()
    return ""


def _contact(named: Field) -> Callable[[Entry, str, Way], str]:
    kind = CONTACTS[named]
    dialled = kind in phones.TELEPHONES

    def read(entry: Entry, cell: str, _way: Way) -> str:
        one = [" ".join(cell.split())] if kind == ContactKind.ADDRESS else []
        values = one or [part for part in (_SEVERAL_PHONES if dialled else _SEVERAL).split(cell) if part]
        if not all(phones.fits(kind, value) and (not dialled or len(value) <= 40) for value in values):
            return "no_phone" if dialled else "no_email"
        entry.contacts = list(dict.fromkeys([*entry.contacts, *((str(kind), value) for value in values)]))
        return ""

    return read


def _tags(entry: Entry, cell: str, _way: Way) -> str:
    found = [tag for tag in _SEVERAL.split(cell) if tag]
    entry.tags = list(dict.fromkeys([*entry.tags, *found]))
    return "too_long" if any(len(tag) > _TAG for tag in found) else ""


_READERS: dict[Field, Callable[[Entry, str, Way], str]] = {
    **{Field.FULL_NAME: _full_name, Field.SEX: _sex, Field.BIRTH_DATE: _birth, Field.LANGUAGE: _language},
    **{Field.HOME_STORE: _store, Field.TAGS: _tags, Field.ID_NUMBER: _identity},
    **{one: _contact(one) for one in CONTACTS},
    **{
        one: _words(str(one))
        for one in (
            *(Field.RECORD_NUMBER, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.NATIVE_NAME),
            Field.OCCUPATION,
        )
    },
}
