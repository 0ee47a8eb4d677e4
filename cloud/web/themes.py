"""Light, dark, high contrast, or what the device says; kept in a cookie, rendered by the server."""

from flask import g, request

COOKIE = "theme"
THEMES = ("auto", "light", "dark", "contrast")


def current_theme() -> str:
    """The theme of this page; a page may set ``g.web_theme`` to show another."""
    chosen: str = g.get("web_theme") or request.cookies.get(COOKIE, "")
    return chosen if chosen in THEMES else "auto"
