"""An application on a port of its own, for as long as a test looks at it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from deploy import assets

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers."""
    assets.main()
    server = listening(app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def listening(app: Flask, port: int = 0) -> BaseWSGIServer:
    """A server that answers once its serve_forever is called."""
    return make_server("127.0.0.1", port, _closing(app), threaded=True)


def _closing(app: "WSGIApplication") -> "WSGIApplication":
    """Werkzeug's server leaves a file open when a browser resets the connection at its end."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        parts = app(environ, start_response)
        try:
            yield from parts
        finally:
            getattr(parts, "close", lambda: None)()

    return answer
