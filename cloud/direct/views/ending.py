"""The end of the way: everything once more with a time that is kept, then booked."""

from flask import Response, make_response, request
from flask_babel import gettext as _

from cloud.booking import calendar, listing
from cloud.booking.errors import OtherQuestion, Overlaps, RanOut
from cloud.direct import deeds, linking, offering, visitor
from cloud.direct.browser import Again, Go, Refused
from cloud.direct.errors import FlowOver, NotTheirs, TooManyOpen
from cloud.direct.views.pages import before, drawn, names, way
from cloud.direct.views.times import keep
from cloud.direct.visitor import Here
from cloud.kernel.clock import now

LONGEST = 500


@way.page("confirm")
def confirm(here: Here, again: Again) -> str | Go:
    """Everything that was chosen, and how long it is kept."""
    first = before(here, "confirm")
    if first:
        return first
    told = here.told
    kinds = offering.types(here.session, told.types.values())
    kept = told.until is not None and told.until > now()
    left = max(0, int((told.until - now()).total_seconds())) if told.until else 0
    return drawn(here, "confirm", again, told=told, names=names(here), kinds=kinds, kept=kept, left=left)


@way.act("confirm")
def booked(here: Here) -> Go:
    """Book what is kept, once."""
    flow = here.way
    if flow.visits:
        return Go("done")
    visitor.first(before(here, "confirm"))
    told = here.told
    told.reason = text("reason")
    here.keep(told)
    try:
        deeds.book(here.session, here.shop, flow, request.form.get("once", ""))
    except (RanOut, OtherQuestion):
        raise Refused({"": _("Your time ran out, and nothing was booked. Try the same time again.")}, 409) from None
    except Overlaps:
        raise Refused(
            {"": _("There is another visit for the same person at that time. Choose another time.")}
        ) from None
    except TooManyOpen:
        raise Refused({"": _("There are several visits ahead already. Call us to book another one.")}) from None
    except NotTheirs:
        raise Refused({"": _("This cannot be booked like that any more. Choose again.")}) from None
    return Go("done")


def text(field: str) -> str:
    """What somebody wrote, without what cannot be seen."""
    said = "".join(sign for sign in request.form.get(field, "") if sign.isprintable() or sign == "\n")
    return said.strip()[:LONGEST]


@way.act("confirm", "longer")
def longer(here: Here) -> Go:
    """Keep it once more as long."""
    visitor.first(before(here, "confirm"))
    try:
        deeds.renew(here.session, here.way)
    except RanOut:
        raise Refused({"": _("It cannot be kept any longer.")}, 409) from None
    return Go("confirm")


@way.act("confirm", "again")
def again(here: Here) -> Go:
    """The same time once more, if nobody has it."""
    visitor.first(before(here, "confirm"))
    at = here.told.at
    if at is None:
        return Go("when")
    try:
        return keep(here, at)
    except Refused as refusal:
        raise Refused({"": next(iter(refusal.again.wrong.values()))}, 409) from None


@way.page("done")
def done(here: Here, again: Again) -> str | Go:
    """What was booked, when, where, and what to bring."""
    first = before(here, "done")
    if first:
        return first
    if not here.way.visits:
        return Go("when")
    visits = [listing.one(here.session, one) for one in here.way.visits]
    kinds = offering.types(here.session, {one.type_id for one in visits})
    return drawn(here, "done", again, visits=visits, kinds=kinds, names=list(names(here).values()))


@way.act("done", "link")
def managed(here: Here) -> Go:
    """A link with which the visit can be changed; made when it is wanted, since only its digest is kept."""
    visits = here.way.visits
    at = request.form.get("at", 0, type=int)
    if not 0 <= at < len(visits):
        raise FlowOver
    return Go("linked", (("token", linking.made(here.session, visits[at])),))


@way.file("done/visit-<int:at>.ics", "calendar_file")
def calendar_file(here: Here, at: int) -> Response:
    """A visit to take along."""
    visits = here.way.visits
    if not 0 <= at < len(visits):
        raise FlowOver
    return as_file(calendar.file(here.session, listing.one(here.session, visits[at])))


def as_file(data: bytes) -> Response:
    """A calendar file."""
    response = make_response(data)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response
