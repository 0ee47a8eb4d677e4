"""``/arrive/<token>``: the code in the message. On the visit's day, around its time, one press says: I am here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.gate import engine
from cloud.arrival import deeds, places
from cloud.arrival.booked import whose
from cloud.arrival.doors.blueprint import bp, door, dress, reading, settled
from cloud.arrival.wording import code, public
from cloud.booking import links
from cloud.booking.choices import LIVE
from cloud.booking.errors import LinkOver
from cloud.direct import browser, linking
from cloud.direct.errors import NotOurs
from cloud.kernel.clock import now
from cloud.queue import queries
from cloud.queue.choices import Source, Through
from cloud.queue.errors import NoNumbers, NoSuch, QuotaFull
from cloud.web.languages import current_language

__all__ = ["bp"]
AT = "/arrive/<token>"


@dataclass(frozen=True, slots=True)
class Coming:
    """A booked visit, and when its holder may say that they are here. ``live`` while anybody expects them."""

    at: datetime
    begins: datetime
    ends: datetime
    near: bool
    live: bool


@door(AT, "coming")
def coming(token: str) -> ResponseReturnValue:
    """The button when it is time, else when it will be; and the code for the kiosk."""
    return _drawn(token)


@door(AT, "come", "POST")
def come(token: str) -> ResponseReturnValue:
    """They are here; pressed twice it is the same ticket."""
    try:
        own = settled(token, _tenant(token), lambda session: _came(session, token))
    except NotOurs:
        return _drawn(token, _("This page was open for too long. Send it once more."), 400)
    except (NoSuch, QuotaFull, NoNumbers):
        return _drawn(token, _("That cannot be done here. Go to the desk: they know about your visit."), 409)
    if own is None:
        return _drawn(token, _("That cannot be done now."), 409)
    return redirect(url_for("entrance.place", token=own, lang=browser.chosen()), 303)


def _came(session: Session, token: str) -> str | None:
    """The token of one's own place; None where it is not the time. Raises LinkOver."""
    visit = linking.file_of(session, token)
    known = queries.stay_of_visit(session, visit.id)
    if known is None and not _seen(session, visit).near:
        return None
    told: dict[str, Any] = {"source": Source.CODE, "through": Through.PHONE, "by": None}
    met = known.id if known else deeds.welcome(session, visit, current_language(), **told).stay_id
    return places.again(browser.key(), places.stay(session, met))


def _seen(session: Session, visit: Any) -> Coming:
    begins, ends = linking.near(session, visit)
    live = visit.state in LIVE
    return Coming(visit.shown_at, begins, ends, live and begins <= now() <= ends, live)


def _tenant(token: str) -> int:
    """The chain of a link. Raises LinkOver."""
    found = links.place(engine(), token)
    if found is None:
        raise LinkOver
    return found


def _drawn(token: str, wrong: str = "", status: int = 200) -> Response:
    def draw(session: Session) -> str:
        visit = linking.file_of(session, token)
        dress(session, visit.store_id, whose(session, {visit.patient_id})[visit.patient_id].language)
        known = queries.stay_of_visit(session, visit.id)
        own = places.again(browser.key(), known) if known else ""
        scan = code(public(url_for("entrance.coming", token=token)))
        told = {"token": token, "one": _seen(session, visit), "own": own, "code": scan, "wrong": wrong}
        return render_template("arrival/coming.html", **told)

    return make_response(reading(_tenant(token), draw), status)
