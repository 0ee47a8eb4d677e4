"""Whether a letter may go out now. Pure: what is known of the person comes in, an answer with its reason comes out."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cloud.messages.choices import Answer, Purpose, Why
from cloud.slots.day import first_real

FILE = Path(__file__).with_name("rules.toml")
HOUR = 60


@dataclass(frozen=True)
class Quiet:
    """Hours in which nobody is disturbed, in minutes after midnight by the clocks of ``zone``. Equal: none."""

    zone: str
    begins: int
    ends: int

    def until(self, moment: datetime) -> datetime | None:
        """When the quiet that reigns at ``moment`` ends; None where there is none.

        Across a clock change it begins with the first showing of its time and ends with the last.
        """
        if self.begins == self.ends:
            return None
        today = moment.astimezone(ZoneInfo(self.zone)).date()
        for on in (today - timedelta(days=1), today):
            first, last = self._at(on, self.begins, 0), self._at(on + self._over_midnight(), self.ends, 1)
            if first <= moment < last:
                return last
        return None

    def _over_midnight(self) -> timedelta:
        return timedelta(days=self.ends < self.begins)

    def _at(self, on: date, minutes: int, fold: int) -> datetime:
        return first_real(datetime.combine(on, time(minutes // HOUR, minutes % HOUR)), ZoneInfo(self.zone), fold)


@dataclass(frozen=True)
class Known:
    """What decides about one letter. ``consent`` is the state of the answer that holds, None where nobody was asked.

    ``suits`` are the hours in which it does not suit them, where they said so.
    """

    purpose: Purpose
    quiet: Quiet
    urgent: bool = False
    at_once: bool = False
    suits: Quiet | None = None
    until: datetime | None = None
    opted_out: bool = False
    consent: str | None = None
    deceased: bool = False
    moved_away: bool = False
    do_not_contact: bool = False
    provider: bool = True


@dataclass(frozen=True)
class Verdict:
    """Send it, send it later, or not at all."""

    answer: Answer
    why: Why | None = None
    until: datetime | None = None


def can_send(known: Known, moment: datetime) -> Verdict:
    """The answer at ``moment``. In this order: too late, a way, the person, opt-out, consent, quiet hours, wish."""
    why = _refusal(known, moment)
    if why is not None:
        return Verdict(Answer.DENY, why)
    prompt = known.urgent or known.at_once or known.purpose == Purpose.CODE
    until = None if prompt else known.quiet.until(moment)
    if until is None:
        return Verdict(Answer.ALLOW) if prompt else _when_it_suits(known, moment)
    if known.until is not None and until > known.until:
        return Verdict(Answer.DENY, Why.TOO_LATE)
    return Verdict(Answer.DEFER, Why.QUIET_HOURS, until)


def unsuitable(time_of_day: str, zone: str) -> Quiet | None:
    """The hours in which a letter does not suit whoever wished for a time of day; None where any time does."""
    window = _read()["times"].get(time_of_day)
    return Quiet(zone, window[1], window[0]) if window else None


def consent_for(purpose: Purpose) -> str | None:
    """The purpose of the consent that decides about such letters; None where none does."""
    found: str | None = _read()[purpose].get("consent")
    return found


def version() -> int:
    """Of the table."""
    return int(_read()["version"])


def _when_it_suits(known: Known, moment: datetime) -> Verdict:
    """A wish is no law: what would come too late by waiting, or into quiet hours, goes out now."""
    until = known.suits.until(moment) if known.suits else None
    late = until is not None and known.until is not None and until > known.until
    if until is None or late or known.quiet.until(until) is not None:
        return Verdict(Answer.ALLOW)
    return Verdict(Answer.DEFER, Why.OTHER_TIME, until)


def _refusal(known: Known, moment: datetime) -> Why | None:
    if known.until is not None and moment > known.until:
        return Why.TOO_LATE
    if not known.provider:
        return Why.NO_PROVIDER
    if known.purpose == Purpose.CODE:
        return None
    if known.deceased:
        return Why.DECEASED
    return None if known.urgent else _unwanted(known)


def _unwanted(known: Known) -> Why | None:
    rule = _read()[known.purpose]
    if known.do_not_contact:
        return Why.DO_NOT_CONTACT
    if known.moved_away and not rule["after_moving"]:
        return Why.MOVED_AWAY
    if known.opted_out:
        return Why.OPTED_OUT
    if known.consent in ("refused", "withdrawn"):
        return Why.REFUSED_CONSENT
    return Why.NO_CONSENT if rule["needs"] == "given" and known.consent != "given" else None


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())
