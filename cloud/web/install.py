"""Put the frame into an application."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, get_flashed_messages, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.routing import BuildError

from cloud.web import (
    assets,
    charts,
    components_page,
    error_pages,
    frame,
    held,
    languages,
    plots,
    preferences,
    safety,
    themes,
)
from cloud.web.cards import card_of
from cloud.web.drawing import sheet_of
from cloud.web.filters import absent, install_filters
from cloud.web.languages import UserLanguage, install_languages
from cloud.web.preferences import KeepLanguage

View = Callable[..., ResponseReturnValue]
Rule = Callable[[Any], Any]


def _as_it_is(view: Any) -> Any:
    return view


def _nothing(_: str) -> None:
    return None


def install(
    app: Flask,
    *,
    framer: frame.Framer = frame.Frame,
    user_language: UserLanguage = lambda: None,
    keep_language: KeepLanguage = _nothing,
    staff: Rule = _as_it_is,
    public: Rule = _as_it_is,
) -> None:
    """Install layout, filters, languages, headers and error pages.

    ``framer`` says what the frame shows for this request; ``staff`` and ``public`` are the access rules put
    around our views; ``user_language`` reads and ``keep_language`` keeps the signed-in person's language.
    """
    app.extensions[frame.KEY] = framer
    install_languages(app, user_language)
    install_filters(app)
    app.jinja_env.globals.update(_globals(app))
    app.register_blueprint(_blueprint(keep_language, staff, public))
    app.view_functions["web.static"] = public(_own(app.view_functions["web.static"]))
    app.after_request(safety.guard_headers)
    app.after_request(assets.keep_marked)
    error_pages.install_error_pages(app)


def _blueprint(keep_language: KeepLanguage, staff: Rule, public: Rule) -> Blueprint:
    web = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path="/static/web")
    web.add_url_rule(
        "/preferences",
        "preferences",
        public(_own(functools.partial(preferences.choose, keep_language))),
        methods=["POST"],
    )
    web.add_url_rule("/components", "components", staff(_own(components_page.show)))
    return web


def _own(view: Callable[..., Any]) -> View:
    """A plain function of its own, so that a rule can be written on it."""

    def owned(**parts: Any) -> ResponseReturnValue:
        answer: ResponseReturnValue = view(**parts)
        return answer

    return owned


def _globals(app: Flask) -> dict[str, Any]:
    return {
        "absent": absent,
        "asset": assets.asset,
        "card_of": card_of,
        "csrf_field": lambda: _csrf(app),
        "current_frame": frame.current_frame,
        "current_language": languages.current_language,
        "current_tag": languages.current_tag,
        "current_theme": themes.current_theme,
        "get_flashed_messages": get_flashed_messages,
        "held": held.held,
        "look": held.look,
        "place_of": lambda endpoint, **parts: _place(app, endpoint, parts),
        "sheet_of": sheet_of,
        "charts": charts,
        "plots": plots,
        "LANGUAGES": languages.LANGUAGES,
        "here": lambda: request.full_path.rstrip("?"),
    }


def _place(app: Flask, endpoint: str, parts: dict[str, Any]) -> str:
    """The address of a page of a room that may not be there, else nothing."""
    try:
        return url_for(endpoint, **parts) if endpoint in app.view_functions else ""
    except BuildError:
        return ""


def _csrf(app: Flask) -> Markup:
    token = app.jinja_env.globals.get("csrf_token")
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token()) if callable(token) else Markup()
