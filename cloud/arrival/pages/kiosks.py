"""Kiosks of a store: made, shown once with their address, ended."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.arrival import kiosks as rows
from cloud.arrival.pages.blueprint import bp, store_id
from cloud.arrival.wording import code, public


@bp.get("/arrivals/kiosks")
@needs(May.PLAN)
def kiosks() -> ResponseReturnValue:
    """Those that are open."""
    return _page()


@bp.post("/arrivals/kiosks")
@needs(May.PLAN)
def open_kiosk() -> ResponseReturnValue:
    """A new one: its address is shown now and never again."""
    name = " ".join(request.form.get("name", "").split())
    if not name:
        return _page(_("Say where it stands.")), 422
    _screen, token = rows.open_(db(), store_id(), name, me().staff_id)
    return _page(address=public(url_for("entrance.kiosk", token=token)))


@bp.post("/arrivals/kiosks/<int:screen_id>/end")
@needs(May.PLAN)
def end_kiosk(screen_id: int) -> ResponseReturnValue:
    """Its address leads nowhere from now on."""
    rows.end(db(), store_id(), screen_id, me().staff_id)
    flash(_("The kiosk is ended: its address leads nowhere now."), "good")
    return redirect(url_for("arrival.kiosks"), 303)


def _page(wrong: str = "", address: str = "") -> str:
    drawn = code(address) if address else ""
    found = rows.of_store(db(), store_id())
    return render_template("arrival/kiosks.html", found=found, wrong=wrong, address=address, code=drawn)
