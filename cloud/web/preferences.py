"""Language and theme, chosen by anyone on any page, kept in a cookie."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from cloud.web import languages, themes

ALLOWED = {languages.COOKIE: tuple(languages.LANGUAGES), themes.COOKIE: themes.THEMES}
YEAR = 31_536_000

KeepLanguage = Callable[[str], None]


def choose(keep_language: KeepLanguage) -> ResponseReturnValue:
    """Keep what was chosen and go back to the page it was chosen on."""
    back = redirect(local(request.form.get("next", "/")), 303)
    for name in ALLOWED:
        _keep(back, name, request.form.get(name, ""))
    if request.form.get(languages.COOKIE) in languages.LANGUAGES:
        keep_language(request.form[languages.COOKIE])
    return back


def local(target: str) -> str:
    """The target if it is a path of ours, else the front page."""
    parts = urlsplit(target.replace("\\", "/"))
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return target if ours and not target.startswith("//") else "/"


def _keep(response: Response, name: str, value: str) -> None:
    if value in ALLOWED[name]:
        response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
