"""Attribute matching (PS3.4 C.2.2.2). An empty key means everything."""

import re
from functools import lru_cache


def text_matches(key: str, value: str) -> bool:
    """Single value or wildcard: ``*`` any letters, ``?`` one; blanks at the ends mean nothing."""
    key, value = key.strip(), value.strip()
    return key in ("", "*") or bool(_pattern(key).fullmatch(value))


def name_matches(key: str, *groups: str) -> bool:
    """A person's name against each of its component groups, whatever the case.

    The parts of a key (family, given, …) mean the same parts of the name; those it leaves out mean any.
    """
    keys = [part for part in key.split("=") if part.strip(" ^")]
    return not keys or any(_one_name(part, group) for part in keys for group in groups if group)


def _one_name(key: str, name: str) -> bool:
    key, name = key.strip().rstrip("^ ").casefold(), name.strip().rstrip("^ ").casefold()
    if text_matches(key, name):
        return True
    parts, known = key.split("^"), name.split("^")
    known += [""] * (len(parts) - len(known))
    return all(text_matches(part, other) for part, other in zip(parts, known, strict=False))


def date_matches(key: str, value: str) -> bool:
    """A day or a range ``a-b``, ``a-``, ``-b``, both ends included; days are ``YYYYMMDD``, in old files with dots."""
    key = key.strip().replace(".", "")
    if not key:
        return True
    first, is_range, last = key.partition("-")
    if not is_range:
        return value == key
    return first.strip() <= value and (not last.strip() or value <= last.strip())


def time_matches(key: str, value: str) -> bool:
    """A moment of the day or a range; ``0930`` is every second of that minute."""
    key = key.strip().replace(":", "")
    if not key:
        return True
    first, is_range, last = key.partition("-")
    at = _from(value)
    return _from(first) <= at <= (_until(last) if is_range else _until(first))


def uid_matches(key: str, value: str) -> bool:
    """One of a list."""
    wanted = [uid.strip(" \0") for uid in key.split("\\") if uid.strip(" \0")]
    return not wanted or value in wanted


def _from(moment: str) -> str:
    whole, _, fraction = moment.strip().partition(".")
    return whole.ljust(6, "0") + fraction.ljust(6, "0")


def _until(moment: str) -> str:
    whole, _, fraction = moment.strip().partition(".")
    return whole.ljust(6, "9") + fraction.ljust(6, "9")


@lru_cache(maxsize=256)
def _pattern(key: str) -> re.Pattern[str]:
    written = {"*": ".*", "?": "."}
    letters = (written.get(letter) or re.escape(letter) for letter in re.sub(r"\*+", "*", key))
    return re.compile("".join(letters), re.DOTALL)
