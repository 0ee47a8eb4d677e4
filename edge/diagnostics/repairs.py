"""What is wrong, since when, and how it is mended: one list for birth, console and `emmetra gateway status`.

It is made of the alarms that ring and the instruments that do not work, whenever it is asked for; so an item is gone
when its cause is.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from edge.alarms import Alarms
from edge.clock import iso
from edge.diagnostics.words import in_language, sentences
from protocols.envelope import InstrumentState

WORDS = Path(__file__).with_name("repairs.toml")
RADIO, UNHEARD = ("ble:", "ble-serial:"), "radio_lost"
LOST = {"lost": "instrument_lost", "misconfigured": "instrument_misconfigured"}


class Repair(NamedTuple):
    """One problem. ``why`` is the sentence it was told with, ``ends`` says when it is over by itself."""

    id: str
    subject: str
    since: str
    what: str
    why: str
    steps: tuple[str, ...]
    ends: str


def repairs(alarms: Alarms, instruments: Iterable[InstrumentState], language: str = "en") -> list[Repair]:
    """Everything that is wrong now, the oldest first."""
    found = [*_of_alarms(alarms, language), *_of_instruments(instruments, language)]
    return sorted(found, key=lambda one: one.since)


def _of_alarms(alarms: Alarms, language: str) -> Iterator[Repair]:
    for code, sentence in alarms.by_code().items():
        yield _repair(code, "", iso(alarms.since(code)), sentence, language)


def _of_instruments(instruments: Iterable[InstrumentState], language: str) -> Iterator[Repair]:
    for one in instruments:
        if one.state in LOST:
            told = UNHEARD if one.state == "lost" and one.link.startswith(RADIO) else LOST[one.state]
            yield _repair(LOST[one.state], one.dev, one.since, one.why or "", language, told)


def _repair(code: str, subject: str, since: str, why: str, language: str, told: str = "") -> Repair:
    words: Mapping[str, Any] = sentences(WORDS).get(told or code, {})
    if not words:  # an alarm of a room that wrote no repair: its sentence says what to do
        return Repair(code, subject, since, why, "", (), "")
    steps = tuple(in_language(step, language) for step in words["steps"])
    return Repair(
        code, subject, since, in_language(words["title"], language), why, steps, in_language(words["ends"], language)
    )
