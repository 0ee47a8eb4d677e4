"""A change that may take time away: whom it touches is shown first, and it is made when somebody has said so."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.gate import db, engine, me
from cloud.booking import standing
from cloud.booking.standing import Booked
from cloud.people import queries as people
from cloud.planning import affected, queries, stopping
from cloud.planning.affected import Intended
from cloud.planning.choices import Fate
from cloud.planning.forms.entered import Entered
from cloud.planning.stopping import Care, Result, Unseen
from cloud.planning.views.blueprint import entered, here, home

OURS = ("csrf_token", "seen", "fate", "instead", "care_why")


def decide(change: Intended, said: str, endpoint: str, **parts: Any) -> ResponseReturnValue:
    """Make a change, or show whom it touches. ``said`` is told when it is done, on the page ``endpoint``."""
    form = entered()
    care = _care(form)
    if form.errors:
        return _shown(change, stopping.touched(engine(), me().tenant_id, change), form, 422)
    try:
        touched = stopping.make(engine(), me().tenant_id, change, form.raw("seen"))
    except Unseen as unseen:
        return _shown(change, unseen.visits, form, 200)
    if not touched or care.fate == Fate.KEEP:
        return home(endpoint, said, **parts)
    results = stopping.look_after(engine(), me().tenant_id, [one.id for one in touched], care, by=me().staff_id)
    return _told(results, said, endpoint, parts)


def _care(form: Entered) -> Care:
    """What is to become of the visits that were shown; until then nothing."""
    if not form.raw("seen"):
        return Care(Fate.KEEP, "")
    fate = Fate(form.one_of("fate", [one.value for one in Fate], Fate.KEEP))
    why = form.text("care_why", 200, required=fate != Fate.KEEP)
    people_ = [str(one.id) for one in queries.resources(db(), here().id)]
    instead = form.one_of("instead", ["", *people_])
    return Care(fate, why, int(instead) if instead else None)


def _shown(change: Intended, visits: Sequence[Booked], form: Entered, status: int) -> ResponseReturnValue:
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]
    page = {"sent": sent, "seen": affected.fingerprint(visits), "form": form, **_about(visits)}
    everybody = queries.resources(db(), here().id) if change.store_id else []
    return render_template("planning/touched.html", **page, resources=everybody), status


def _told(results: Sequence[Result], said: str, endpoint: str, parts: dict[str, Any]) -> ResponseReturnValue:
    visits = standing.visits(db(), [one.visit_id for one in results])
    fared = {one.visit_id: one for one in results}
    page = {"said": said, "fared": fared, "left": len(stopping.left(results)), "endpoint": endpoint, "parts": parts}
    return render_template("planning/looked_after.html", **page, **_about(visits))


def _about(visits: Sequence[Booked]) -> dict[str, Any]:
    """What rows of visits are shown with."""
    served = standing.served_by(db(), [one.id for one in visits])
    return {
        "visits": visits,
        "served": served,
        "patients": people.named(db(), {one.patient_id for one in visits}),
        "stores": accounts.store_names(db(), {one.store_id for one in visits}),
        "types": {one.id: one for one in queries.types(db())},
        "named": queries.names(db(), {one for ids in served.values() for one in ids}),
    }
