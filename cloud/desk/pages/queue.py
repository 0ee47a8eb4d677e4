"""The queue: what patients booked, asked or said, newest first, until somebody has looked after it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, engine, me, needs
from cloud.booking import entries, once, pending
from cloud.booking.errors import Taken
from cloud.desk import board, wording
from cloud.desk.pages.blueprint import bp, store_id
from cloud.kernel.clock import now
from cloud.people import queries as people

SHOWN = 50
OFFERED = 8
DEEDS: dict[str, Callable[..., None]] = {"take": entries.take, "give-back": entries.give_back, "done": entries.done}


@bp.get("/queue")
@needs(May.BOOK)
def queue() -> ResponseReturnValue:
    """What waits in the store one works in."""
    return render_template("desk/queue.html", **(_queue() if me().store else {"found": None}))


@bp.get("/queue/part")
@needs(May.BOOK)
def queue_part() -> ResponseReturnValue:
    """The living part of it."""
    store_id()
    return render_template("desk/queue_part.html", **_queue())


@bp.get("/queue/count")
@needs(May.BOOK)
def queue_count() -> ResponseReturnValue:
    """How many wait, for the rail of every page."""
    store = me().store
    return render_template("desk/queue_count.html", count=entries.waiting(db(), store.id) if store else 0)


def _queue() -> dict[str, Any]:
    found = entries.of_store(db(), store_id(), 0, SHOWN + 1)
    wishes = pending.requests(db(), {one.request_id for one in found if one.request_id})
    visits = pending.visits(db(), {one.visit_id for one in found if one.visit_id})
    about: list[Any] = [*found, *wishes.values(), *visits.values()]
    whose = {one.patient_id for one in about if one.patient_id}
    return {
        **{"found": found[:SHOWN], "more": len(found) > SHOWN, "requests": wishes, "visits": visits},
        **{"patients": people.named(db(), whose), "types": board.named_types(db()), "kinds": wording.entries()},
        **{"names": accounts.names(db(), {one.by for one in found if one.by}), "mine": me().staff_id},
        **{"moment": now(), "windows": windows, "states": wording.states()},
    }


def windows(one: Any) -> list[str]:
    """When somebody would like to come, in words."""
    return [
        f"{wording.weekday(date.fromisoformat(on))} {_clock(first)}–{_clock(last)}" for on, first, last in one.windows
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@bp.post("/queue/<int:entry_id>/<deed>")
@needs(May.BOOK)
def look_after(entry_id: int, deed: str) -> ResponseReturnValue:
    """Take it, give it back, or say it is done."""
    pending.entry(db(), entry_id)
    if deed not in DEEDS:
        return redirect(url_for("desk.queue"), 303)
    try:
        once.settled(
            engine(), me().tenant_id, lambda work: DEEDS[deed](work, pending.entry(work, entry_id), me().staff_id)
        )
    except Taken:
        flash(_("A colleague was quicker: the queue shows how it stands now."), "warning")
    return redirect(url_for("desk.queue"), 303)
