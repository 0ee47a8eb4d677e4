"""One visit: whose it is, who serves, what became of it; and what the desk does with it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import deposits, listing, noting, once, services, together
from cloud.booking.choices import MOVES, By, Paid, State
from cloud.booking.errors import NoSuchMove, WantsReason
from cloud.desk import board, wording
from cloud.desk.pages.blueprint import bp, instant, today
from cloud.desk.pages.calendar import movable
from cloud.kernel import audit
from cloud.kernel.clock import local
from cloud.people import queries as people
from cloud.schedule import queries as schedule
from cloud.web.times import when

# The deeds of a visit's page and what they make of it.
DEEDS = {
    "confirm": State.CONFIRMED,
    "arrive": State.ARRIVED,
    "start": State.IN_PROGRESS,
    "complete": State.COMPLETED,
    "no-show": State.NO_SHOW,
    "cancel": State.CANCELLED,
    "not-arrived": State.BOOKED,
}
LONGEST = 200  # letters of a reason


@bp.get("/visits/<int:visit_id>")
@needs(May.SEE_SCHEDULE)
def visit(visit_id: int) -> ResponseReturnValue:
    """The visit, its patient, its history."""
    found = listing.one(db(), visit_id)
    audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=found.patient_id, page="visit")
    return _page(found)


def _page(found: Any, wrong: str = "") -> str:
    patient = people.patient(db(), found.patient_id)
    store = accounts.store(db(), found.store_id)
    changes = listing.history(db(), found.id)
    page = {"one": found, "patient": patient, "banner": people.banner(db(), patient, me().roles), "today": today()}
    page |= {"contacts": people.contacts(db(), patient.id), "changes": changes, "was": _was, "wrong": wrong}
    page |= {"names": accounts.names(db(), {one.by for one in changes if one.by}), "states": wording.states()}
    page |= {"deeds": wording.deeds(), "can": _can(found), "serving": _serving(found), "store": store}
    page |= {"type": board.named_types(db()).get(found.type_id, ""), "may_book": May.BOOK in me().may}
    others = listing.together(db(), found)
    page |= {
        "others": others,
        "also": together.with_it(db(), found),
        "patients": people.named(db(), {one.patient_id for one in others}),
    }
    page |= {"deposit": _deposit(found), "paid": wording.deposits()}
    page |= {"movable": movable(found.state), "longest": LONGEST, "day": store_day(found, store.zone)}
    return render_template("desk/visit.html", **page)


def _can(found: Any) -> list[str]:
    return [deed for deed, state in DEEDS.items() if state in MOVES[State(found.state)]]


def _serving(found: Any) -> list[tuple[Any, str]]:
    """Parts with the names of who serves them."""
    names = schedule.names(db(), found.store_id)
    return [(part, names.get(part.resource_id, "")) for part in listing.parts(db(), [found.id]).get(found.id, ())]


def _was(change: Any) -> str:
    """What a change says of before, in words."""
    told = change.before.get("shown_at")
    return when(instant(told)) if told else ""


def store_day(found: Any, zone: str) -> Any:
    """The day of a visit by its store's calendar."""
    return local(found.shown_at, zone).date()


def _deposit(found: Any) -> dict[str, Any] | None:
    """Money asked for with it, and what can become of that."""
    asked = deposits.of_visit(db(), found.id)
    if asked is None:
        return None
    able = [state for state in wording.deposits() if state in deposits.NEXT[Paid(asked.state)]]
    return {"row": asked, "shown": wording.money(asked.amount, asked.currency), "able": able}


@bp.post("/visits/<int:visit_id>/deposit/<wanted>")
@needs(May.BOOK)
def deposit(visit_id: int, wanted: str) -> ResponseReturnValue:
    """It was paid at the desk, waived, paid back or kept."""
    listing.one(db(), visit_id)
    if wanted not in set(Paid):
        abort(404)

    def did(session: Session) -> None:
        found = deposits.of_visit(session, visit_id)
        if found is None:
            raise NoSuchMove("", wanted)
        deposits.settle(session, found, Paid(wanted), by=me().staff_id)

    return _done(visit_id, did)


@bp.post("/visits/<int:visit_id>/<deed>")
@needs(May.BOOK)
def turn(visit_id: int, deed: str) -> ResponseReturnValue:
    """Arrived, begun, over, cancelled, not come; and back where that is possible."""
    listing.one(db(), visit_id)
    if deed not in DEEDS:
        abort(404)
    why = " ".join(request.form.get("why", "").split())[:LONGEST] or None

    def did(session: Session) -> None:
        found = listing.one(session, visit_id)
        if deed == "cancel" and "others" in request.form:
            visits = [found, *together.with_it(session, found)]
            together.call_off(session, visits, by=me().staff_id, through=By.STAFF, why=why)
            return
        services.turn(session, found, DEEDS[deed], by=me().staff_id, through=By.STAFF, why=why)

    return _done(visit_id, did)


def _done(visit_id: int, deed: Callable[[Session], Any]) -> ResponseReturnValue:
    """Do it in a transaction of its own, then back to where one was."""
    try:
        once.settled(engine(), me().tenant_id, deed)
    except NoSuchMove:
        flash(_("Somebody was quicker: the visit is in another state now, and nothing was changed."), "warning")
    except WantsReason:
        return _page(listing.one(db(), visit_id), _("Say why the visit is cancelled.")), 422
    return redirect(url_for("desk.visit", visit_id=visit_id), 303)


@bp.post("/visits/<int:visit_id>/note")
@needs(May.BOOK)
def note(visit_id: int) -> ResponseReturnValue:
    """What colleagues should know of it."""
    listing.one(db(), visit_id)
    text = request.form.get("note", "").strip()[:2000]

    def did(session: Session) -> None:
        noting.annotate(session, listing.one(session, visit_id), text or None, by=me().staff_id)

    return _done(visit_id, did)
