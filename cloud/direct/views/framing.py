"""What stands on other people's pages: the script that shows ours in a frame, and a chain's own colour."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _

from cloud.accounts.gate import engine, public
from cloud.direct import colours, doors
from cloud.direct.errors import NoSuchDoor
from cloud.direct.views.pages import bp
from cloud.kernel.database import unit_of_work
from cloud.web import languages

HOUR = 3600


def _shop(chain: str, store: str) -> doors.Shop | None:
    try:
        tenant_id, store_id = doors.find(engine(), chain, store)
        with unit_of_work(engine(), tenant_id) as session:
            return doors.shop(session, store_id)
    except NoSuchDoor:
        return None


def _script(text: str, status: int = 200, kind: str = "text/javascript") -> Response:
    response = make_response(text, status)
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    return response


@bp.get("/widget/<chain>/<store>.js")
@public
def widget(chain: str, store: str) -> Response:
    """The script for another's page. It says where ours is and knows nobody."""
    shop = _shop(chain, store)
    if shop is None:
        return _script("/* There is no such store. */\n", 404)
    base = str(current_app.config.get("PUBLIC_URL") or request.host_url).rstrip("/")
    told: dict[str, Any] = {
        "frame": base + url_for(".start", chain=chain, store=store, key="-"),
        "origin": base,
        "language": request.args.get("lang", "") if request.args.get("lang") in languages.LANGUAGES else "",
        "button": _("Book your visit"),
        "title": _("Book a visit at %(store)s", store=shop.name),
        "close": _("Close"),
    }
    response = _script(render_template("direct/widget.js", told=told))
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.get("/book/<chain>/<store>/look.css")
@public
def look(chain: str, store: str) -> Response:
    """The chain's colour, made readable by day and by night."""
    shop = _shop(chain, store)
    accent = shop.accent if shop and shop.accent and colours.is_colour(shop.accent) else None
    return _script(_rules(accent) if accent else "", kind="text/css")


def _rules(accent: str) -> str:
    day, night = colours.readable(accent, colours.LIGHT), colours.readable(accent, colours.DARK)
    lines = (
        f"--em-accent: light-dark({day}, {night});",
        f"--em-accent-ink: light-dark({colours.ink(day)}, {colours.ink(night)});",
        f"--em-accent-soft: light-dark({colours.soft(day, colours.LIGHT)}, {colours.soft(night, colours.DARK)});",
    )
    return ":root:not([data-theme=contrast]) {" + " ".join(lines) + "}\n"
