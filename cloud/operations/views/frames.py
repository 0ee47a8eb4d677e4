"""What passes on the wire of an instrument: asked for by a person, shown as it came, without the patient.

The gateway takes the patient out before anything leaves it; here nothing is added.
"""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import commands
from cloud.fleet import queries as fleet
from cloud.fleet.errors import NotAnOrder, OrderUnderWay
from cloud.fleet.models import Instrument
from cloud.operations import listening
from cloud.operations.views.door import bp, gateway, said


@bp.get("/fleet/<int:gateway_id>/frames")
@needs(May.MEND_FLEET)
def frames(gateway_id: int) -> ResponseReturnValue:
    """What was heard last, and a form to listen again."""
    return render_template("operations/frames.html", **_frames(gateway_id))


@bp.get("/fleet/<int:gateway_id>/frames/part")
@needs(May.MEND_FLEET)
def frames_part(gateway_id: int) -> ResponseReturnValue:
    """Its living part."""
    return render_template("operations/frames_part.html", **_frames(gateway_id))


def _frames(gateway_id: int) -> dict[str, object]:
    one, heard = gateway(gateway_id), listening.heard(db(), gateway_id)
    instruments = [
        (found.dev, " · ".join(filter(None, (found.dev, found.model, found.lane)))) for found in _on(gateway_id)
    ]
    names = accounts.names(db(), {found.order.asked_by for found in heard})
    return {
        "one": one,
        "tab": "overview",
        "store": accounts.store(db(), one.store_id),
        "heard": heard,
        "instruments": instruments,
        "names": names,
    }


def _on(gateway_id: int) -> Sequence[Instrument]:
    return fleet.instruments_of(db(), gateway_id)


@bp.post("/fleet/<int:gateway_id>/frames")
@needs(May.MEND_FLEET)
def listen(gateway_id: int) -> ResponseReturnValue:
    """Order the gateway to listen to one wire, for ten seconds or for a minute."""
    one, verb = gateway(gateway_id), "capture" if said("long") else "sniff"
    try:
        commands.command(db(), one, verb, by=me().staff_id, dev=said("dev", 60))
    except NotAnOrder:
        flash(_("This gateway has no instrument of that name. Nothing was ordered."), "warning")
    except OrderUnderWay:
        flash(_("The gateway is listening to this wire already."), "info")
    return redirect(url_for(".frames", gateway_id=gateway_id), 303)
