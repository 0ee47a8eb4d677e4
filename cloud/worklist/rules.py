"""What may follow what, which days a gateway needs, and a list cut to what travels. Pure."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cloud.people import names
from cloud.worklist.choices import Deed, State
from protocols import envelope
from protocols.envelope.worklist import Item

# Today, and enough for a line that is down over a weekend; a gateway offers nothing older than the day before.
AHEAD = timedelta(days=2)
EXPIRY_SECONDS = 4 * 24 * 3600
# A name or a record may be corrected meanwhile: a list that is not empty is made anew, and told where it differs.
LOOK_AGAIN = timedelta(minutes=10)
# A gateway takes packets of 256 KiB; a list beyond this loses its latest items, and says so.
MOST_BYTES = 200_000
LONGEST = 64

LEADS: dict[Deed, tuple[State, tuple[State, ...]]] = {
    Deed.STARTED: (State.STARTED, (State.WANTED, State.DISCONTINUED)),
    Deed.PERFORMED: (State.PERFORMED, (State.WANTED, State.STARTED, State.DISCONTINUED)),
    Deed.DISCONTINUED: (State.DISCONTINUED, (State.WANTED, State.STARTED)),
    Deed.DONE: (State.DONE, tuple(one for one in State if one is not State.DONE)),
    Deed.CANCELLED: (State.CANCELLED, (State.WANTED, State.STARTED, State.DISCONTINUED)),
    Deed.REOPENED: (State.WANTED, tuple(one for one in State if one is not State.WANTED)),
}
_ENDED = (Deed.PERFORMED.value, Deed.DISCONTINUED.value)
# DICOM parts names with ^ and =, values with a backslash.
_PARTING = re.compile(r"[\\^=\x00-\x1f\x7f]+")
_LATIN = re.compile(r"[^A-Za-z' -]+")


def standing(steps: Iterable[tuple[str, str]]) -> Deed | None:
    """What performed steps, each a pair of its UID and STARTED, PERFORMED or DISCONTINUED, say together of an order.

    In whatever order they were heard, and however often: performed where one of them is, else begun where one has not
    ended, else broken off.
    """
    said = set(steps)
    ended = {uid for uid, state in said if state in _ENDED}
    if any(state == Deed.PERFORMED for _, state in said):
        return Deed.PERFORMED
    if any(uid not in ended for uid, _ in said):
        return Deed.STARTED
    return Deed.DISCONTINUED if said else None


def day_of(moment: datetime, zone: str) -> date:
    """The day it is in a store."""
    return moment.astimezone(ZoneInfo(zone)).date()


def days(moment: datetime, zone: str) -> tuple[date, date]:
    """First and last day a gateway needs to know of."""
    today = day_of(moment, zone)
    return today, today + AHEAD


def midnight(day: date, zone: str) -> datetime:
    """When a day begins in a store."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def at(day: date, clock: time | None, zone: str) -> str:
    """The moment an examination is wanted, ISO 8601 in UTC; the day's beginning where no time was said."""
    moment = datetime.combine(day, clock or time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str, limit: int = LONGEST) -> str:
    """Text without what parts names and values in DICOM, cut to its length."""
    return " ".join(_PARTING.sub(" ", text).split())[:limit].rstrip()


def latin(family: str, given: str) -> str:
    """The name in Latin letters, ``Zhang^Wei``, Chinese in pinyin as in passports; empty where it cannot be spelt."""
    if names.HAN.search(family + given):
        family, given = names.apart(family, given)
    parts = [_spelt(family, names.FAMILY), _spelt(given, names.GIVEN)]
    return "^".join(parts).rstrip("^")[:LONGEST] if parts[0] else ""


def _spelt(name: str, special: dict[str, str]) -> str:
    said = "".join(_syllable(sign, special) if names.HAN.match(sign) else sign for sign in name)
    return _LATIN.sub("", names.fold(said)).strip(" '-").title()


def _syllable(sign: str, special: dict[str, str]) -> str:
    """ü is written yu in passports (GB/T 28039)."""
    return names.syllables(sign, special)[0].replace("v", "yu")


def good(item: Item) -> bool:
    """Whether a gateway would take it; one item it refuses would cost the whole list."""
    try:
        envelope.decode(Item, envelope.encode(item))
    except envelope.Malformed:
        return False
    return True


def fitting(items: Sequence[Item], most: int = MOST_BYTES) -> list[Item]:
    """The first items, in order, that travel together."""
    taken: list[Item] = []
    for one in items:
        most -= len(envelope.encode(one)) + 1
        if most < 0:
            break
        taken.append(one)
    return taken


def digest(zone: str, items: Sequence[Item]) -> str:
    """What two equal lists have in common."""
    return hashlib.sha256(b"\n".join([zone.encode(), *map(envelope.encode, items)])).hexdigest()
