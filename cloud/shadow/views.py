"""The configuration of one gateway: what it shall be, what it is, and how it came to be so."""

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import catalogue
from cloud.fleet import queries as fleet
from cloud.kernel import audit
from cloud.shadow import forms, queries, services, wording
from cloud.shadow.errors import Faulty, NoSuchVersion, Stale
from cloud.shadow.rules import KEYS, changed
from cloud.web.error_pages import refused

bp = Blueprint("shadow", __name__, template_folder="templates")
bp.register_error_handler(NoSuchVersion, lambda _refusal: refused(NotFound()))


@bp.get("/fleet/<int:gateway_id>/configuration")
@needs(May.SEE_FLEET)
def configuration(gateway_id: int) -> ResponseReturnValue:
    """The form, what differs, and the versions."""
    page = _page(gateway_id)
    return render_template("shadow/configuration.html", **_form(gateway_id), **page)


@bp.get("/fleet/<int:gateway_id>/configuration/part")
@needs(May.SEE_FLEET)
def part(gateway_id: int) -> ResponseReturnValue:
    """How each key fares now."""
    return render_template("shadow/configuration_part.html", **_page(gateway_id))


@bp.post("/fleet/<int:gateway_id>/configuration")
@needs(May.MEND_FLEET)
def want(gateway_id: int) -> ResponseReturnValue:
    """Let the gateway be so."""
    one, typed = _gateway(gateway_id), request.form
    base = typed.get("base", type=int)
    newest = queries.desired(db(), gateway_id)
    doc = forms.document(typed, newest.doc if newest else {})
    try:
        services.want(
            db(), one.id, doc, -1 if base is None else base, me().staff_id, why=typed.get("why", "").strip()[:400]
        )
    except Faulty as refusal:
        errors = wording.beside(refusal.faults, forms.row_places(typed))
        return _again(gateway_id, typed, 422, errors=errors)
    except Stale as refusal:
        return _again(gateway_id, typed, 409, stale=_stale(refusal), base=refusal.version)
    flash(_("Saved. The gateway is told at once, and tries it before it keeps it."), "good")
    return redirect(url_for(".configuration", gateway_id=gateway_id), 303)


@bp.post("/fleet/<int:gateway_id>/configuration/restore")
@needs(May.MEND_FLEET)
def restore(gateway_id: int) -> ResponseReturnValue:
    """Let it be as it was."""
    one = _gateway(gateway_id)
    version, base = (request.form.get(name, type=int) for name in ("version", "base"))
    if version is None or base is None:
        abort(422)
    try:
        services.restore(db(), one.id, version, base, me().staff_id)
    except Stale:
        flash(_("Somebody set another configuration in between. Nothing was restored; look at it first."), "warning")
    else:
        flash(_("Configuration %(num)s is wanted again.", num=version), "good")
    return redirect(url_for(".configuration", gateway_id=gateway_id), 303)


@bp.get("/fleet/<int:gateway_id>/configuration.json")
@needs(May.SEE_FLEET)
def as_json(gateway_id: int) -> ResponseReturnValue:
    """Both documents as they travel; the digest of the PIN stays here."""
    one = _gateway(gateway_id)
    newest, told = queries.desired(db(), one.id), queries.reported(db(), one.id)
    audit.note(db(), by=me().staff_id, verb="exported", kind="gateway", subject=one.id)
    both = {
        "desired": newest and {"version": newest.version, "doc": _open(newest.doc)},
        "reported": told
        and {"version": told.version, "asked": told.asked, "state": told.state, "keys": told.keys, "doc": told.doc},
    }
    return Response(msgspec.json.format(msgspec.json.encode(both)), mimetype="application/json")


def _open(doc: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in doc.items() if key != "console_pin"}


def _gateway(gateway_id: int) -> Any:
    found = fleet.gateway(db(), gateway_id) if gateway_id < 2**63 else None
    return found or abort(404)


def _page(gateway_id: int) -> dict[str, Any]:
    """What the living part shows."""
    one, before = _gateway(gateway_id), request.args.get("before", type=int)
    newest, told = queries.desired(db(), one.id), queries.reported(db(), one.id)
    listed, more = queries.versions(db(), one.id, before)
    names = accounts.names(db(), {row.wanted_by for row in listed if row.wanted_by})
    desired, reported = newest.doc if newest else {}, told.doc if told else {}
    return {
        **{"one": one, "tab": "configuration", "newest": newest, "told": told, "versions": listed, "more": more},
        **{"names": names, "standing": queries.standing(db(), one.id), "may_mend": May.MEND_FLEET in me().may},
        **{"rows": _rows(desired, reported, told.keys if told else {}), "shown": wording.shown, "before": before},
        **{"story": wording.story(told) if told else [], "key_word": wording.key_word},
        "state_word": wording.fate,
        "older": url_for(".configuration", gateway_id=one.id, before=listed[-1].version) if more else "",
    }


def _rows(desired: Mapping[str, Any], reported: Mapping[str, Any], keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each key that anybody says something about: wanted, told, and how it fared."""
    there = [key for key in KEYS if key in desired or key in reported]
    differ = changed({key: desired[key] for key in desired}, {key: reported.get(key) for key in desired})
    return [
        {
            "key": key,
            "wanted": desired.get(key),
            "is": reported.get(key),
            "differs": key in desired and key in differ and key != "console_pin",
            "fate": keys.get(key, {}),
        }
        for key in there
    ]


def _form(gateway_id: int) -> dict[str, Any]:
    """What stands in the fields."""
    newest, told = queries.desired(db(), gateway_id), queries.reported(db(), gateway_id)
    typed = forms.fields(newest.doc if newest else {}, told.doc if told else {})
    return _fields(typed, newest.version if newest else 0)


def _fields(typed: Mapping[str, str], base: int, **more: Any) -> dict[str, Any]:
    places = range(forms.rows(typed))
    used = {typed.get(f"family-{at}", "") for at in places} - {""}
    families = sorted({one.family for one in catalogue.models()} | used)
    models = sorted({one.model for one in catalogue.models()})
    return {
        "typed": typed,
        "base": base,
        "places": places,
        "families": [("", "–"), *((one, one) for one in families)],
        "models": models,
        "errors": {},
        **more,
    }


def _again(gateway_id: int, typed: Mapping[str, str], status: int, **more: Any) -> ResponseReturnValue:
    base = more.pop("base", request.form.get("base", 0, type=int))
    page = _fields(typed, base, **more)
    return render_template("shadow/configuration.html", **page, **_page(gateway_id)), status


def _stale(refusal: Stale) -> dict[str, Any]:
    name = accounts.names(db(), {refusal.by})[refusal.by] if refusal.by else _("the cloud")
    keys = ", ".join(wording.key_word(key) for key in refusal.changed)
    return {"version": refusal.version, "name": name, "at": refusal.at, "keys": keys}
