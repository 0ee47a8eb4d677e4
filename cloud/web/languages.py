"""English and Simplified Chinese: who decides, and what the page says about itself."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, refresh

COOKIE = "language"
LANGUAGES = {"en": "English", "zh": "中文"}
TAGS = {"en": "en", "zh": "zh-Hans"}
CATALOGUES = Path(__file__).parents[1] / "translations"
KEY = "cloud.web.user_language"

UserLanguage = Callable[[], str | None]


def current_language() -> str:
    """The user's setting, else the cookie, else what the browser asks for; English last."""
    if (fixed := g.get("web_language")) in LANGUAGES:
        return cast(str, fixed)
    known = [wish for wish in (_setting(), request.cookies.get(COOKIE)) if wish in LANGUAGES]
    return known[0] if known else _asked_for()


def current_tag() -> str:
    """The language for ``<html lang>``."""
    return TAGS[current_language()]


def stand_alone_language() -> None:
    """From here on, leave the user's setting out of it."""
    wishes = (g.get("web_language"), request.cookies.get(COOKIE), _asked_for())
    g.web_language = next(wish for wish in wishes if wish in LANGUAGES)
    refresh()


def install_languages(app: Flask, user_language: UserLanguage) -> None:
    """Let Flask-Babel ask us."""
    app.extensions[KEY] = user_language
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(CATALOGUES))
    Babel(app, locale_selector=current_language)


def _setting() -> str | None:
    return cast(UserLanguage, current_app.extensions[KEY])()


def _asked_for() -> str:
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"
