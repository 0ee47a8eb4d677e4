"""What our processes count, for Prometheus to fetch: on a place of its own, or on the pages' with a token.

With neither set nothing is shown. A place of its own (``EMMETRA_METRICS_BIND``) belongs on an address that only the
monitoring reaches; where a token is set, it is asked for there as well.
"""

import hmac
import logging
import threading
import time
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue

from cloud.accounts.gate import public
from cloud.kernel.settings import Misconfigured, Settings
from cloud.telemetry import meters

log = logging.getLogger(__name__)

CONTENT = "text/plain; version=0.0.4; charset=utf-8"


def install(app: Flask, settings: Settings) -> None:
    """Count requests, and show the figures at /metrics to whoever has the token."""
    app.before_request(_begin)
    app.after_request(_count)

    @public
    def metrics() -> ResponseReturnValue:
        """Everything counted here."""
        if settings.metrics_token is None or not welcome(settings.metrics_token, request.headers.get("Authorization")):
            abort(404)
        return Response(meters.page(), content_type=CONTENT, headers={"Cache-Control": "no-store"})

    app.add_url_rule("/metrics", "metrics", metrics)


def welcome(token: str | None, said: str | None) -> bool:
    """Whether these are the words that open; without a token anyone who reaches the place is welcome."""
    if not token:
        return True
    return hmac.compare_digest((said or "").encode(), f"Bearer {token}".encode())


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    began = g.pop("began", None)
    if began is not None:
        meters.request(request.endpoint or "none", response.status_code, time.perf_counter() - began)
    return response


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing of every fetch."""


class _Server(ThreadingMixIn, WSGIServer):
    """Whoever connects and says nothing keeps nobody else waiting."""

    daemon_threads = True


def serve(settings: Settings) -> Any:
    """Show the figures on a place of their own, in a thread. None without one. Raises Misconfigured."""
    if not settings.metrics_bind:
        return None
    host, _, port = settings.metrics_bind.rpartition(":")
    try:
        page = _page_for(settings.metrics_token)
        server = make_server(host.strip("[]"), int(port), page, server_class=_Server, handler_class=_Quiet)
    except (OSError, ValueError, OverflowError) as refusal:
        raise Misconfigured(
            f"EMMETRA_METRICS_BIND is {settings.metrics_bind!r} and cannot be used ({refusal}); set it to HOST:PORT"
        ) from None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def _page_for(token: str | None) -> Any:
    def page(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/metrics" or not welcome(token, environ.get("HTTP_AUTHORIZATION")):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        start("200 OK", [("Content-Type", CONTENT)])
        return [meters.page()]

    return page
