"""``/place/<token>``: one's own place in the queue, on a phone. Nothing of a person but the ticket."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.gate import engine
from cloud.arrival import places, waiting
from cloud.arrival.doors.blueprint import bp, door, dress, reading, settled
from cloud.direct import browser
from cloud.direct.errors import NotOurs
from cloud.queue import services
from cloud.queue.choices import Stay as Here
from cloud.queue.choices import Through
from cloud.queue.errors import HeldAway, Moved, NotDrawn

__all__ = ["bp"]
AT = "/place/<token>"


@door(AT, "place", referrer="no-referrer")
def place(token: str) -> ResponseReturnValue:
    """The ticket, where next, how many before."""
    return _drawn(token, "place")


@door(f"{AT}/part", "place_part", referrer="no-referrer")
def part(token: str) -> ResponseReturnValue:
    """What changes of it."""
    return _drawn(token, "place_part")


@door(f"{AT}/leave", "leave")
def leave(token: str) -> ResponseReturnValue:
    """Whether really."""
    return _drawn(token, "place_leave")


@door(f"{AT}/leave", "left", "POST")
def left(token: str) -> ResponseReturnValue:
    """Somebody has to go; one who went already is told so by the page."""
    tenant_id, stay_id = places.find(engine(), browser.key(), token)
    try:
        settled(token, tenant_id, lambda session: _left(session, stay_id))
    except NotOurs:
        return _drawn(token, "place_leave", _("This page was open for too long. Send it once more."), 400)
    except HeldAway:
        return _drawn(token, "place_leave", _("The store cannot take this in now. Tell the desk that you go."), 409)
    except (NotDrawn, Moved):
        return _drawn(token, "place_leave", _("That was not done: your place has just changed. Look at it again."), 409)
    return redirect(url_for("entrance.place", token=token, lang=browser.chosen()), 303)


def _left(session: Session, stay_id: int) -> None:
    stay = places.stay(session, stay_id)
    if stay.state == Here.HERE:
        services.leave(session, stay, by=None, through=Through.PHONE)


def _drawn(token: str, page: str, wrong: str = "", status: int = 200) -> Response:
    tenant_id, stay_id = places.find(engine(), browser.key(), token)

    def draw(session: Session) -> str:
        stay = places.stay(session, stay_id)
        dress(session, stay.store_id)
        told = {"token": token, "at": waiting.where(session, stay), "wrong": wrong}
        return render_template(f"arrival/{page}.html", **told)

    return make_response(reading(tenant_id, draw), status)
