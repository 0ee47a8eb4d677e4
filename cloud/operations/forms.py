"""Text in, facts out: what was typed, what it means, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from flask_babel import gettext as _

from cloud.operations import tables
from cloud.operations.choices import Kind
from cloud.operations.limits import Limit, Quiet
from cloud.operations.servicing import Done

FIRST_DAY = date(1990, 1, 1)
Typed = Mapping[str, str]
PLACE = {"latitude": 20, "longitude": 20, "address": 300}


def _text(typed: Typed, name: str, limit: int) -> str | None:
    return typed.get(name, "").replace("\0", "").strip()[:limit] or None


@dataclass(slots=True)
class ServiceForm:
    """A calibration, service or repair as it is entered."""

    typed: Typed = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    done: Done | None = None

    @classmethod
    def read(cls, typed: Typed, today: date) -> "ServiceForm":
        """What was typed; ``done`` is there when nothing is wrong."""
        form = cls(typed)
        done_on, next_due = form._day("done_on"), form._day("next_due")
        kind, by = typed.get("kind", ""), _text(typed, "done_by", 120)
        if kind not in set(Kind):
            form._wrong("kind", _("Choose what was done."))
        if by is None:
            form._wrong("done_by", _("Write who did it: a firm or a person."))
        form._days(done_on, next_due, today)
        if not form.errors and done_on and by:
            said = {"certificate": _text(typed, "certificate", 80), "note": _text(typed, "note", 1000)}
            form.done = Done(kind=Kind(kind), done_on=done_on, done_by=by, next_due=next_due, **said)
        return form

    def _days(self, done_on: date | None, next_due: date | None, today: date) -> None:
        if done_on is None and "done_on" not in self.errors:
            self._wrong("done_on", _("Enter the day it was done."))
        elif done_on and not FIRST_DAY <= done_on <= today:
            self._wrong("done_on", _("The day lies in the future or too far back."))
        if done_on and next_due and next_due <= done_on:
            self._wrong("next_due", _("The next day has to come after the day it was done."))

    def _day(self, name: str) -> date | None:
        written = self.typed.get(name, "").strip()
        try:
            return date.fromisoformat(written) if written else None
        except ValueError:
            self._wrong(name, _("This is no day. Write it as 2026-11-22."))
            return None

    def _wrong(self, name: str, why: str) -> None:
        self.errors.setdefault(name, []).append(why)


@dataclass(slots=True)
class PlaceForm:
    """Where a store stands, as it is entered."""

    latitude: str = ""
    longitude: str = ""
    address: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    degrees: tuple[Decimal, Decimal] | None = None

    @classmethod
    def read(cls, typed: Typed) -> "PlaceForm":
        """What was typed; ``degrees`` are there when both are and nothing is wrong."""
        said = {name: _text(typed, name, most) or "" for name, most in PLACE.items()}
        form = cls(said["latitude"], said["longitude"], said["address"])
        north, east = form._degrees("latitude", 90), form._degrees("longitude", 180)
        if not form.errors and (north is None) != (east is None):
            form.errors["longitude" if east is None else "latitude"] = [_("A place on the map needs both numbers.")]
        if not form.errors and north is not None and east is not None:
            form.degrees = north, east
        return form

    def _degrees(self, name: str, most: int) -> Decimal | None:
        written = getattr(self, name).replace("−", "-").replace(",", ".").rstrip("°")
        if not written:
            return None
        try:
            found = Decimal(written)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > most:
            self.errors[name] = [_("Write degrees as a number between −%(most)s and %(most)s.", most=most)]
            return None
        return found.quantize(Decimal("0.00001"))


@dataclass(slots=True)
class RulesForm:
    """Every rule's limit and the quiet hours, as they are entered."""

    typed: Typed
    limits: dict[str, tuple[bool, int | None]] = field(default_factory=dict)
    quiet: Quiet | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, held: Mapping[str, Limit], quiet: Quiet | None) -> "RulesForm":
        """As it holds now."""
        said = {f"{name}-amount": str(limit.amount) for name, limit in held.items()}
        said |= {f"{name}-active": "yes" for name, limit in held.items() if limit.active}
        if quiet is not None:
            said |= {"quiet": "yes", "begins": _clock(quiet.begins), "until": _clock(quiet.until), "zone": quiet.zone}
        return cls(said)

    @classmethod
    def typed_in(cls, typed: Typed) -> "RulesForm":
        """What was typed."""
        form = cls(typed)
        for name, rule in tables.rules().items():
            form.limits[name] = bool(typed.get(f"{name}-active")), form._amount(name, rule)
        form.quiet = form._hours() if typed.get("quiet") else None
        return form

    def _amount(self, name: str, rule: tables.Rule) -> int | None:
        if rule.unit == "none":
            return None
        written = self.typed.get(f"{name}-amount", "").strip()
        found = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None
        if found is None or not rule.least <= found <= rule.most:
            said = _("Write a whole number from %(least)s to %(most)s.", least=rule.least, most=rule.most)
            self.errors[name] = [said]
            return None
        return found

    def _hours(self) -> Quiet | None:
        begins, until = (_minute(self.typed.get(name, "")) for name in ("begins", "until"))
        zone = self.typed.get("zone", "")
        if begins is None or until is None:
            self.errors["quiet"] = [_("Write both times as 20:00 and 08:00.")]
            return None
        if zone not in available_timezones():
            self.errors["zone"] = [_("Choose the zone these times are meant in.")]
            return None
        return Quiet(begins, until, zone)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(written: str) -> int | None:
    hour, _colon, minute = written.partition(":")
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        return None
    fits = int(hour) < 24 and int(minute) < 60 if len(hour) < 3 and len(minute) < 3 else False
    return int(hour) * 60 + int(minute) if fits else None
