"""The orders of one gateway: giving them, watching them, reading what they brought."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import bundles, commands, queries, wording
from cloud.fleet.choices import DEADLINES, GONE
from cloud.fleet.errors import AlreadySent, NoSuchFile, NoSuchOrder, NotAnOrder, OrderUnderWay
from cloud.fleet.views import bp
from cloud.kernel import audit
from cloud.web.error_pages import refused

for _missing in (NoSuchOrder, NoSuchFile):
    bp.register_error_handler(_missing, lambda _refusal: refused(NotFound()))


@bp.get("/fleet/<int:gateway_id>/orders")
@needs(May.SEE_FLEET)
def orders(gateway_id: int) -> ResponseReturnValue:
    """What can be ordered, and what became of what was."""
    return render_template("fleet/orders.html", **_page(gateway_id))


@bp.get("/fleet/<int:gateway_id>/orders/part")
@needs(May.SEE_FLEET)
def orders_part(gateway_id: int) -> ResponseReturnValue:
    """How far they are."""
    return render_template("fleet/orders_part.html", **_page(gateway_id))


@bp.post("/fleet/<int:gateway_id>/orders")
@needs(May.MEND_FLEET)
def give_order(gateway_id: int) -> ResponseReturnValue:
    """Give one."""
    one, verb = _gateway(gateway_id), request.form.get("verb", "")
    if verb not in wording.OFFERED:
        abort(422)
    dev = request.form.get("dev") or None
    if verb in wording.OF_AN_INSTRUMENT and dev is None:
        abort(422)
    try:
        commands.command(db(), one, verb, by=me().staff_id, dev=dev)
    except OrderUnderWay:
        flash(
            _("The gateway is at it already; the order before this one is not settled. Nothing more was sent."),
            "warning",
        )
    except NotAnOrder:
        abort(422)
    return redirect(url_for("fleet.orders", gateway_id=one.id), 303)


@bp.post("/fleet/<int:gateway_id>/orders/<int:order_id>/cancel")
@needs(May.MEND_FLEET)
def cancel_order(gateway_id: int, order_id: int) -> ResponseReturnValue:
    """Take one back that has not left."""
    one = _gateway(gateway_id)
    try:
        commands.cancel(db(), one.id, _number(order_id), by=me().staff_id)
    except AlreadySent:
        flash(_("The order has left for the gateway; it can no longer be taken back."), "warning")
    return redirect(url_for("fleet.orders", gateway_id=one.id), 303)


@bp.get("/fleet/<int:gateway_id>/orders/<int:order_id>")
@needs(May.SEE_FLEET)
def order(gateway_id: int, order_id: int) -> ResponseReturnValue:
    """One order and what it brought."""
    one = _gateway(gateway_id)
    found = commands.one(db(), one.id, _number(order_id))
    names = accounts.names(db(), {found.asked_by})
    page = {"one": one, "tab": "orders", "order": found, "names": names, "words": wording}
    return render_template("fleet/order.html", **page, kept=bundles.there(db(), [found]))


@bp.get("/fleet/<int:gateway_id>/orders/<int:order_id>/file")
@needs(May.MEND_FLEET)
def order_file(gateway_id: int, order_id: int) -> ResponseReturnValue:
    """The file it brought; that it was taken along is written down."""
    one = _gateway(gateway_id)
    found = commands.one(db(), one.id, _number(order_id))
    name, data = bundles.whole(db(), found)
    audit.note(db(), by=me().staff_id, verb="exported", kind="gateway", subject=one.id, order=found.command_id)
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, mimetype="application/octet-stream", headers={**headers, "Cache-Control": "no-store"})


def _gateway(gateway_id: int) -> Any:
    found = queries.gateway(db(), gateway_id) if gateway_id < 2**63 else None
    return found or abort(404)


def _number(order_id: int) -> int:
    return order_id if order_id < 2**63 else abort(404)


def _page(gateway_id: int) -> dict[str, Any]:
    one, before = _gateway(gateway_id), request.args.get("before", type=int)
    found, older = commands.page(db(), one.id, before)
    return {
        **{"one": one, "tab": "orders", "orders": found, "words": wording, "deadlines": DEADLINES},
        **{"names": accounts.names(db(), {row.asked_by for row in found}), "may_mend": May.MEND_FLEET in me().may},
        **{
            "kept": bundles.there(db(), list(found)),
            "instruments": [it for it in queries.instruments_of(db(), one.id) if it.state != GONE],
        },
        **{"older": url_for("fleet.orders", gateway_id=one.id, before=older) if older else "", "before": before},
    }
