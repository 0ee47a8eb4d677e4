"""Codes of schedule and booking in words, and reasons in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from flask_babel import gettext, pgettext

from cloud.booking.choices import Kind as Queued
from cloud.booking.choices import Paid, State
from cloud.booking.choices import Wish as Asked
from cloud.booking.limits import Quotas
from cloud.booking.listing import Taker
from cloud.kernel.money import Money
from cloud.schedule.choices import Effect
from cloud.schedule.models import Resource, Rule
from cloud.schedule.plan import Plan
from cloud.slots.layers import Kind, Why
from cloud.web.filters import person_name
from cloud.web.languages import current_language
from cloud.web.times import clock

Names = Mapping[str, str]


def _(text: str, **words: object) -> str:
    return str(gettext(text, **words))


def said(texts: Names | None, otherwise: str = "") -> str:
    """A text of the practice in the language of the page, else in any it has."""
    known = texts or {}
    return known.get(current_language()) or known.get("en") or next(iter(known.values()), otherwise)


def weekday(on: date) -> str:
    """``Mon 23 Nov`` or ``11月23日 周一``."""
    chinese = current_language() == "zh"
    return str(format_date(on, "M月d日 EEE" if chinese else "EEE d MMM", locale="zh" if chinese else "en"))


def whole_day(on: date) -> str:
    """``Monday 23 November 2026``."""
    chinese = current_language() == "zh"
    return str(format_date(on, "y年M月d日 EEEE" if chinese else "EEEE d MMMM y", locale="zh" if chinese else "en"))


def states() -> dict[str, str]:
    """How far a visit is."""
    return {
        State.BOOKED: _("Booked"),
        State.CONFIRMED: _("Confirmed"),
        State.ARRIVED: str(pgettext("visit", "Arrived")),
        State.IN_PROGRESS: _("With us"),
        State.COMPLETED: _("Completed"),
        State.CANCELLED: _("Cancelled"),
        State.NO_SHOW: _("Did not come"),
        State.MOVED: _("Moved"),
    }


def deeds() -> dict[str, str]:
    """What was done to a visit."""
    return {
        **states(),
        "booked": _("Booked"),
        "overbooked": _("Overbooked"),
        "noted": _("Note changed"),
        "served": _("Served by somebody else"),
    }


def entries() -> dict[str, str]:
    """Why something is in the queue."""
    return {
        Queued.URGENT: _("Urgent answers"),
        Queued.REQUEST: _("Asks for a visit"),
        Queued.BOOKED: _("Booked online"),
        Queued.MOVED: _("Moved by the patient"),
        Queued.CANCELLED: _("Cancelled by the patient"),
        Queued.CLAIMED: _("Took an offered time"),
        Queued.WAITING: _("Joined the waiting list"),
        Queued.TELL: _("Wants to be told"),
    }


def wishes() -> dict[str, str]:
    """How far a request is."""
    return {
        Asked.OPEN: _("Waits for an answer"),
        Asked.OFFERED: _("Times were proposed"),
        Asked.BOOKED: _("Booked"),
        Asked.DECLINED: _("Declined"),
        Asked.LEFT: _("Taken back"),
        Asked.OVER: _("Over"),
    }


def deposits() -> dict[str, str]:
    """How far a deposit is."""
    return {
        Paid.DUE: _("Not paid yet"),
        Paid.PAID: str(pgettext("deposit", "Paid")),
        Paid.WAIVED: _("Waived"),
        Paid.OWED: _("To be paid back"),
        Paid.MOVED: _("Went with the visit"),
        Paid.REFUNDED: _("Paid back"),
        Paid.KEPT: str(pgettext("deposit", "Kept")),
    }


def money(minor: int, currency: str) -> str:
    """An amount as people write it."""
    locale = "zh" if current_language() == "zh" else "en"
    return str(format_currency(Money(minor, currency).amount, currency, locale=locale))


def kinds() -> dict[str, str]:
    """What columns are of."""
    return {"person": _("People"), "room": _("Rooms"), "device": _("Instruments")}


@dataclass(frozen=True)
class Speaker:
    """Puts reasons into words: whatever rule, block or visit they name."""

    plan: Plan
    quotas: Quotas | None = None
    types: Mapping[int, str] = field(default_factory=dict)
    takers: Mapping[int, Taker] = field(default_factory=dict)
    patients: Mapping[int, Any] = field(default_factory=dict)

    def says(self, why: Iterable[Why]) -> list[str]:
        """Sentences, each once."""
        return list(dict.fromkeys(self.say(one) for one in sorted(why, key=_order)))

    def say(self, why: Why) -> str:
        """One reason in a sentence without a full stop."""
        who = self.name(why.resource)
        return f"{who}: {self.told(why)}" if who else self.told(why)

    def name(self, resource_id: int | None) -> str:
        """What a resource is called; nothing for nobody."""
        one: Resource | None = self.plan.resources.get(resource_id) if resource_id else None
        return one.name if one else ""

    def kept(self, rule: Rule) -> str:
        """A window that is kept for some types, or closed to some."""
        names = ", ".join(self.types.get(one, "") for one in rule.types)
        return (
            _("kept for %(types)s", types=names) if rule.effect == Effect.ONLY else _("not for %(types)s", types=names)
        )

    def held(self, until: str) -> str:
        """A time somebody is booking just now."""
        return _("held until %(time)s", time=until)

    def told(self, why: Why) -> str:
        """The same where it is clear whose time it is."""
        if why.kind == Kind.BUSY:
            return self._busy(why)
        if why.kind in (Kind.BLOCKED, Kind.ONLY_OTHERS, Kind.NOT_THESE):
            return self._ruled(why)
        if why.kind in (Kind.CLOSED_CHAIN, Kind.CLOSED_STORE, Kind.EXCEPTION):
            return self._dated(why)
        return self._limit(why) if why.kind == Kind.LIMIT else _plain()[why.kind]

    def _busy(self, why: Why) -> str:
        taker = self.takers.get(why.rule or 0)
        if taker is None:
            return _("busy")
        times = _from_to(taker.starts_at, taker.ends_at, self.plan.zone)
        if taker.visit is None:
            return _("%(times)s is held for somebody who is booking", times=times)
        return _("%(times)s with %(name)s", times=times, name=person_name(self.patients[taker.visit.patient_id]))

    def _ruled(self, why: Why) -> str:
        if why.kind == Kind.BLOCKED:
            told = self._told_block(why)
            return _("blocked: %(why)s", why=told) if told else _("blocked")
        rule = next((one for one in self.plan.rules if one.id == why.rule), None)
        return self.kept(rule) if rule else _("kept for other types")

    def _told_block(self, why: Why) -> str:
        mine = (None, why.resource)
        blocks = (one.why for one in self.plan.blocks if one.id == why.rule and one.resource_id in mine)
        rules = (one.why for one in self.plan.rules if one.id == why.rule and one.effect == Effect.BLOCKED)
        return next(iter((*blocks, *rules)), None) or ""

    def _dated(self, why: Why) -> str:
        told = next((one.why for one in self.plan.dated if one.id == why.rule), None)
        words = _plain()[why.kind]
        return f"{words} ({told})" if told else words

    def _limit(self, why: Why) -> str:
        rule = next((one for one in (self.quotas.rules if self.quotas else ()) if one.id == why.rule), None)
        if rule is None:
            return _("full")
        if rule.per == "week":
            return _("full: at most %(most)s a week", most=rule.most)
        return _("full: at most %(most)s a day", most=rule.most)


def _order(why: Why) -> tuple[str, int, int]:
    return str(why.kind), why.resource or 0, why.rule or 0


def _plain() -> dict[str, str]:
    return {
        Kind.CLOSED_CHAIN: _("closed on this day"),
        Kind.CLOSED_STORE: _("other hours on this day"),
        Kind.STORE_HOURS: _("the store is closed then"),
        Kind.HOURS: _("does not work then"),
        Kind.EXCEPTION: _("other hours on this day"),
        Kind.TURN_OVER: _("needs time between two visits"),
        Kind.TOO_SOON: _("is over, or too soon"),
        Kind.TOO_FAR: _("too far ahead"),
        Kind.PERSON_BUSY: _("the patient has another visit then"),
        Kind.NOT_ALLOWED: _("not for this age"),
        Kind.DAY_ENDS: _("the day ends before"),
        Kind.NOBODY: _("nobody is there who can do this"),
        Kind.TOGETHER: _("not everybody who is needed is free at once"),
    }


def _from_to(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return f"{clock(starts_at, zone)}–{clock(ends_at, zone)}"
