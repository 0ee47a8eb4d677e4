"""How a store calls people: its stations and doors, kinds of registration, what may be said, screens on the wall."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.calls import screens
from cloud.calls.choices import LANGUAGES, Who
from cloud.kernel.money import Money
from cloud.queue import queries, services, setting_up
from cloud.stations import wording
from cloud.stations.pages.blueprint import bp, named, store_id
from cloud.stations.pages.holding import choices


@bp.get("/stations/settings")
@needs(May.PLAN)
def settings() -> ResponseReturnValue:
    """All of it on one page."""
    return render_template("stations/settings.html", **(_settings() if me().store else {"stations": None}))


def _settings() -> dict[str, Any]:
    stations = queries.all_stations(db(), store_id())
    return {
        **{"stations": stations, "desks": queries.desks(db(), [one.id for one in stations]), "named": named},
        **{"kinds": queries.kinds(db(), store_id()), "saying": queries.saying(db(), store_id()), "words": wording},
        **{"screens": screens.of_store(db(), store_id()), "made": None, "Money": Money},
        **choices(),
    }


def _back() -> ResponseReturnValue:
    return redirect(url_for("stations.settings"), 303)


@bp.post("/stations/settings/furnish")
@needs(May.PLAN)
def furnish() -> ResponseReturnValue:
    """Begin with the usual stations."""
    services.furnish(db(), store_id())
    return _back()


@bp.post("/stations/settings/saying")
@needs(May.PLAN)
def say_what() -> ResponseReturnValue:
    """What screens and voices may say of somebody."""
    who, languages = request.form.get("who", ""), request.form.getlist("languages")
    if who not in set(Who) or not languages or not set(languages) <= set(LANGUAGES):
        flash(_("Choose what may be said, and at least one language. Nothing was changed."), "warning")
        return _back()
    setting_up.say(db(), store_id(), who, languages, by=me().staff_id)
    return _back()


@bp.post("/stations/settings/stations/<int:station_id>")
@needs(May.PLAN)
def change_station(station_id: int) -> ResponseReturnValue:
    """Names, whether one pays first, open or closed."""
    station = queries.station(db(), station_id, store_id())
    names = _names()
    if not names:
        return _back()
    told = {"paid_first": bool(request.form.get("paid_first")), "closed": bool(request.form.get("closed"))}
    setting_up.change(db(), station, names=names, by=me().staff_id, **told)
    return _back()


@bp.post("/stations/settings/stations/<int:station_id>/desks")
@needs(May.PLAN)
def add_desk(station_id: int) -> ResponseReturnValue:
    """One more door or counter."""
    station = queries.station(db(), station_id, store_id())
    names, number = _names(), request.form.get("number", type=int)
    if names and (number is None or 0 < number < 1000):
        setting_up.add_desk(db(), station, names, number, by=me().staff_id)
    return _back()


@bp.post("/stations/settings/desks/<int:desk_id>/close")
@needs(May.PLAN)
def close_desk(desk_id: int) -> ResponseReturnValue:
    """Nobody is called there any more."""
    setting_up.close_desk(db(), store_id(), desk_id, by=me().staff_id)
    return _back()


@bp.post("/stations/settings/kinds/<code>")
@needs(May.PLAN)
def change_kind(code: str) -> ResponseReturnValue:
    """Fee, quota, days without a fee, whether the kiosk offers it."""
    kind = queries.kind(db(), store_id(), code)
    told = setting_up.read(request.form, kind.currency)
    if told is None:
        flash(_("A fee is an amount from 0 on, a quota a whole number or nothing. Nothing was changed."), "warning")
        return _back()
    setting_up.change(db(), kind, by=me().staff_id, **told)
    return _back()


def _names() -> dict[str, str]:
    found = {one: request.form.get(f"name_{one}", "").strip()[:40] for one in LANGUAGES}
    if not any(found.values()):
        flash(_("It needs a name. Nothing was changed."), "warning")
        return {}
    return {one: name for one, name in found.items() if name}


@bp.post("/stations/settings/screens")
@needs(May.PLAN)
def open_screen() -> ResponseReturnValue:
    """A waiting-room screen: its address is shown this once."""
    name = request.form.get("name", "").strip()[:60] or _("Waiting room")
    wanted = request.form.getlist("stations", type=int)
    if not set(wanted) <= {one.id for one in queries.stations(db(), store_id())}:
        abort(422)
    _screen, token = screens.open_(db(), store_id(), "screen", name, wanted, by=me().staff_id)
    made = url_for("calls.screen", token=token, _external=True)
    return render_template("stations/settings.html", **(_settings() | {"made": made}))


@bp.post("/stations/settings/screens/<int:screen_id>/end")
@needs(May.PLAN)
def end_screen(screen_id: int) -> ResponseReturnValue:
    """The address leads nowhere any more."""
    screens.end(db(), store_id(), screen_id, by=me().staff_id)
    return _back()
