"""When: a calendar of days with what can be had, whom one prefers, and what to do when there is nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from flask import request
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.booking.errors import Gone, NotOffered, TooManyHolds
from cloud.direct import browser, choosing, deeds, offering, showing, stamps, visitor
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.choices import Way as Coming
from cloud.direct.errors import NotTheirs
from cloud.direct.told import Wish
from cloud.direct.views.pages import before, drawn, names, today, way
from cloud.direct.visitor import Here
from cloud.kernel.clock import local

LAST = timedelta(days=400)  # nobody looks further in a calendar


@way.page("when")
def when(here: Here, again: Again) -> str | Go:
    """A month, the times of a day of it, and whom one may wish for."""
    first = before(here, "when")
    if first:
        return first
    if choosing.only_asks(here.session, here.shop, here.told):
        return Go("request")
    month, chosen, found = _month(here)
    told = here.told
    return drawn(
        here,
        "when",
        again,
        month=showing.month(month, today(here.shop), found, chosen),
        chosen=chosen,
        parts=showing.parts(found.get(chosen, ()), here.shop.zone) if chosen else (),
        servers=offering.servers(here.session, here.shop.store_id, told.types.values()),
        wish=told.wish,
        names=names(here),
        kinds=offering.types(here.session, told.types.values()),
        told=told,
        elsewhere=_elsewhere(here) if not found or request.args.get("elsewhere") else None,
    )


def _month(here: Here) -> tuple[date, date | None, Mapping[date, Sequence[datetime]]]:
    """The month that was asked for, the day that is shown, and what can be had in the month.

    Without a question it is the month of the first day that has a time.
    """
    start = today(here.shop)
    day = showing.day(request.args.get("day", ""))
    asked = day or showing.day(f"{request.args.get('month', '')}-01")
    if not request.args and here.told.at is not None:
        day = asked = local(here.told.at, here.shop.zone).date()
    asked = asked if asked and start.replace(day=1) <= asked <= start + LAST else None
    if asked is None:
        asked = deeds.next_day(here.session, here.shop, here.way, start - timedelta(days=1)) or start
        day = asked
    first = showing.first_of(asked)
    found = deeds.times(here.session, here.shop, here.way, max(first, start), showing.last_of(first))
    shown = day if day in found else next(iter(found), None)
    return first, shown, found


def _elsewhere(here: Here) -> list[tuple[str, str, datetime, str]]:
    """Other stores of the chain that have a time: number, name, when, zone."""
    there, told = choosing.members(here.session, here.shop, here.way), here.told
    if len(told.people) != 1:
        return []
    [ask] = choosing.asks(here.session, here.shop, told, there)
    stores = [one for one in accounts.all_stores(here.session) if one.id != here.shop.store_id]
    found = offering.elsewhere(here.session, ask, [one.id for one in stores], today(here.shop))
    named = {one.id: one for one in stores}
    return [(str(one.store_id), named[one.store_id].name, one.at, named[one.store_id].zone) for one in found]


@way.act("when")
def held(here: Here) -> Go:
    """Keep a time; the one before is free again."""
    visitor.first(before(here, "when"))
    at = showing.moment(request.form.get("at", ""))
    if at is None:
        raise Refused({"at": _("Choose a time.")})
    return keep(here, at)


def keep(here: Here, at: datetime) -> Go:
    """Keep a time for whoever this is. Raises Refused."""
    holder = stamps.whose(browser.key(), f"contact {here.way.contact}")
    try:
        deeds.hold(here.session, here.shop, here.way, at, holder)
    except Gone as gone:
        near = ", ".join(time.label for part in showing.parts(gone.others, here.shop.zone) for time in part.times)
        said = _("Somebody else took this time just now.")
        raise Refused({"at": f"{said} {_('Near it: %(times)s.', times=near)}" if near else said}, 409) from None
    except (NotOffered, NotTheirs):
        raise Refused({"at": _("This cannot be booked like that any more. Choose again.")}) from None
    except TooManyHolds:
        raise Refused(
            {"at": _("You keep several times already. Book one of them, or let a few minutes pass.")}
        ) from None
    return Go("confirm")


@way.act("when", "wish")
def wished(here: Here) -> Go:
    """With whom, in which language, how a family comes."""
    visitor.first(before(here, "when"))
    told = here.told
    serving = offering.servers(here.session, here.shop.store_id, told.types.values())
    said = request.form.get("wish", "")
    person = next((one.id for one in serving if said == f"person-{one.id}"), None)
    spoken = {language for one in serving for language in one.languages}
    language = said.removeprefix("language-") if said.removeprefix("language-") in spoken else ""
    coming = Coming.TOGETHER if request.form.get("way") == Coming.TOGETHER else Coming.AFTER
    wish = Wish(person, language, coming)
    if wish != told.wish:
        choosing.release(here.session, told)
        told.wish, told.at = wish, None
        here.keep(told)
    return Go("when")


@way.act("when", "elsewhere")
def moved(here: Here) -> Go:
    """The same in another store of the chain."""
    visitor.first(before(here, "when"))
    told, store_id = here.told, request.form.get("store", 0, type=int)
    stores = {one.id: one for one in accounts.all_stores(here.session)}
    if store_id not in stores:
        raise Refused({"at": _("There is no such store.")})
    choosing.release(here.session, told)
    told.at, told.wish = None, Wish(None, told.wish.language, told.wish.way)
    here.way.store_id = store_id
    here.keep(told)
    return Go("when", (("store", stores[store_id].slug),))
