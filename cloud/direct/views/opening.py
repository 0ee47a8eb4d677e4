"""The staff's page of online booking: whether it is open, how it looks, where it is shown, and its addresses."""

from typing import Any

import segno
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.direct import browser, colours, offering, opening, stamps, wording
from cloud.direct.opening import Opening

# Not the patients' own: what stands behind it is a session, so its forms are guarded as all of the staff's are.
bp = Blueprint("opening", __name__, template_folder="../templates")


@bp.get("/online-booking")
@needs(May.PLAN)
def settings() -> ResponseReturnValue:
    """What patients see of this store."""
    return _page(opening.of_store(db(), _store_id()), {})


@bp.post("/online-booking")
@needs(May.PLAN)
def set_settings() -> ResponseReturnValue:
    """Say it anew."""
    told, wrong = opening.read(request.form)
    if wrong:
        words = _words()
        return _page(told, {name: words[name] for name in wrong}), 422
    opening.put(db(), _store_id(), told, by=me().staff_id)
    flash(_("Patients see it so from now on."), "good")
    return redirect(url_for(".settings"), 303)


def _words() -> dict[str, str]:
    return {
        "phone": _("This is no telephone number."),
        "emergency": _("This is no telephone number."),
        "accent": _("Write it as # and six figures or letters a to f, for instance #1a646d."),
        "frames": _("One address a line, as https://www.example.com with nothing after it."),
        "most": _("A whole number from 1 to 50."),
    }


def _store_id() -> int:
    store = me().store
    if store is None:
        abort(404)
    return store.id


def _page(told: Opening, wrong: dict[str, str]) -> str:
    chain, store = accounts.slugs(db(), _store_id())
    base = str(current_app.config.get("PUBLIC_URL") or request.host_url).rstrip("/")
    address = base + url_for("direct.start", chain=chain, store=store, key="")
    types = offering.hidden(db())
    given: dict[str, Any] = {
        "told": told,
        "wrong": wrong,
        "address": address,
        "code": _code(address),
        "widget": base + url_for("direct.widget", chain=chain, store=store),
        "framed_address": base + url_for("direct.start", chain=chain, store=store, key=browser.FRAMED),
        "secrets": [(wording.said(one.names), f"{address}?with={_secret(chain, one.id)}") for one in types],
        "shown": colours.readable(told.accent, colours.LIGHT) if colours.is_colour(told.accent) else "",
    }
    return render_template("direct/settings.html", **given)


def _secret(chain: str, type_id: int) -> str:
    return stamps.secret(browser.key(), f"{chain} {type_id}")


def _code(address: str) -> Markup:
    """A QR code to hang up in the store."""
    drawn = segno.make(address, error="m")
    return Markup(drawn.svg_inline(scale=4, border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704
