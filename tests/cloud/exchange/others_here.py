"""Another system on a real socket: it keeps what it is told, and can be told to misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cloud.exchange.wire import Near

NEAR = Near.of("127.0.0.0/8,::1/128")


@dataclass(frozen=True)
class Heard:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Other:
    """What was heard, and what is answered: a status, or ``None`` for a line that is cut without a word."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.things: dict[str, bytes] = {}
        self.status: int | None = 200
        self.url = ""

    def take(self, one: Heard) -> int | None:
        """Keep a request; things that are put and deleted stand under their paths, as on a calendar server."""
        self.heard.append(one)
        if self.status is None or self.status >= 300:
            return self.status
        if one.method == "PUT":
            self.things[one.path] = one.body
        if one.method == "DELETE":
            return 204 if self.things.pop(one.path, None) is not None else 404
        return self.status


@contextmanager
def other_system() -> Iterator[Other]:
    """It listens on a port of its own until the block ends."""
    other = Other()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = other.take(Heard(self.command, self.path, dict(self.headers), body))
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_DELETE = do_GET = _any  # noqa: N815  (as http.server calls them)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    other.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield other
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
