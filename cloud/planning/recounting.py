"""What was done to the schedule, told in the words of its forms."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from cloud.planning.wording import short_days, text
from cloud.web import times

# Columns that say nothing to whoever reads what was changed.
SILENT = frozenset({"tenant_id", "id", "store_id", "at", "by", "place"})


def deed(change: Any) -> str:
    """What was done to what."""
    what = {
        "resource": _("Resource"),
        "rule": _("Rule of the week"),
        "dated": _("Single day"),
        "block": _("Block-off"),
        "type": _("Type of visit"),
        "offer": _("Offer"),
        "quota": _("Quota"),
        "policy": _("Policy"),
    }
    done = {
        "added": _("added"),
        "changed": _("changed"),
        "ended": _("ended"),
        "reopened": _("opened again"),
        "removed": _("removed"),
    }
    return f"{what[change.subject]}: {done[change.deed]}"


def column(name: str) -> str:
    """A field of a row in the words of its form."""
    words = {
        **{"name": _("Name"), "names": _("Name"), "kind": _("Sort"), "skills": _("Can be booked for")},
        **{"staff_id": _("Member of staff"), "instrument_id": _("Instrument of the fleet")},
        **{"between": _("Minutes between two visits"), "weight": _("Share of visits")},
        **{"active_from": _("First day"), "active_until": _("Last day"), "licensed_until": _("Licence until")},
        **{"effect": _("What"), "days": _("Days"), "starts": _("From"), "ends": _("To"), "parity": _("Weeks")},
        **{"since": _("Holds from"), "until": _("Last day"), "types": _("Types of visit"), "why": _("Why")},
        **{"on_date": _("Day"), "windows": _("Hours"), "resource_id": _("Who or what"), "type_id": _("Type of visit")},
        **{"starts_at": _("From"), "ends_at": _("To"), "ended_at": _("taken back"), "most": _("At most")},
        **{"per": _("Within"), "who": _("Who"), "channel": _("Where"), "new": _("new patients")},
        **{"existing": _("existing patients"), "turn": _("Turn-over between two visits")},
        **{"hold_minutes": _("Minutes a time is held"), "overlap": _("The same patient twice at once")},
        **{
            "country": _("Country"),
            "shown": _("Minutes the patient is told"),
            "segments": _("Parts of the visit, in order"),
        },
        **{"preparation": _("Preparation"), "policy": _("Cancelling"), "colour": _("Colour in the calendar")},
        **{"grid": _("Visits begin"), "lead": _("Notice, in minutes"), "horizon": _("Days ahead online")},
        **{"cut_off": _("Cut-off, in minutes"), "deposit": _("Deposit"), "currency": _("Currency")},
        **{"hidden": _("By link only"), "red_flags": _("Asks for red flags"), "active": _("Can be booked")},
        **{"age_from": _("From age"), "age_to": _("To age"), "examinations": _("Tests that are put on the worklist")},
    }
    return str(words.get(name, name))


def difference(change: Any) -> list[tuple[str, str | None, str | None]]:
    """What is other than before: the field, how it was and how it is; None where there was or is no such row."""
    names = [one for one in {**change.before, **change.after} if one not in SILENT]
    others = [one for one in names if change.before.get(one) != change.after.get(one)]
    return [(column(one), _told(one, change.before), _told(one, change.after)) for one in others]


def called(change: Any, resources: Mapping[int, str], types: Mapping[int, Any]) -> str:
    """What the row is called, or whose it is."""
    row = change.after or change.before
    if "names" in row:
        return text(row["names"])
    whose = resources.get(row.get("resource_id") or 0, "")
    kind_ = types.get(row.get("type_id") or 0)
    said = [row.get("name"), whose, text(kind_.names) if kind_ else None, row.get("on_date"), row.get("why")]
    return ", ".join(str(one) for one in said if one)


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when in the store: whole days as days, times of one day with the day once."""
    first, last = times.in_store(starts_at), times.in_store(ends_at)
    if first.time() == last.time() == time():
        whole = last.date() - timedelta(days=1)
        return times.day(first.date()) if whole == first.date() else f"{times.day(first.date())} – {times.day(whole)}"
    end = times.clock(ends_at) if first.date() == last.date() else times.when(ends_at)
    return f"{times.when(starts_at)} – {end}"


def _told(name: str, row: Mapping[str, Any]) -> str | None:
    value = row.get(name)
    if value in (None, "", [], {}):
        return None
    if name in ("starts", "ends"):
        return clock(value)
    if name == "days":
        return ", ".join(short_days()[number] for number in value)
    if name in ("names", "preparation", "policy"):
        return " / ".join(value.values())
    if name == "segments":
        return ", ".join(f"{text(one['names'])} {one['minutes']}" for one in value)
    if name == "windows":
        return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def clock(minutes: int) -> str:
    """``09:30`` of minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
