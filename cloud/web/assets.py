"""Addresses of static files that change when their content does, so that they may be kept for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, g, request, url_for

YEAR = 31_536_000


def asset(filename: str, room: str = "web") -> str:
    """The address of a static file of a room, with its content hash; a chart asks for that of its icons 100 times."""
    known: dict[tuple[str, str], str] = g.setdefault("web_assets", {})
    if (room, filename) not in known:
        known[room, filename] = _address(filename, room)
    return known[room, filename]


def _address(filename: str, room: str) -> str:
    folder = current_app.blueprints[room].static_folder
    file = Path(folder or "") / filename
    mark = _mark(file, file.stat().st_mtime_ns) if file.is_file() else None
    return url_for(f"{room}.static", filename=filename, v=mark)


def keep_marked(response: Response) -> Response:
    """Let browsers keep what was asked for by hash; everything else they ask about again."""
    if response.status_code == 200 and (request.endpoint or "").endswith("static") and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@lru_cache(maxsize=512)
def _mark(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
