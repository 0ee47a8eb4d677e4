"""The form of a person, a room, an instrument or places side by side."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _

from cloud.planning.forms.entered import Entered
from cloud.schedule.choices import Kind
from cloud.schedule.models import Resource

SKILL = re.compile(r"[a-z0-9][a-z0-9 _:-]{0,39}")
MOST_SEATS = 30


def values(
    form: Entered, *, staff: Collection[int], instruments: Collection[int], skills: Collection[str]
) -> dict[str, Any]:
    """What was said of a resource; ``skills`` are those that are known already."""
    found: dict[str, Any] = {
        "kind": form.one_of("kind", [one.value for one in Kind], Kind.PERSON),
        "name": form.text("name", 120, required=True),
        "staff_id": _of(form, "staff_id", staff),
        "instrument_id": _of(form, "instrument_id", instruments),
        "skills": _skills(form, skills),
        "between": form.number("between", 0, 240, step=5) or 0,
        "weight": 1 if form.raw("weight") == "" else form.needed("weight", 0, 10),
        "active_from": form.day("active_from"),
        "active_until": form.day("active_until"),
        "licensed_until": form.day("licensed_until"),
    }
    if found["active_from"] and found["active_until"] and found["active_until"] < found["active_from"]:
        form.wrong("active_until", _("The last day lies before the first."))
    if not found["skills"]:
        form.wrong("skills", _("Say what this can be booked for: a visit looks for a skill, not for a name."))
    return found


def count(form: Entered) -> int:
    """How many places side by side are added at once."""
    return (form.number("count", 1, MOST_SEATS) or 1) if form.raw("kind") == Kind.SEAT else 1


def texts(one: Resource) -> Mapping[str, Any]:
    """As the form shows what stands."""
    told = {name: getattr(one, name) for name in ("kind", "name", "staff_id", "instrument_id", "between", "weight")}
    days = {name: getattr(one, name) or "" for name in ("active_from", "active_until", "licensed_until")}
    return {**told, **days, "skills": list(one.skills)}


def again(form: Entered) -> Mapping[str, Any]:
    """As it was typed."""
    return {**{name: form.raw(name) for name in form.sent}, "skills": form.sent.getlist("skills")}


def _skills(form: Entered, known: Collection[str]) -> list[str]:
    ticked = [one for one in form.sent.getlist("skills") if one in known]
    typed = [one.strip().lower() for one in re.split("[,，、;；]+", form.raw("more_skills")) if one.strip()]
    if any(not SKILL.fullmatch(one) for one in typed):
        form.wrong("more_skills", _("Write skills in small Latin letters, for instance: doctor, slit-lamp."))
        return ticked
    return list(dict.fromkeys([*ticked, *typed]))


def _of(form: Entered, name: str, allowed: Collection[int]) -> int | None:
    said = form.raw(name)
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 19 and int(said) in allowed):
        form.wrong(name, _("Choose one from the list."))
        return None
    return int(said)
