"""English and Simplified Chinese: who decides, and what the page says about itself."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request
from flask_babel import Babel

COOKIE = "language"
LANGUAGES = {"en": "English", "zh": "中文"}
TAGS = {"en": "en", "zh": "zh-Hans"}
CATALOGUES = Path(__file__).parents[1] / "translations"
KEY = "cloud.web.user_language"

UserLanguage = Callable[[], str | None]


def current_language() -> str:
    """The user's setting, else the cookie, else what the browser asks for; English last."""
    wishes = (g.get("web_language"), _setting(), request.cookies.get(COOKIE))
    known = [wish for wish in wishes if wish in LANGUAGES]
    return known[0] if known else _asked_for()


def current_tag() -> str:
    """The language for ``<html lang>``."""
    return TAGS[current_language()]


def install_languages(app: Flask, user_language: UserLanguage) -> None:
    """Let Flask-Babel ask us."""
    app.extensions[KEY] = user_language
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(CATALOGUES))
    Babel(app, locale_selector=current_language)


def _setting() -> str | None:
    return cast(UserLanguage, current_app.extensions[KEY])()


def _asked_for() -> str:
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"
