"""One thing asked of many gateways: chosen, tried dry, watched, stopped."""

from dataclasses import replace

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import asking
from cloud.fleet.listing import Asked
from cloud.operations import bulk as actions
from cloud.operations import deeds
from cloud.operations.views.door import bp, number, said
from cloud.shadow.errors import Faulty

SHOWN = 100  # of those left out


@bp.get("/fleet/actions")
@needs(May.MEND_FLEET)
def bulks() -> ResponseReturnValue:
    """The last actions, each with how far it is."""
    found = actions.newest(db())
    counts = actions.counts(db(), [one.id for one in found])
    names = accounts.names(db(), {one.asked_by for one in found})
    return render_template("operations/bulks.html", bulks=found, counts=counts, names=names)


@bp.get("/fleet/actions/new")
@needs(May.MEND_FLEET)
def bulk_new() -> ResponseReturnValue:
    """Choose what to ask, and see whom it would reach and whom not, before anything is done."""
    return _tried()


def _tried() -> str:
    verb = _verb() or next(iter(deeds.DEEDS))
    trial = actions.trial(db(), _chosen(), verb)
    _args, wrong = _args_of(verb) if said("key") else ("{}", "")
    return render_template(
        "operations/bulk_new.html",
        **{"verb": verb, "deeds": deeds.DEEDS, "trial": trial, "why": deeds.why, "kept": _kept(), "shown": SHOWN},
        **{"rings": actions.rings(db()), "ring": said("ring"), "parts": deeds.PARTS, "wrong": wrong},
        **{"key": said("key"), "value": said("value")},
    )


def _verb() -> str:
    return said("verb") if said("verb") in deeds.DEEDS else ""


def _chosen() -> Asked:
    """What is ticked, else everything the filter finds."""
    ticked = tuple(one for one in map(number, request.values.getlist("gateway")) if one)
    ring = number(said("ring"))
    if ring is not None:
        ticked = tuple(actions.ring(db(), ring)) or (0,)
    asked = replace(asking.asked(request.values), after=None, back=False)
    return Asked(ids=ticked) if ticked else asked


def _args_of(verb: str) -> tuple[str, str]:
    """What is asked along, and what is wrong with it."""
    if verb != deeds.CONFIGURE:
        return "{}", ""
    try:
        return msgspec.json.encode(deeds.part(said("key", 40), said("value", 40))).decode(), ""
    except Faulty:
        return "{}", _("This part cannot be set so. Nothing was begun; see the configuration page for what it may be.")


def _kept() -> list[tuple[str, str]]:
    ticked = [("gateway", one) for one in request.values.getlist("gateway")]
    return [] if said("ring") else ticked or [(name, said(name)) for name in asking.NARROWS if said(name)]


@bp.post("/fleet/actions")
@needs(May.MEND_FLEET)
def begin_bulk() -> ResponseReturnValue:
    """Begin it with those it reaches now, if they are as many as the page said."""
    verb = _verb() or abort(422)
    args, wrong = _args_of(verb)
    if wrong:
        return _tried(), 422
    reached = [line.gateway.id for line in actions.trial(db(), _chosen(), verb).reached]
    if not reached:
        flash(_("No gateway can do this now. Nothing was begun."), "warning")
        return redirect(url_for("fleet.fleet"), 303)
    if number(said("expected")) != len(reached):
        flash(_("Meanwhile it would reach another number of gateways. Look again; nothing was begun."), "warning")
        return _tried(), 409
    begun = actions.begin(db(), verb=verb, args=args, gateway_ids=reached, by=me().staff_id)
    return redirect(url_for(".bulk", bulk_id=begun.id), 303)


@bp.get("/fleet/actions/<int:bulk_id>")
@needs(May.MEND_FLEET)
def bulk(bulk_id: int) -> ResponseReturnValue:
    """How far an action is."""
    return render_template("operations/bulk.html", **_one(bulk_id))


@bp.get("/fleet/actions/<int:bulk_id>/part")
@needs(May.MEND_FLEET)
def bulk_part(bulk_id: int) -> ResponseReturnValue:
    """Its living part."""
    return render_template("operations/bulk_part.html", **_one(bulk_id))


def _one(bulk_id: int) -> dict[str, object]:
    found = actions.one(db(), bulk_id)
    counts = actions.counts(db(), [bulk_id])[bulk_id]
    return {
        **{"bulk": found, "counts": counts, "total": sum(counts.values()), "steps": actions.steps(db(), bulk_id)},
        **{"why": deeds.why, "names": accounts.names(db(), {found.asked_by})},
    }


@bp.post("/fleet/actions/<int:bulk_id>/stop")
@needs(May.MEND_FLEET)
def stop_bulk(bulk_id: int) -> ResponseReturnValue:
    """Ask nobody else."""
    if not actions.stop(db(), bulk_id, by=me().staff_id):
        flash(_("This action had ended already. Nothing was changed."), "warning")
    return redirect(url_for(".bulk", bulk_id=bulk_id), 303)
