"""The web process: gunicorn with threads, because an open page holds one for its stream."""

import gc
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from cloud.app import create_app
from cloud.kernel.settings import Settings
from cloud.telemetry import scraped


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def settle() -> None:
    """Take what was built at start (catalogues, tables, mappers) out of the garbage collector's rounds.

    Looking through all of it takes longer than drawing a page (0.12 s on the machine of docs/performance.md), and
    none of it is ever freed.
    """
    gc.collect()
    gc.freeze()


def _begin(settings: Settings) -> None:
    """In the process that answers, not in the one that watches over it."""
    scraped.serve(settings)
    settle()


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
        "post_worker_init": lambda _worker: _begin(settings),
    }
    _Server(create_app(settings), options).run()
    return 0
