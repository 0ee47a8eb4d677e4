"""The web process: gunicorn with threads, because an open page holds one for its stream."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cloud.app import create_app
from cloud.kernel.settings import Settings


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve(settings: Settings, bind: str, threads: int) -> int:
    """Serve until told to stop."""
    options = {
        "bind": bind,
        "workers": 1,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 3,
        "accesslog": None,
        "loglevel": "warning",
    }
    _Server(create_app(settings), options).run()
    return 0
