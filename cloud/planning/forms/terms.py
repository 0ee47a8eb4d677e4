"""Forms of what is offered, of quotas, of the policy, of holidays."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import gettext as _

from cloud.planning.forms.entered import Entered
from cloud.planning.terms import Answers
from cloud.schedule.choices import Answer, Channel, Per, Turn, Who

ANSWERS = [one.value for one in Answer]
OVERLAP = ("warn", "deny")
AHEAD = 3  # years


def offers(form: Entered, types: Collection[int]) -> dict[tuple[int, str], Answers]:
    """A row of answers for every type and channel that the form names."""
    found = {}
    for type_id in types:
        for channel in Channel:
            name = f"offer_{type_id}_{channel}"
            if f"{name}_new" in form.sent:
                said = (form.one_of(f"{name}_{who}", ANSWERS, "no") for who in ("new", "existing"))
                new, existing = said
                found[type_id, channel.value] = (new, existing)
    return found


def quota(form: Entered, types: Collection[int], resources: Collection[int]) -> dict[str, Any]:
    """At most so many of what, for whom, in which time."""
    type_id = form.one_of("type_id", ("", *map(str, types)))
    resource_id = form.one_of("resource_id", ("", *map(str, resources)))
    return {
        "type_id": int(type_id) if type_id else None,
        "resource_id": int(resource_id) if resource_id else None,
        "who": form.one_of("who", [one.value for one in Who], Who.BOTH),
        "per": form.one_of("per", [one.value for one in Per], Per.DAY),
        "most": form.needed("most", 0, 1000),
    }


def policy(form: Entered, countries: Collection[str]) -> dict[str, Any]:
    """How a store books."""
    return {
        "turn": form.one_of("turn", [one.value for one in Turn], Turn.MAX),
        "hold_minutes": form.needed("hold_minutes", 5, 10),
        "country": form.one_of("country", countries, "GB"),
        "overlap": form.one_of("overlap", OVERLAP, "warn"),
    }


def year(said: str, today: date) -> int:
    """The year that is looked at; this one where nothing sensible was said."""
    right = len(said) == 4 and said.isascii() and said.isdigit() and abs(int(said) - today.year) <= AHEAD
    return int(said) if right else today.year


def holidays(form: Entered, known: Collection[date], today: date) -> list[date]:
    """Days on which to be closed, of those that are known."""
    days = [date.fromisoformat(one) for one in form.some_of("days", [one.isoformat() for one in known])]
    if not days and not form.errors:
        form.wrong("days", _("Choose at least one day."))
    return [one for one in days if one >= today]
