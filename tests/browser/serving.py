"""A small application on a port of its own, for as long as a test looks at it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from deploy import assets


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers."""
    assets.main()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
