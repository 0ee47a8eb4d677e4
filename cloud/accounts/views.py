"""Signing in and out, one's own account, which store one works in."""

from io import BytesIO
from urllib.parse import urlsplit

import pyotp
import segno
from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import gate, services
from cloud.accounts.errors import CodeRefused, SignInRefused, TooManyAttempts
from cloud.accounts.gate import db, engine, me, needs, public
from cloud.kernel.database import unit_of_work

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Address and password."""
    return render_template("accounts/sign_in.html", demo=_demo(), errors=(), email="")


@bp.post("/sign-in")
@public
def check_sign_in() -> ResponseReturnValue:
    """Let them in, or say that the two do not belong together."""
    email = request.form.get("email", "")
    try:
        tenant_id, staff_id = services.check_password(engine(), email, request.form.get("password", ""))
    except TooManyAttempts:
        return _again(email, _("Too many wrong passwords for this address. Wait 15 minutes, then try again."), 429)
    except SignInRefused:
        return _again(email, _("Address and password do not belong together. Check both and try again."), 422)
    with unit_of_work(engine(), tenant_id) as work:
        code_due = services.needs_code(work, staff_id)
    gate.sign_in(tenant_id, staff_id, code_due=code_due)
    return redirect(url_for(".code", next=_next()) if code_due else _next(), 303)


@bp.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """The one-time code."""
    if "staff_id" not in session:
        return redirect(url_for(".sign_in"), 303)
    return render_template("accounts/code.html", errors=(), demo=_demo())


@bp.post("/sign-in/code")
@public
def check_code() -> ResponseReturnValue:
    """Let them in, or ask again."""
    if "staff_id" not in session:
        return redirect(url_for(".sign_in"), 303)
    try:
        services.refuse_guessing_codes(engine(), session["staff_id"])
        with unit_of_work(engine(), session["tenant_id"]) as work:
            services.check_code(work, session["staff_id"], request.form.get("code", ""))
    except TooManyAttempts:
        words, status = _("Too many wrong codes. Wait 15 minutes, then try again."), 429
    except CodeRefused:
        services.note_wrong_code(engine(), session["staff_id"])
        words, status = _("That code is wrong or already used. Wait for the next one and try again."), 422
    else:
        session["code_due"] = False
        return redirect(_next(), 303)
    return render_template("accounts/code.html", errors=(words,), demo=_demo()), status


@bp.post("/sign-out")
@needs()
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    session.clear()
    return redirect(url_for(".sign_in"), 303)


@bp.post("/store")
@needs()
def choose_store() -> ResponseReturnValue:
    """Work in another of one's stores."""
    slug = request.form.get("store", "")
    store = me().stores.named(slug.replace("\0", "").strip()[:200]) if slug else None
    if store is not None:
        session["store_id"] = store.id
    return redirect(_next(), 303)


@bp.get("/account")
@needs()
def account() -> ResponseReturnValue:
    """One's own account, and turning on one-time codes."""
    return _account()


def _account(errors: tuple[str, ...] = ()) -> str:
    has_codes = services.needs_code(db(), me().staff_id)
    if not has_codes:
        session.setdefault("new_secret", pyotp.random_base32())
    return render_template(
        "accounts/account.html", has_codes=has_codes, secret=session.get("new_secret"), errors=errors
    )


@bp.get("/account/code.svg")
@needs()
def code_picture() -> ResponseReturnValue:
    """The secret as a QR code for an authenticator app."""
    secret = session.get("new_secret") or abort(404)
    uri = pyotp.TOTP(secret).provisioning_uri(name=me().name, issuer_name="Emmetra")
    picture = BytesIO()
    segno.make(uri).save(picture, kind="svg", scale=5, dark="#000", light="#fff")
    return Response(picture.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@bp.post("/account/codes")
@needs()
def begin_codes() -> ResponseReturnValue:
    """Turn one-time codes on, once a first one proves that the app has the secret."""
    try:
        services.begin_codes(db(), me().staff_id, session.get("new_secret", ""), request.form.get("code", ""))
    except CodeRefused:
        words = _("That code does not match. Check the time on your phone and try the next one.")
        return _account((words,)), 422
    session.pop("new_secret", None)
    return redirect(url_for(".account"), 303)


def _again(email: str, words: str, status: int) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", demo=_demo(), errors=(words,), email=email), status


def _next() -> str:
    """Where they wanted to go, if that is a place of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if ours else url_for("readings.today")


def _demo() -> object:
    return current_app.extensions.get("emmetra.demo")
