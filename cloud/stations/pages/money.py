"""What is owed: taken by hand until there is a till, given back, or passed as an emergency, with a reason."""

from decimal import Decimal, InvalidOperation

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel.money import Money
from cloud.queue import gates, queries
from cloud.queue.errors import NotPaid, Refused
from cloud.stations.pages.blueprint import bp, say, store_id


def _back() -> ResponseReturnValue:
    station = request.form.get("station", type=int)
    return redirect(url_for("stations.line", station_id=station) if station else url_for("stations.board"), 303)


@bp.post("/stays/<int:stay_id>/pay")
@needs(May.WORK_STATIONS)
def pay(stay_id: int) -> ResponseReturnValue:
    """Money was taken."""
    stay = queries.stay(db(), stay_id, store_id())
    try:
        amount = Money.of(Decimal(request.form.get("amount", "")), stay.currency)
        gates.pay(db(), stay, amount.minor, by=me().staff_id, how=request.form.get("how", "")[:40])
        flash(_("%(ticket)s: the payment is written down.", ticket=stay.ticket), "info")
    except (InvalidOperation, NotPaid):
        flash(_("That is not an amount that is due. Nothing was written down."), "warning")
    return _back()


@bp.post("/stays/<int:stay_id>/pass")
@needs(May.WORK_STATIONS)
def let_pass(stay_id: int) -> ResponseReturnValue:
    """An emergency does not wait for money."""
    stay = queries.stay(db(), stay_id, store_id())
    try:
        gates.override(db(), stay, by=me().staff_id, why=request.form.get("reason", ""))
    except Refused as refusal:
        say(refusal)
    return _back()


@bp.post("/stays/<int:stay_id>/refund")
@needs(May.WORK_STATIONS)
def refund(stay_id: int) -> ResponseReturnValue:
    """Give back what is not owed."""
    stay = queries.stay(db(), stay_id, store_id())
    try:
        back = gates.refund(db(), stay, by=me().staff_id, why=request.form.get("reason", ""))
        flash(_("Written down as given back.") if back else _("There is nothing to give back."), "info")
    except Refused as refusal:
        say(refusal)
    return _back()
