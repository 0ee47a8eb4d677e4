"""Pages of the releases room: what there is to run, who gets it when, and how it goes."""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.releases import forms, queries, rules, services, wording
from cloud.releases.choices import DEEDS, Deed
from cloud.releases.errors import NoSuchRelease, NoSuchRollout, NotNow, OneAtATime, ReleaseRefused, RingsRefused
from cloud.releases.models import Rollout
from cloud.web.error_pages import refused
from protocols.envelope.release import MANIFEST, SIGNATURE

bp = Blueprint("releases", __name__, template_folder="templates")
MOST_BYTES = 200 * 1024 * 1024
for _missing in (NoSuchRelease, NoSuchRollout):
    bp.register_error_handler(_missing, lambda _refusal: refused(NotFound()))


@bp.url_value_preprocessor
def _let_a_release_through(endpoint: str | None, _values: Any) -> None:
    """Before the form is read at all: an archive is larger than other forms, for whoever is signed in."""
    if endpoint == "releases.add" and "staff_id" in session:
        request.max_content_length = MOST_BYTES


@bp.context_processor
def _speaking() -> dict[str, Any]:
    return {"wording": wording, "made_for": queries.made_for}


@bp.get("/fleet/releases")
@needs(May.SEE_FLEET)
def releases() -> ResponseReturnValue:
    """Releases, roll-outs, and what runs in the chain."""
    return _listed(forms.Begin())


def _listed(form: forms.Begin, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    found = queries.rollouts(db())
    names = accounts.names(db(), {one.started_by for one, _step in found})
    page = {"releases": queries.releases(db()), "rollouts": found, "names": names, "versions": queries.versions(db())}
    shares = queries.rings(db())[1]
    may = {"may_roll_out": May.ROLL_OUT in me().may, "busy": queries.under_way(db())}
    return render_template("releases/releases.html", **page, **may, shares=shares, form=form, wrong=wrong), status


@bp.post("/fleet/releases")
@needs(May.ROLL_OUT)
def add() -> ResponseReturnValue:
    """Take in a signed release: its manifest, its signature and its archives."""
    files = {(one.filename or "").replace("\\", "/").rpartition("/")[2]: one for one in request.files.getlist("files")}
    manifest, signature = files.pop(MANIFEST, None), files.pop(SIGNATURE, None)
    if manifest is None or signature is None:
        return _listed(forms.Begin(), _("Choose manifest.json, manifest.json.sig and the archives beside them."), 422)
    archives = {name: one.stream for name, one in files.items()}
    try:
        added = services.add(db(), manifest.read(), signature.read(), archives, _keys())  # type: ignore[arg-type]
    except ReleaseRefused as refusal:
        return _listed(forms.Begin(), wording.refused(refusal.code, refusal.what), 422)
    services.note_added(db(), added, me().staff_id)
    flash(_("Release %(version)s is signed and kept.", version=added.version), "good")
    return redirect(url_for("releases.releases"), 303)


def _keys() -> Path | None:
    known = current_app.config["RELEASE_KEYS"]
    return Path(known) if known else None


@bp.post("/fleet/releases/<int:release_id>/roll-out")
@needs(May.ROLL_OUT)
def begin(release_id: int) -> ResponseReturnValue:
    """Let a release go through the rings."""
    release, form = queries.release(db(), release_id), forms.Begin.parse(request.form)
    if form.errors:
        return _listed(form, status=422)
    try:
        started = services.begin(db(), release, url=_url(release.manifest_sha256), **form.values(), by=me().staff_id)
    except OneAtATime:
        return _listed(form, _("Another roll-out is under way. Finish it or let it go back first."), 422)
    return redirect(url_for("releases.rollout", rollout_id=started.id), 303)


def _url(digest: str) -> str:
    """Where gateways find a manifest; they may know this cloud by another address than the browser."""
    known = current_app.config.get("PUBLIC_URL")
    path = url_for("releases_gateways.part", name=digest)
    return known.rstrip("/") + path if known else url_for("releases_gateways.part", name=digest, _external=True)


@bp.get("/fleet/roll-outs/<int:rollout_id>")
@needs(May.SEE_FLEET)
def rollout(rollout_id: int) -> ResponseReturnValue:
    """One roll-out: rings, counts, who failed and why, what was done."""
    return render_template("releases/rollout.html", **_shown(queries.rollout(db(), rollout_id)))


@bp.get("/fleet/roll-outs/<int:rollout_id>/part")
@needs(May.SEE_FLEET)
def part(rollout_id: int) -> ResponseReturnValue:
    """What of it changes as it goes on."""
    return render_template("releases/rollout_part.html", **_shown(queries.rollout(db(), rollout_id)))


def _shown(one: Rollout) -> dict[str, Any]:
    steps, fared = queries.steps(db(), one.id), queries.fared(db(), one)
    shares = queries.rings(db(), one.edition)[1]
    members = rules.rings(shares, queries.enrolled(db()), one.id)
    may = [deed.value for deed, (_verb, after) in DEEDS.items() if steps[-1].verb in after]
    return {
        "rollout": one,
        "steps": steps,
        "last": steps[-1],
        "shares": shares,
        "members": [len(ring) for ring in members],
        "counts": rules.by_rank([(fare.ring, fare.fate) for fare in fared], len(shares)),
        "total": rules.Counts.of([fare.fate for fare in fared]),
        "troubled": [fare for fare in fared if fare.fate in ("failed", "quiet")],
        "waiting": [fare for fare in fared if fare.fate in ("waits", "tries")][: queries.SHOWN],
        "stores": {store.id: store.name for store in accounts.all_stores(db())},
        "names": accounts.names(db(), {step.by for step in steps if step.by}),
        "may": may if May.ROLL_OUT in me().may else [],
    }


@bp.post("/fleet/roll-outs/<int:rollout_id>/<any(pause, resume, stop, back):deed>")
@needs(May.ROLL_OUT)
def steer(rollout_id: int, deed: str) -> ResponseReturnValue:
    """Pause, resume, stop, or go back."""
    try:
        services.steer(db(), rollout_id, Deed(deed), me().staff_id)
    except NotNow:
        flash(_("The roll-out had gone on meanwhile; look again."), "warning")
    return redirect(url_for("releases.rollout", rollout_id=rollout_id), 303)


@bp.get("/fleet/rings")
@needs(May.SEE_FLEET)
def rings() -> ResponseReturnValue:
    """Who gets a release first."""
    edition, shares = queries.rings(db())
    percents = " ".join(str(share.percent) for share in shares if share.percent is not None)
    picked = {one for share in shares for one in share.picked}
    return _rings(percents, picked, edition)


def _rings(percents: str, picked: set[int], edition: int, wrong: str = "", status: int = 200) -> ResponseReturnValue:
    named = queries.named(db())
    page = {"percents": percents, "picked": picked, "named": named, "edition": edition, "wrong": wrong}
    return render_template("releases/rings.html", **page, may_roll_out=May.ROLL_OUT in me().may), status


@bp.post("/fleet/rings")
@needs(May.ROLL_OUT)
def set_rings() -> ResponseReturnValue:
    """Set the rings for roll-outs that begin from now on."""
    known = set(queries.enrolled(db()))
    picked = {int(one) for one in request.form.getlist("picked") if one.isascii() and one.isdigit()} & known
    percents = request.form.get("percents", "")
    try:
        services.set_rings(db(), rules.shares(percents, picked), me().staff_id)
    except RingsRefused as refusal:
        return _rings(percents, picked, queries.rings(db())[0], wording.rings_refused(str(refusal)), 422)
    flash(_("The next roll-out goes through these rings."), "good")
    return redirect(url_for("releases.rings"), 303)


@bp.get("/fleet/<int:gateway_id>/software")
@needs(May.SEE_FLEET)
def gateway(gateway_id: int) -> ResponseReturnValue:
    """What one gateway runs, shall run, and ran."""
    one = queries.gateway(db(), gateway_id) or abort(404)
    page = {"releases": queries.releases(db()), "history": queries.history(db(), gateway_id)}
    wanted = queries.wanted(db(), gateway_id)
    may = May.ROLL_OUT in me().may
    return render_template("releases/gateway.html", one=one, tab="software", **page, wanted=wanted, may_roll_out=may)


@bp.post("/fleet/<int:gateway_id>/software")
@needs(May.ROLL_OUT)
def choose(gateway_id: int) -> ResponseReturnValue:
    """Let one gateway take a release now, an older one too."""
    one = queries.gateway(db(), gateway_id) or abort(404)
    release = queries.release(db(), request.form.get("release", 0, type=int))
    services.choose(db(), one.id, release, url=_url(release.manifest_sha256), by=me().staff_id, ran=one.software)
    flash(_("The gateway takes %(version)s as soon as no instrument is at work.", version=release.version), "good")
    return redirect(url_for("releases.gateway", gateway_id=gateway_id), 303)
