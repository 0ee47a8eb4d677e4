"""Whose the queue is: the gateway that goes on with it without the internet, and what it brought back."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import queries as fleet
from cloud.offline import beside, services
from cloud.queue import holding
from cloud.queue.errors import HeldAway
from cloud.stations.pages.blueprint import bp, say, store_id


def whose() -> dict[str, Any]:
    """What a page of the queue says of it at the top."""
    return {"away": holding.away(db(), store_id()), "beside": beside.unread(db(), store_id())}


def choices() -> dict[str, Any]:
    """Which gateways could go on with the queue, and which does."""
    there = [one for one in fleet.gateways(db(), store_id()) if one.status == "enrolled"]
    return {"gateways": there, "holding": holding.of(db(), store_id())}


@bp.post("/stations/queue/regain")
@needs(May.WORK_STATIONS)
def regain() -> ResponseReturnValue:
    """Call from here, although the gateway may be calling too."""
    services.regain(db(), store_id(), by=me().staff_id)
    flash(_("This page calls people again. What the gateway did meanwhile is taken over when it is back."), "info")
    return redirect(url_for("stations.board"), 303)


@bp.post("/stations/queue/read")
@needs(May.WORK_STATIONS)
def read_beside() -> ResponseReturnValue:
    """What did not fit has been read."""
    beside.read(db(), store_id(), by=me().staff_id)
    return redirect(url_for("stations.board"), 303)


@bp.post("/stations/settings/gateway")
@needs(May.PLAN)
def choose_gateway() -> ResponseReturnValue:
    """Which gateway goes on without the internet; none where nothing is chosen."""
    try:
        services.choose(db(), store_id(), request.form.get("gateway", type=int), by=me().staff_id)
    except HeldAway as refusal:
        say(refusal)
    return redirect(url_for("stations.settings"), 303)
