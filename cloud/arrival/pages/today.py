"""Who is expected today and who is here: one press says that somebody has arrived."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.arrival import board, deeds, wording
from cloud.arrival.deeds import Met
from cloud.arrival.pages.blueprint import Refused, bp, did, store_id
from cloud.booking import listing
from cloud.booking.errors import NoSuchVisit
from cloud.queue import queries, services
from cloud.queue.choices import Source, Through
from cloud.web.languages import current_language


@bp.get("/arrivals")
@needs(May.BOOK)
def today() -> ResponseReturnValue:
    """Both lists."""
    return render_template("arrival/today.html", **_lists())


@bp.get("/arrivals/part")
@needs(May.BOOK)
def today_part() -> ResponseReturnValue:
    """The lists anew."""
    return render_template("arrival/today_part.html", **_lists())


def _lists() -> dict[str, Any]:
    if me().store is None:
        return {"found": None, "words": "", "stations": False, "may_plan": False}
    words, after = request.args.get("q", "").strip(), request.args.get("after", type=int)
    return {
        "found": board.day(db(), store_id(), words, after),
        **{"words": words, "after": after, "states": wording.states()},
        **{"stations": bool(queries.stations(db(), store_id())), "may_plan": May.PLAN in me().may},
    }


@bp.post("/arrivals/visits/<int:visit_id>")
@needs(May.BOOK)
def arrived(visit_id: int) -> ResponseReturnValue:
    """Somebody who was booked is here."""
    one = listing.one(db(), visit_id)
    if one.store_id != store_id():
        raise NoSuchVisit(visit_id)
    try:
        met = did(lambda session: _welcomed(session, visit_id))
    except Refused as refusal:
        flash(wording.refusal(refusal), "warning")
        return redirect(url_for("arrival.today"), 303)
    if not met.fresh:
        flash(_("This person is here already, with ticket %(ticket)s.", ticket=met.ticket), "warning")
    return redirect(url_for("arrival.one", stay_id=met.stay_id), 303)


def _welcomed(session: Session, visit_id: int) -> Met:
    told: dict[str, Any] = {"source": Source.DESK, "through": Through.PAGE, "by": me().staff_id}
    return deeds.welcome(session, listing.one(session, visit_id), current_language(), **told)


@bp.post("/arrivals/stations")
@needs(May.PLAN)
def furnish() -> ResponseReturnValue:
    """The stations and kinds of registration a store begins with."""
    here = store_id()
    did(lambda session: len(services.furnish(session, here)))
    flash(_("The stations are set up. Look at their names and doors."), "good")
    return redirect(url_for("arrival.today"), 303)
