"""When there is no time to book: ask the practice, or wait until one comes free."""

from datetime import date, timedelta

from flask import request as sent
from flask_babel import gettext as _

from cloud.booking.errors import WaitsAlready
from cloud.booking.requests import Window
from cloud.booking.waiting import Wanted
from cloud.direct import deeds, offering, showing, visitor
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.views.ending import text
from cloud.direct.views.pages import before, drawn, names, today, way
from cloud.direct.visitor import Here

PARTS = {"any": (0, 1440), "morning": (0, 720), "afternoon": (720, 1020), "evening": (1020, 1440)}
WINDOWS = 3
AHEAD = timedelta(days=90)


@way.page("request")
def request(here: Here, again: Again) -> str | Go:
    """Days and parts of days that would suit."""
    first = before(here, "when")
    kinds = {} if first else offering.types(here.session, here.told.types.values())
    return first or drawn(here, "request", again, windows=WINDOWS, kinds=kinds, today=today(here.shop))


@way.act("request")
def asked(here: Here) -> Go:
    """Leave it with the practice, once."""
    visitor.first(before(here, "when"))
    if here.way.request_id is None:
        windows = tuple(filter(None, (_window(here, number) for number in range(WINDOWS))))
        if not windows:
            raise Refused({"day-0": _("Choose at least one day.")})
        deeds.request(here.session, here.shop, here.way, windows, text("reason"))
    return Go("requested")


def _window(here: Here, number: int) -> Window | None:
    on = showing.day(sent.form.get(f"day-{number}", ""))
    first, last = PARTS.get(sent.form.get(f"part-{number}", ""), PARTS["any"])
    start = today(here.shop)
    if on is None:
        return None
    if not start <= on <= start + AHEAD * 4:
        raise Refused({f"day-{number}": _("Choose a day from today on.")})
    return on, first, last


@way.page("requested")
def requested(here: Here, again: Again) -> str | Go:
    """It is with the practice."""
    first = before(here, "who")
    if first is None and here.way.request_id is None:
        return Go("request")
    return first or drawn(here, "requested", again)


@way.page("wait")
def wait(here: Here, again: Again) -> str | Go:
    """Until when, and at what times of day."""
    first = before(here, "when")
    until = today(here.shop) + timedelta(days=30)
    return first or drawn(here, "wait", again, until=until, today=today(here.shop), names=names(here))


@way.act("wait")
def waits(here: Here) -> Go:
    """On the list."""
    visitor.first(before(here, "when"))
    until = showing.day(sent.form.get("until", ""))
    start = today(here.shop)
    if until is None or not start <= until <= start + AHEAD * 4:
        raise Refused({"until": _("Choose a day from today on.")})
    try:
        deeds.wait(here.session, here.shop, here.way, _wanted(here, start, until))
    except WaitsAlready:
        raise Refused({"": _("You wait for this already. We write as soon as a time comes free.")}) from None
    return Go("waiting")


def _wanted(here: Here, since: date, until: date) -> Wanted:
    told = here.told
    starts, ends = PARTS.get(sent.form.get("part", ""), PARTS["any"])
    days = frozenset(int(one) for one in sent.form.getlist("weekday") if one in "0123456" and one)
    resources = frozenset({told.wish.person} if told.wish.person else ())
    stores = frozenset({here.shop.store_id})
    kind = told.types[told.people[0]]
    return Wanted(kind, stores, since, until, resources=resources, days=days, starts=starts, ends=ends)


@way.page("waiting")
def waiting(here: Here, again: Again) -> str | Go:
    """On the list, and what happens then."""
    first = before(here, "when")
    return first or drawn(here, "waiting", again)
