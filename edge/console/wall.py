"""The page for a television in the waiting room: the last calls, large. It needs no PIN, as a wall has no hands.

It shows what a chain allows on a wall and nothing else, and is there only where a screen is configured.
"""

import json
from collections.abc import Mapping
from typing import Any

from edge.callers.screen import Screen
from edge.console import pages
from edge.console.markup import Html, tag
from edge.console.words import Words
from edge.http.serving import Request, Response

PAGE, NEWS, SHOWN = "/screen", "/screen/calls/", "/screen/shown"
MARK = "x-emmetra-screen"  # no page from elsewhere may send a header of its own without asking first (CORS)
JSON = "application/json"
NOWHERE = Response(b"", 404)


async def answer(request: Request, screens: Mapping[str, Screen], words: Words) -> Response | None:
    """What a screen is answered; nothing where it is no path of a screen."""
    if not screens or not (request.path + "/").startswith(PAGE + "/"):
        return None
    if request.method == "POST":
        return _seen(request, screens) if request.path == SHOWN else NOWHERE
    if request.path.startswith(NEWS):
        name, _, version = request.path.removeprefix(NEWS).partition("/")
        return await _news(screens.get(name), version)
    name = request.path.removeprefix(PAGE).strip("/") or next(iter(screens))
    return Response(_page(words, name)) if name in screens else NOWHERE


async def _news(screen: Screen | None, version: str) -> Response:
    if screen is None:
        return NOWHERE
    if screen.crowded:
        return Response(b"", 503)
    return Response(json.dumps(await screen.news(version)).encode(), kind=JSON)


def _seen(request: Request, screens: Mapping[str, Screen]) -> Response:
    """A page says that it has drawn a call."""
    if MARK not in request.headers:
        return Response(b"", 403)
    screen = screens.get(request.form.get("screen", ""))
    known = screen is not None and screen.seen(request.form.get("call", ""), request.form.get("turn", ""))
    return Response(b"", 204 if known else 404)


def _page(words: Words, name: str) -> bytes:
    """Empty; its script fills it in."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{words('screen_title')} · Emmetra"),
        tag("link", rel="stylesheet", href=pages.url("screen.css")),
        tag("script", Html(), type="module", src=pages.url("screen.js")),
    )
    said: dict[str, Any] = {"data_screen": name, "data_news": NEWS, "data_shown": SHOWN}
    calls = tag("ol", id="calls", aria_live="polite", aria_label=words("screen_title"))
    nobody = tag("p", words("screen_nobody"), id="nobody")
    lost = tag("p", words("screen_lost"), id="lost", role="status", hidden=True)
    header = tag("header", tag("h1", words("screen_title")), tag("time", id="clock"))
    body = tag("body", header, tag("main", nobody, calls), lost)
    html = tag("html", head, body, lang="zh-Hans" if words.language == "zh" else "en", **said)
    return f"<!doctype html>{html}".encode()
