"""How one gateway fares, in figures over time."""

from typing import cast

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, needs
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.telemetry import plotting
from cloud.telemetry.choices import REACHES
from cloud.telemetry.errors import NotToBeHad
from cloud.telemetry.sources import TelemetrySource, Whose
from protocols.envelope import Address

bp = Blueprint("telemetry", __name__, template_folder="templates")
SOURCE = "emmetra.figures"


@bp.get("/fleet/<int:gateway_id>/figures")
@needs(May.SEE_FLEET)
def gateway(gateway_id: int) -> ResponseReturnValue:
    """Plots of the last hours or days, as ``reach`` in the address says."""
    found = fleet.gateway(db(), gateway_id) if gateway_id < 2**63 else None
    one = found or abort(404)
    reach = next((each for each in REACHES if each.name == request.args.get("reach")), REACHES[1])
    seen = plotting.window(reach, now())
    told: dict[str, object] = {"one": one, "tab": "telemetry", "reach": reach, "reaches": REACHES, "trouble": ""}
    source = cast(TelemetrySource | None, current_app.extensions.get(SOURCE))
    if source is None:
        return render_template("telemetry/gateway.html", **told | {"trouble": "none", "plots_of": {}})
    whose = Whose(db(), one.id, Address(*accounts.slugs(db(), one.store_id), one.slug))
    try:
        values = source.steps(whose, plotting.NAMES, seen)
    except NotToBeHad as refusal:
        current_app.logger.warning("figures cannot be read back: %s", refusal)
        return render_template("telemetry/gateway.html", **told | {"trouble": "silent", "plots_of": {}})
    return render_template("telemetry/gateway.html", **told, plots_of=plotting.plots(values, seen))
