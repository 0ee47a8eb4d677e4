"""Booking at the counter: who, what, with whom, when; a time is held while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.booking import asking, finding
from cloud.booking.asking import Ask, View
from cloud.desk import wording
from cloud.desk.pages.blueprint import bp, day_asked, instant, store_id, today, zone
from cloud.desk.reasons import speaker
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.schedule import queries as schedule
from cloud.schedule.choices import Channel, Who
from cloud.schedule.models import Type

OFFERED = 8  # people a search offers
LANGUAGE = "language:"  # how skills say what somebody speaks
KEPT = ("patient", "type", "who", "wish", "day", "at", "resource")


@dataclass(frozen=True)
class Wish:
    """What the address asks for, so far as it makes sense."""

    on: date
    types: list[Type]
    type: Type | None
    who: Who
    patient: Any
    wanted: frozenset[int]
    ask: Ask | None


@bp.get("/booking/new")
@needs(May.BOOK)
def counter() -> ResponseReturnValue:
    """One page: whatever is known already is filled in, the address keeps it."""
    shown = page(wish_asked())
    if shown.get("next") and "day" not in request.args:  # nobody asked for a day: the first that has a time
        return redirect(url_for("desk.counter", **kept(), day=shown["next"]), 303)
    return render_template("desk/counter.html", **shown)


@bp.get("/booking/people")
@needs(May.BOOK, May.SEE_PATIENTS)
def finder() -> ResponseReturnValue:
    """Who answers to what was typed so far, as buttons of the page's own form."""
    words = request.args.get("q", "").strip()
    found = people.search(db(), words, OFFERED + 1) if words else ()
    return render_template("desk/finder.html", found=found[:OFFERED], more=len(found) > OFFERED, words=words)


def wish_asked() -> Wish:
    """What the address, or a form, says so far."""
    types = schedule.booked_by(db(), store_id(), Channel.DESK)
    kind = next((one for one in types if one.id == request.values.get("type", type=int)), None)
    who = Who.NEW if request.values.get("who") == Who.NEW else Who.EXISTING
    patient = patient_asked(request.values.get("patient", type=int))
    wanted = _wanted(request.values.get("wish", "") or request.values.get("resource", ""))
    born = patient.birth_date if patient else None
    ask = Ask(store_id(), kind.id, who, Channel.DESK, born, frozenset(), wanted) if kind else None
    return Wish(max(day_asked(), today()), types, kind, who, patient, wanted, ask)


def patient_asked(patient_id: int | None) -> Any:
    """Somebody of this chain, else nobody."""
    try:
        return people.patient(db(), patient_id) if patient_id else None
    except NoSuchPatient:
        return None


def _wanted(text: str) -> frozenset[int]:
    """A resource by its number, or everybody who speaks a language."""
    everybody = schedule.resources(db(), store_id())
    if text.startswith(LANGUAGE):
        return frozenset(one.id for one in everybody if text in one.skills)
    return frozenset(one.id for one in everybody if str(one.id) == text)


def kept() -> dict[str, Any]:
    """What is filled in already, as an address keeps it."""
    return {name: request.values[name] for name in KEPT if request.values.get(name)}


def searched(wish: Wish) -> dict[str, Any]:
    """Who answers to what was typed, while nobody is chosen."""
    words = request.args.get("q", "").strip()
    found = people.search(db(), words, OFFERED + 1) if words and not wish.patient else ()
    return {"wish": wish, "words": words, "found": found[:OFFERED], "more": len(found) > OFFERED, "kept": kept()}


def page(wish: Wish) -> dict[str, Any]:
    """Everything the counter's page shows."""
    return {
        **searched(wish),
        **{
            "zone": zone(),
            "today": today(),
            "names": {one.id: wording.said(one.names, one.code) for one in wish.types},
        },
        **{"wishes": _wishes(), "asked_wish": request.values.get("wish", "") or request.values.get("resource", "")},
        **{"weekday": wording.weekday, "whole_day": wording.whole_day, "day_step": timedelta(days=1)},
        "may_overbook": May.OVERBOOK in me().may,
        **links(kept()),
        "family": family(wish.patient.id) if wish.patient and wish.ask else (),
        **(_times(wish.ask, wish.on) if wish.ask else {"times": None}),
    }


def family(patient_id: int) -> list[Any]:
    """Who lives with somebody, and who they are related to; each once."""
    living = [one for home in people.households(db(), patient_id) for one in home.others]
    related = [one.other for one in people.relatives(db(), patient_id)]
    return list({one.id: one for one in (*living, *related)}.values())


def links(filled: dict[str, str]) -> dict[str, Any]:
    """Ways on from here that keep what is filled in."""
    adds = url_for("people.new", then=urlencode(filled)) if May.EDIT_PATIENTS in me().may else ""
    return {"onward": _onward, "without": _without, "adds_href": adds}


def _onward(kept: dict[str, Any], **changed: Any) -> str:
    return url_for("desk.counter", **{**kept, **changed})


def _without(kept: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in kept.items() if name not in names}


def _wishes() -> list[tuple[str, str]]:
    """Whom one may wish for: anybody, somebody, or who speaks a language."""
    everybody = [one for one in schedule.resources(db(), store_id()) if one.kind == "person"]
    spoken = sorted({skill for one in everybody for skill in one.skills if skill.startswith(LANGUAGE)})
    people_ = [(str(one.id), one.name) for one in everybody]
    return [("", _("Anybody")), *people_, *((one, _spoken(one.removeprefix(LANGUAGE))) for one in spoken)]


def _spoken(code: str) -> str:
    known = {"zh": _("Speaks Chinese"), "en": _("Speaks English")}
    return known.get(code) or str(_("Speaks %(language)s", language=code))


def _times(ask: Ask, on: date) -> dict[str, Any]:
    """The day's times; where some are missing, why; where there is none, the next day that has one."""
    seen = asking.view(db(), ask, on, on)
    if seen is None:
        return {"times": (), "missing": [], "next": None, "refused": True, "preferred": None}
    times = asking.times(seen, on)
    gone = asking.missing(seen, on)
    return {
        **{"times": times, "missing": _missing(seen, gone), "refused": False},
        "next": finding.next_day(db(), ask, on) if not times else None,
        "preferred": _preferred(times),
    }


def _missing(seen: View, gone: dict[datetime, Any]) -> list[tuple[list[datetime], list[str]]]:
    """Times that are not there with their reasons; neighbours with the same reasons together."""
    speaks = speaker(db(), seen, {one for why in gone.values() for one in why})
    told: list[tuple[list[datetime], list[str]]] = []
    for at, why in gone.items():
        words = speaks.says(why)
        if told and told[-1][1] == words:
            told[-1][0].append(at)
        else:
            told.append(([at], words))
    return told


def _preferred(times: Sequence[datetime]) -> datetime | None:
    """The time nearest to the one the calendar was pressed at."""
    text = request.args.get("at", "")
    if not text or not times:
        return None
    wanted = instant(text)
    return min(times, key=lambda one: abs(one - wanted))
