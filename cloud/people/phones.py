"""Contact points made comparable: the same telephone typed in two ways is one telephone."""

import re
import unicodedata

from cloud.people.choices import ContactKind

TELEPHONES = (ContactKind.MOBILE, ContactKind.PHONE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Written before a number to dial out of a country; ITU-T E.164 writes it as a plus.
_ABROAD = "00"
_TAIL = 8  # digits that tell two subscribers apart wherever trunk prefixes and country codes are left out


def normalized(kind: str, value: str) -> str:
    """What is compared: digits with a leading plus where the country was written, or lower case without spaces."""
    if kind in TELEPHONES:
        return telephone(value)
    folded = _folded(value, between=" " if kind == ContactKind.ADDRESS else "")
    return folded if folded == value else normalized(kind, folded)


def _folded(value: str, between: str) -> str:
    """Without case, width or spaces; what that leaves may fold again, an accent that stood alone among it."""
    return between.join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).split())


def telephone(value: str) -> str:
    """Digits, ``+`` before them where the country was written; empty when there are none."""
    plain = unicodedata.normalize("NFKC", value).strip()
    # the trunk zero in brackets is not dialled after a country code
    digits = re.sub(r"\D", "", plain.replace("(0)", "") if plain.startswith(("+", _ABROAD)) else plain)
    if plain.startswith("+"):
        return f"+{digits}" if digits else ""
    return f"+{digits.removeprefix(_ABROAD)}" if digits.startswith(_ABROAD) and len(digits) > 8 else digits


def tail(value: str) -> str:
    """The end of a number, by which two ways of writing it are recognised; empty when it is too short to tell."""
    digits = re.sub(r"\D", "", telephone(value))
    return digits[-_TAIL:] if len(digits) >= _TAIL else ""


def fits(kind: str, value: str) -> bool:
    """Whether this can be such a contact point at all."""
    if kind in TELEPHONES:
        return 5 <= len(re.sub(r"\D", "", telephone(value))) <= 15
    return bool(_EMAIL.fullmatch(value.strip())) if kind == ContactKind.EMAIL else bool(value.strip())
