"""The chain's gateways and the instruments behind them."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import catalogue, queries

bp = Blueprint("fleet", __name__, template_folder="templates")


@bp.get("/fleet")
@needs(May.SEE_FLEET)
def fleet() -> ResponseReturnValue:
    """Gateways and instruments of this store."""
    return render_template("fleet/fleet.html", **_fleet())


@bp.get("/fleet/part")
@needs(May.SEE_FLEET)
def fleet_part() -> ResponseReturnValue:
    """The living part of the fleet."""
    return render_template("fleet/fleet_part.html", **_fleet())


def _fleet() -> dict[str, object]:
    store_id = me().store.id if me().store else None  # type: ignore[union-attr]
    gateways, instruments = queries.gateways(db(), store_id), queries.instruments(db(), store_id)
    return {"gateways": gateways, "instruments": instruments, "grade": catalogue.grade}


@bp.get("/fleet/<int:gateway_id>")
@needs(May.SEE_FLEET)
def gateway(gateway_id: int) -> ResponseReturnValue:
    """One gateway and what it reported."""
    found = next((g for g in queries.gateways(db()) if g.id == gateway_id), None) or abort(404)
    instruments = [i for i in queries.instruments(db()) if i.gateway_id == gateway_id]
    happenings = queries.happenings(db(), gateway_id)
    page = {"instruments": instruments, "happenings": happenings, "grade": catalogue.grade}
    return render_template("fleet/gateway.html", one=found, **page)
