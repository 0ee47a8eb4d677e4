"""A page with one live part, and a stream the test speaks through."""

import json
import queue
import threading
import time
from collections.abc import Iterator

from flask import Flask, Response, render_template_string
from werkzeug.serving import BaseWSGIServer

from tests.browser.serving import listening
from tests.cloud.web.shop import make_app

PART = """<div id="board" data-live="tray" hx-get="/part" hx-trigger="live" hx-swap="outerHTML">
<p data-part="a">still</p><p data-part="b">count {{ board.count }}</p><input id="typed" aria-label="typed">
<button id="near">near</button></div>"""
PAGE = '{% extends "web/layout.html" %}{% block content %}<h1>Board</h1>' + PART + "{% endblock %}"


class Board:
    """The shop's server, with a switch and a voice."""

    def __init__(self) -> None:
        self.count = 0
        self.slow = 0.0
        self._ears: list[queue.Queue[str | None]] = []
        self._app = self._make()
        self._server: BaseWSGIServer | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        self._server = listening(self._app, self.port)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()
        for ear in self._ears:
            ear.put(None)
        self._ears.clear()

    def say(self, data: dict[str, str], event: str = "message") -> None:
        self.count += 1
        for ear in self._ears:
            ear.put(f"id: {self.count}\nevent: {event}\ndata: {json.dumps(data)}\n\n")

    def _live(self) -> Response:
        ear: queue.Queue[str | None] = queue.Queue()
        self._ears.append(ear)

        def heard() -> Iterator[str]:
            yield "retry: 200\nevent: beat\ndata: {}\n\n"
            yield from iter(ear.get, None)

        return Response(heard(), mimetype="text/event-stream")

    def _part(self) -> str:
        answer = render_template_string(PART, board=self)
        time.sleep(self.slow)
        return answer

    def _make(self) -> Flask:
        app = make_app()
        app.view_functions["live"] = self._live
        app.add_url_rule("/board", "board", lambda: render_template_string(PAGE, board=self))
        app.add_url_rule("/part", "part", self._part)
        return app
