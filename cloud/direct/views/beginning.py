"""Who is there: a contact, a code, and where several households share it a date of birth."""

from flask import g, request
from flask_babel import gettext as _

from cloud.direct import browser, choosing, flows, offering, showing, stamps, visitor
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.choices import Deed
from cloud.direct.errors import CodeOver, NoContact, TooMany
from cloud.direct.told import Told
from cloud.direct.views.pages import before, drawn, way
from cloud.direct.visitor import Here
from cloud.web.languages import current_language


@way.page("")
def start(here: Here, again: Again) -> str | Go:
    """Where a code should go."""
    over = bool(request.args.get("over")) and not again.wrong
    return drawn(here, "start", again, over=over, whose=f"{here.shop.store_id}")


@way.act("")
def begin(here: Here) -> Go:
    """Send it, whoever it is: nobody is looked up before the code was typed."""
    try:
        channel, address = flows.contact(request.form.get("contact", ""), here.shop.country)
    except NoContact:
        raise Refused(
            {"contact": _("Enter a mobile number, with +country code if it is foreign, or an e-mail address.")}
        ) from None
    try:
        browser.count(here.session, Deed.BEGIN, address)
        browser.count(here.session, Deed.CODE, address)
    except TooMany:
        raise browser.often() from None
    told = Told(secret=_secret(here))
    flow, token, cookie = flows.begin(here.session, here.shop, channel, address, told)
    flow.language = browser.chosen()
    flows.send_code(here.session, here.shop, flow, current_language(), browser.key())
    g.direct_begun = token, cookie
    return Go("code")


def _secret(here: Here) -> str:
    """The code of a hidden type, when its secret link led here."""
    given = request.form.get("with", "")
    shown = (one for one in offering.hidden(here.session) if given == _link_of(here, one.id)) if given else ()
    return next((one.code for one in shown), "")


def _link_of(here: Here, type_id: int) -> str:
    return stamps.secret(browser.key(), f"{here.shop.slugs[0]} {type_id}")


@way.page("code")
def code(here: Here, again: Again) -> str | Go:
    """Where the code is typed."""
    return before(here, "code") or drawn(here, "code", again)


@way.act("code")
def typed(here: Here) -> Go | Again:
    """Open the way; a wrong code is counted whatever else happens."""
    flow = here.way
    try:
        browser.count(here.session, Deed.WRONG, flow.contact)
        left = flows.check_code(here.session, flow, request.form.get("code", ""), browser.key())
    except TooMany:
        raise browser.often() from None
    except CodeOver:
        raise Refused({"code": _("This code has ended. Ask for another one.")}) from None
    if left is not None:
        return Again({"code": _("That is not the code we sent. Tries left: %(left)s.", left=left)})
    choosing.note_shown(here.session, here.shop, flow)
    return Go("who")


@way.act("code", "again")
def another(here: Here) -> Go:
    """A fresh code to the same contact; the one before is worth nothing."""
    flow = here.way
    try:
        browser.count(here.session, Deed.CODE, flow.contact)
    except TooMany:
        raise browser.often() from None
    if flow.verified_at is None:
        flows.send_code(here.session, here.shop, flow, current_language(), browser.key())
    return Go("code", (("sent", "1"),))


@way.page("family")
def family(here: Here, again: Again) -> str | Go:
    """Which of several households it is."""
    return before(here, "family") or drawn(here, "family", again)


@way.act("family")
def opened(here: Here) -> Go | Again:
    """Open the household in which somebody was born on that day."""
    _opened(here)
    born = showing.day(request.form.get("born", ""))
    try:
        browser.count(here.session, Deed.WRONG, f"born {here.way.contact}")
    except TooMany:
        raise browser.often() from None
    if born is None:
        return Again({"born": _("Enter a date of birth.")})
    if not choosing.open_household(here.session, here.shop, here.way, born):
        return Again({"born": _("Nobody with this contact was born on that day. Check it, or go on as somebody new.")})
    choosing.note_shown(here.session, here.shop, here.way)
    return Go("who")


@way.act("family", "new")
def stranger(here: Here) -> Go:
    """None of them: somebody new, who opens no household."""
    _opened(here)
    here.way.household = [0]
    return Go("new")


def _opened(here: Here) -> None:
    """The code comes first. Goes there."""
    visitor.first(before(here, "family"))
