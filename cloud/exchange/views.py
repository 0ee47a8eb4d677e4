"""The page of other systems: who is told, what has been told, who is let in, calendars to subscribe to."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import default_exceptions

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.exchange import queries, services, wording
from cloud.exchange.choices import State
from cloud.exchange.errors import NoSuchDelivery, NoSuchKey, NoSuchTarget
from cloud.exchange.forms import TargetForm
from cloud.schedule import queries as schedule
from cloud.web.error_pages import refused

bp = Blueprint("exchange", __name__, url_prefix="/exchange", template_folder="templates")


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _unknown in (NoSuchTarget, NoSuchDelivery, NoSuchKey):
    bp.register_error_handler(_unknown, _missing)


@bp.get("")
@needs(May.SEE_SCHEDULE)
def overview() -> ResponseReturnValue:
    """Other systems and how far each is."""
    return _page()


@bp.get("/part")
@needs(May.SEE_SCHEDULE)
def part() -> ResponseReturnValue:
    """The living part of it: what has been told."""
    return render_template("exchange/deliveries.html", **_deliveries())


@bp.post("/targets")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def add() -> ResponseReturnValue:
    """Tell another system from now on."""
    form = TargetForm.read(request.form)
    if form.errors:
        return _page(form=form), 422
    typed = {name: form.texts[name] for name in ("name", "url", "account", "credential")}
    made, secret = services.add_target(db(), form.kind, by=me().staff_id, **typed)
    shown = (_("The secret of %(name)s", name=made.name), secret) if form.kind == "webhook" else None
    return _page(shown=shown)


@bp.post("/targets/<int:target_id>/<any(on, off):word>")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def switch(target_id: int, word: str) -> ResponseReturnValue:
    """Tell a system, or not any more."""
    services.switch(db(), target_id, on=word == "on", by=me().staff_id)
    return redirect(url_for(".overview"), 303)


@bp.post("/deliveries/<int:delivery_id>/again")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def again(delivery_id: int) -> ResponseReturnValue:
    """Another round of tries."""
    services.again(db(), delivery_id, by=me().staff_id)
    flash(_("It is told again within seconds."), "good")
    return redirect(url_for(".overview"), 303)


@bp.post("/keys")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def make_key() -> ResponseReturnValue:
    """Let another program in."""
    name = " ".join(request.form.get("name", "").replace("\0", "").split())[:80]
    if not name:
        return _page(key_error=_("Say who gets it.")), 422
    return _page(shown=(_("The key of %(name)s", name=name), services.make_key(db(), name, by=me().staff_id)))


@bp.post("/keys/<int:key_id>/end")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def end_key(key_id: int) -> ResponseReturnValue:
    """Let it in no more."""
    services.end_key(db(), key_id, by=me().staff_id)
    return redirect(url_for(".overview"), 303)


@bp.post("/feeds/<int:resource_id>")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def make_feed(resource_id: int) -> ResponseReturnValue:
    """A new secret address for a calendar; the one before holds no more."""
    found = queries.resource(db(), resource_id)
    if found is None:
        abort(404)
    secret = services.make_feed(db(), resource_id, by=me().staff_id)
    address = url_for("feeds.feed", secret=secret, _external=True)
    return _page(shown=(_("The calendar of %(name)s", name=found.name), address))


@bp.post("/feeds/<int:resource_id>/end")
@needs(May.SEE_SCHEDULE, May.SET_EXCHANGE)
def end_feed(resource_id: int) -> ResponseReturnValue:
    """Its address holds no more."""
    services.end_feed(db(), resource_id, by=me().staff_id)
    return redirect(url_for(".overview"), 303)


def _page(form: TargetForm | None = None, shown: tuple[str, str] | None = None, key_error: str = "") -> Response:
    store = me().store
    resources = schedule.resources(db(), store.id) if store else []
    told: dict[str, Any] = {"targets": queries.targets(db()), "keys": queries.keys(db()), "resources": resources}
    told |= {"feeds": queries.feeds(db(), [one.id for one in resources]), "form": form or TargetForm()}
    told |= {"kinds": wording.kinds(), "shown": shown, "key_error": key_error}
    answer = make_response(render_template("exchange/overview.html", **told, **_deliveries()))
    answer.headers["Cache-Control"] = "no-store"  # a secret may stand on it
    return answer


def _deliveries() -> dict[str, Any]:
    state = request.args.get("state", "")
    found = queries.deliveries(db(), state if state in set(State) else None, request.args.get("before", type=int))
    some = found[: queries.PAGE]
    older = url_for(".overview", state=state or None, before=some[-1].id) if len(found) > len(some) else ""
    return {
        **{"deliveries": some, "older": older, "state": state, "counts": queries.counts(db())},
        **{"states": wording.states(), "reasons": wording.reasons(), "deeds": wording.deeds()},
        **{"names": {one.id: one.name for one in queries.targets(db())}, "may_set": May.SET_EXCHANGE in me().may},
    }
