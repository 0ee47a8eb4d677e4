"""Pages of claims and certificates: who may make them, who approves, what is revoked."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import default_exceptions

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs, public, someone
from cloud.enrolment import queries, revoking, rules, services, showing, wording
from cloud.enrolment.api import SETTINGS
from cloud.enrolment.authority import Authority
from cloud.enrolment.choices import CHOSEN, Why
from cloud.enrolment.errors import (
    ClaimOpen,
    ClaimOver,
    NameTaken,
    NoAuthority,
    NoSuchClaim,
    NoSuchGateway,
    NoSuchStore,
    NotAName,
    OwnClaim,
)
from cloud.enrolment.models import Claim
from cloud.enrolment.sheet import Sheet
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.web.error_pages import refused

bp = Blueprint("enrolment", __name__, template_folder="templates")
IN_THE_WAY = (NotAName, NameTaken, ClaimOpen, NoSuchStore)
LONGEST_SERIAL, LONGEST_REMARK = 80, 500


def _answer(code: int) -> Callable[[Exception], ResponseReturnValue]:
    # abort() would be a failure of this handler, and so a 500
    return lambda _refusal: refused(default_exceptions[code]())


for _refusal, _code in {NoSuchClaim: 404, NoSuchGateway: 404, OwnClaim: 403, ClaimOver: 409}.items():
    bp.register_error_handler(_refusal, _answer(_code))


@bp.context_processor
def _words() -> dict[str, Any]:
    person = someone()  # nobody, on a refusal before the door
    may_enrol = person is not None and May.ENROL_GATEWAYS in person.may
    return {"words": wording, "may_enrol": may_enrol, "my_id": person.staff_id if person else None}


@bp.get("/fleet/claims")
@needs(May.ENROL_GATEWAYS)
def claims() -> ResponseReturnValue:
    """Claims of the chain, and the form for a new one."""
    return render_template("enrolment/claims.html", **_list(), **_form())


@bp.get("/fleet/claims/part")
@needs(May.ENROL_GATEWAYS)
def claims_part() -> ResponseReturnValue:
    """The living part of the list."""
    return render_template("enrolment/claims_part.html", **_list())


@bp.post("/fleet/claims")
@needs(May.ENROL_GATEWAYS)
def make() -> ResponseReturnValue:
    """A claim for a new gateway: answered with its sheet, which is shown this once."""
    given = {name: request.form.get(name, "").strip() for name in ("store", "slug", "serial")}
    store = next((one for one in me().stores if str(one.id) == given["store"]), None)
    errors = {} if store else {"store": wording.in_the_way(NoSuchStore())}
    if len(given["serial"]) > LONGEST_SERIAL:
        errors["serial"] = _("A serial number has 80 characters at most.")
    if store and not errors:
        try:
            made = services.claim_new(
                db(), store_id=store.id, slug=given["slug"].lower(), by=me().staff_id, serial=given["serial"]
            )
            return _sheet(*made)
        except IN_THE_WAY as refusal:
            errors["slug"] = wording.in_the_way(refusal)
    return render_template("enrolment/claims.html", **_list(), **_form(given, errors)), 422


@bp.get("/fleet/claims/<int:claim_id>")
@needs(May.ENROL_GATEWAYS)
def claim(claim_id: int) -> ResponseReturnValue:
    """One claim: how far it is, and the box that asks to be let in."""
    found = queries.claim(db(), claim_id) or abort(404)
    shown = showing.lines([found])[0]
    said = queries.approval(db(), claim_id)
    return render_template("enrolment/claim.html", one=shown, said=said, **_names([found], said))


@bp.post("/fleet/claims/<int:claim_id>/cancel")
@needs(May.ENROL_GATEWAYS)
def cancel(claim_id: int) -> ResponseReturnValue:
    """Nobody may use it any more."""
    services.cancel(db(), claim_id, by=me().staff_id)
    flash(_("The claim is cancelled; its sheet is waste paper."), "good")
    return redirect(url_for(".claims"), 303)


@bp.post("/fleet/claims/<int:claim_id>/approve")
@needs(May.ENROL_GATEWAYS)
def approve(claim_id: int) -> ResponseReturnValue:
    """Let the box in that shows these letters."""
    services.approve(db(), claim_id, by=me().staff_id, key=request.form.get("key", ""))
    flash(_("Approved. The box fetches its certificate within a few seconds."), "good")
    return redirect(url_for(".claim", claim_id=claim_id), 303)


@bp.post("/fleet/claims/<int:claim_id>/reject")
@needs(May.ENROL_GATEWAYS)
def reject(claim_id: int) -> ResponseReturnValue:
    """Turn the box down; the claim is over."""
    services.approve(db(), claim_id, by=me().staff_id, key=request.form.get("key", ""), approved=False)
    flash(_("Turned down. The box gets nothing, and this claim is over."), "good")
    return redirect(url_for(".claim", claim_id=claim_id), 303)


@bp.post("/fleet/claims/policy")
@needs(May.ENROL_GATEWAYS)
def set_policy() -> ResponseReturnValue:
    """Whether a second person approves every box."""
    approval = request.form.get("approval") == "yes"
    if not approval and not rules.may_lift_approval(me().roles):
        abort(403)
    services.set_policy(db(), approval=approval, by=me().staff_id)
    return redirect(url_for(".claims"), 303)


@bp.get("/fleet/<int:gateway_id>/certificate")
@needs(May.SEE_FLEET)
def certificate(gateway_id: int) -> ResponseReturnValue:
    """A gateway's certificates, present and past, and what became of its identity."""
    return render_template("enrolment/certificate.html", **_of_gateway(gateway_id))


@bp.post("/fleet/<int:gateway_id>/certificate/revoke")
@needs(May.ENROL_GATEWAYS)
def revoke(gateway_id: int) -> ResponseReturnValue:
    """Take its identity away."""
    why, remark = request.form.get("why", ""), request.form.get("remark", "").strip()
    errors = {} if why in CHOSEN else {"why": _("Choose a reason; it stands in the history for good.")}
    if why == Why.OTHER and not remark:
        errors["remark"] = _("Say in a few words why.")
    if len(remark) > LONGEST_REMARK:
        errors["remark"] = _("A remark has 500 characters at most.")
    if errors:
        return render_template("enrolment/certificate.html", **_of_gateway(gateway_id, errors)), 422
    revoking.revoke(db(), gateway_id, by=me().staff_id, why=Why(why), remark=remark)
    flash(_("Revoked. Its connection ends now, and nothing it says is taken in."), "good")
    return redirect(url_for(".certificate", gateway_id=gateway_id), 303)


@bp.post("/fleet/<int:gateway_id>/certificate/replace")
@needs(May.ENROL_GATEWAYS)
def replace(gateway_id: int) -> ResponseReturnValue:
    """A claim for a box in this one's place."""
    try:
        made = services.claim_replacement(db(), gateway_id=gateway_id, by=me().staff_id)
    except IN_THE_WAY as refusal:
        errors = {"replace": wording.in_the_way(refusal)}
        return render_template("enrolment/certificate.html", **_of_gateway(gateway_id, errors)), 422
    return _sheet(*made)


@bp.post("/fleet/<int:gateway_id>/certificate/move")
@needs(May.ENROL_GATEWAYS)
def move(gateway_id: int) -> ResponseReturnValue:
    """Another store from now on; or a claim that moves it when the box uses it."""
    store = next((one for one in me().stores if str(one.id) == request.form.get("store")), None)
    try:
        if store is None:
            raise NoSuchStore
        if request.form.get("way") == "claim":
            return _sheet(*services.claim_move(db(), gateway_id=gateway_id, store_id=store.id, by=me().staff_id))
        revoking.move(db(), gateway_id, store.id, by=me().staff_id)
    except IN_THE_WAY as refusal:
        errors = {"store": wording.in_the_way(refusal)}
        return render_template("enrolment/certificate.html", **_of_gateway(gateway_id, errors)), 422
    flash(_("Moved to %(store)s. Its next certificate carries the new name.", store=store.name), "good")
    return redirect(url_for(".certificate", gateway_id=gateway_id), 303)


@bp.get("/enrol")
@public
def scanned() -> ResponseReturnValue:
    """Where a phone lands that scans the sheet; the code stays in the phone."""
    return render_template("enrolment/scanned.html", cloud=_cloud())


def _list() -> dict[str, Any]:
    found = queries.claims(db())
    shown = showing.lines(found)
    return {"lines": shown, **_names(found), "policy": queries.policy(db())}


def _form(given: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> dict[str, Any]:
    stores = [(str(one.id), one.name) for one in me().stores]
    here = {"store": str(me().store.id) if me().store else "", "slug": "gw-1"}  # type: ignore[union-attr]
    lift = rules.may_lift_approval(me().roles)
    return {"stores": stores, "given": given or here, "errors": errors or {}, "may_lift": lift, "ready": _root() != ""}


def _names(found: list[Claim] | Any, said: Any = None) -> dict[str, Any]:
    people = {one.made_by for one in found} | ({said.by} if said else set())
    return {"people": accounts.names(db(), people), "places": accounts.store_names(db(), {c.store_id for c in found})}


def _of_gateway(gateway_id: int, errors: dict[str, str] | None = None) -> dict[str, Any]:
    gateway = fleet.gateway(db(), gateway_id) or abort(404)
    held = queries.certificates(db(), gateway_id)
    passages = queries.passages(db(), gateway_id)
    people = {one.by for one in passages if one.by} | {one.revoked_by for one in held if one.revoked_by}
    stores = [(str(one.id), one.name) for one in me().stores if one.id != gateway.store_id]
    claim = queries.open_claim_of(db(), gateway_id, now())
    reasons = [("", "")] + [(one.value, wording.why(one.value)) for one in CHOSEN]
    told = {"certificates": showing.certificates(held), "passages": passages, "claim": claim, "reasons": reasons}
    every = accounts.store_names(db(), showing.stores_of(passages))
    return {
        **{"one": gateway, "tab": "certificate", **told, "errors": errors or {}, "given": request.form},
        **{"people": accounts.names(db(), people), "stores": stores, "places": every},
    }


def _sheet(made: Claim, code: str) -> ResponseReturnValue:
    sheet = Sheet(made, code, _cloud(), _root())
    names = {"store": accounts.store(db(), made.store_id).name, "chain": accounts.chain_name(db())}
    page = render_template("enrolment/sheet.html", sheet=sheet, **names)
    return page, 200, {"Cache-Control": "no-store"}


def _cloud() -> str:
    return str(current_app.extensions[SETTINGS].public_url or request.url_root.rstrip("/"))


def _root() -> str:
    try:
        return Authority.open(current_app.extensions[SETTINGS].authority).root_names[0]
    except NoAuthority:
        return ""
