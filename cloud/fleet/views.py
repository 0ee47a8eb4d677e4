"""The chain's gateways and the instruments behind them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import asking, beside, catalogue, elsewhere, export, listing, queries, wording
from cloud.fleet.listing import Page
from cloud.kernel import audit
from cloud.kernel.clock import now

bp = Blueprint("fleet", __name__, template_folder="templates")
KEPT = ("q", "state", "region", "store", "version", "alarm", "sort", "down")


@bp.app_context_processor
def _words() -> dict[str, object]:
    """What templates about the fleet ask, whichever room they belong to."""
    return {"fleet_pages": elsewhere.links, "columns": columns, "alarm_word": wording.alarm}


def columns(
    asked: Any, address: Callable[..., str], heads: Sequence[tuple[str, str]], numeric: Collection[str] = ("depth",)
) -> list[dict[str, Any]]:
    """Headings of a table: what each sorts by (empty: by nothing) and its word; once more turns the order round."""
    found = []
    for name, label in heads:
        mine = bool(name) and asked.sort == name
        href = address(sort=name, down="1" if mine and not asked.down else None) if name else ""
        order = ("descending" if asked.down else "ascending") if mine else ""
        found.append({"label": label, "href": href, "sorted": order, "numeric": name in numeric})
    return found


@bp.get("/fleet")
@needs(May.SEE_FLEET)
def fleet() -> ResponseReturnValue:
    """Every gateway of the chain, narrowed and sorted as the address says."""
    return render_template("fleet/fleet.html", **_fleet(), **_choices())


def _choices() -> dict[str, object]:
    choices = listing.choices(db())
    return {"choices": choices, "alarm_choices": [(code, wording.alarm(code)) for code, _word in choices.alarms]}


@bp.get("/fleet/part")
@needs(May.SEE_FLEET)
def fleet_part() -> ResponseReturnValue:
    """The living part of the list; the browser's address follows what is typed."""
    answer = make_response(render_template("fleet/fleet_part.html", **_fleet()))
    answer.headers["HX-Replace-Url"] = _address(**_place())
    return answer


@bp.get("/fleet/list.<any(csv, xlsx):kind>")
@needs(May.SEE_FLEET)
def fleet_file(kind: str) -> ResponseReturnValue:
    """The list as it is narrowed, for a spreadsheet; that it was taken along is written down."""
    rows = list(listing.lines(db(), asking.asked(request.args)))
    audit.note(db(), by=me().staff_id, verb="exported", kind="fleet", subject=kind, rows=len(rows))
    content, mimetype = export.gateways(db(), rows, kind)
    headers = {"Content-Disposition": f'attachment; filename="fleet-{now().date()}.{kind}"'}
    return Response(content, mimetype=mimetype, headers={**headers, "Cache-Control": "no-store"})


def _fleet() -> dict[str, object]:
    wanted = asking.asked(request.args)
    counts = listing.counts(db())
    found: Page = listing.page(db(), wanted, counts["all"])
    return {
        **{"asked": wanted, "page": found, "counts": counts, "address": _address, "now": now()},
        **{"marks": beside.marks(db(), [one.gateway.id for one in found.lines]), "may_act": May.MEND_FLEET in me().may},
        **{
            "narrowed": any(request.args.get(name) for name in KEPT[:6]),
            "part": _address("fleet.fleet_part", **_place()),
        },
        "there": current_app.view_functions,
    }


def _place() -> dict[str, Any]:
    return {name: request.args.get(name) for name in ("before", "after")}


def _address(endpoint: str = "fleet.fleet", **changed: object) -> str:
    """An address of this list with some of what it asks for changed; the place in the list is given up."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    kind = {"kind": changed.pop("kind")} if "kind" in changed else {}
    asks = {name: what for name, what in {**kept, **changed}.items() if what}
    return url_for(endpoint, **kind) + (f"?{urlencode(asks)}" if asks else "")  # type: ignore[arg-type]


@bp.get("/fleet/<int:gateway_id>")
@needs(May.SEE_FLEET)
def gateway(gateway_id: int) -> ResponseReturnValue:
    """One gateway: what it is, what is wrong and what to do, what it reported."""
    return render_template("fleet/gateway.html", **_one(gateway_id))


@bp.get("/fleet/<int:gateway_id>/part")
@needs(May.SEE_FLEET)
def gateway_part(gateway_id: int) -> ResponseReturnValue:
    """Its living part."""
    return render_template("fleet/gateway_part.html", **_one(gateway_id))


def _one(gateway_id: int) -> dict[str, object]:
    found = queries.gateway(db(), gateway_id) if gateway_id < 2**63 else None
    found = found or abort(404)
    store = accounts.store(db(), found.store_id)
    return {
        **{"one": found, "tab": "overview", "store": store, "grade": catalogue.grade, "now": now()},
        "instruments": queries.instruments_of(db(), gateway_id),
        "happenings": queries.happenings(db(), gateway_id, limit=15),
        **{"marks": beside.marks(db(), [gateway_id])[gateway_id], "there": current_app.view_functions},
        "may_act": May.MEND_FLEET in me().may,
    }
