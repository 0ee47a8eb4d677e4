"""What is missing until patients can book, and what was done to the schedule."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.planning import lacking, queries, undoing
from cloud.planning.affected import Intended
from cloud.planning.errors import NameTaken
from cloud.planning.views.blueprint import bp, here, needs_chain, today
from cloud.planning.views.deciding import decide


@bp.get("/planning/missing")
@needs(May.SEE_SCHEDULE)
def missing() -> ResponseReturnValue:
    """A list of what to do, in order."""
    store = here()
    page = {"lacks": lacking.of(db(), store.id, today()), "types": {one.id: one for one in queries.types(db())}}
    named = {one.id: one.name for one in queries.resources(db(), store.id)}
    return render_template("planning/missing.html", **page, named=named, ahead=lacking.AHEAD)


@bp.get("/planning/history")
@needs(May.SEE_SCHEDULE)
def history() -> ResponseReturnValue:
    """Who changed what, when, and how it was."""
    changes = queries.history(db(), here().id)
    names = accounts.names(db(), {one.by for one in changes})
    page: dict[str, Any] = {"changes": changes, "names": names, "undone": undoing.can}
    page |= {"types": {one.id: one for one in queries.types(db())}}
    named = {one.id: one.name for one in queries.resources(db(), here().id)}
    return render_template("planning/history.html", **page, named=named)


@bp.post("/planning/history/<int:change_id>/undo")
@needs(May.PLAN)
def undo(change_id: int) -> ResponseReturnValue:
    """As it was before; what has been stays."""
    store_id, by, first = here().id, me().staff_id, today()
    one = queries.change(db(), store_id, change_id)
    if one.store_id is None:
        needs_chain()

    def deed(session: Session) -> None:
        undoing.undo(session, queries.change(session, store_id, change_id), by=by, today=first)

    try:
        return decide(Intended(one.store_id, deed), _("It is as it was before."), "history")
    except NameTaken as taken:
        flash(_("%(name)s is there already. Give it another name.", name=taken.args[0]), "warning")
        return redirect(url_for("planning.history"), 303)
