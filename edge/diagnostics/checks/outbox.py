"""Checks of what waits for the cloud."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site

FILE = "outbox.db"
MANY = 1_000
OLD_S = 3600.0
SILENT = ("cloud_silent", "ingest_down", "broker_unreachable", "re_enrol")


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The outbox file, for reading only; a running gateway is not disturbed. Raises sqlite3.Error."""
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        yield db
    finally:
        db.close()


def integrity(site: Site) -> list[Said]:
    """Is the file whole?"""
    path = site.config.data / FILE
    if not path.exists():
        return [said("none")]
    try:
        with reading(path) as db:
            answer = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as trouble:
        return [said("damaged", why=type(trouble).__name__)]
    return [said("ok" if answer == "ok" else "damaged", size=path.stat().st_size // 1024, why="quick_check")]


def depth(site: Site) -> list[Said]:
    """How much waits, and since when?"""
    waiting, oldest = _waiting(site)
    if waiting is None:
        return [said("unknown")]
    age = site.now() - datetime.fromisoformat(oldest).timestamp() if oldest else 0.0
    if waiting > MANY or age > OLD_S:
        return [said("much", n=waiting, h=f"{age / 3600:.1f}")]
    return [said("ok", n=waiting)]


def _waiting(site: Site) -> tuple[int | None, str | None]:
    if site.status is not None:
        return site.status["outbox"]["depth"], site.status["outbox"]["oldest_at"]
    try:
        with reading(site.config.data / FILE) as db:
            n, oldest = db.execute("SELECT count(*), min(ts_gw) FROM results").fetchone()
    except sqlite3.Error:
        return None, None
    return n, oldest


def dead_letters(site: Site) -> list[Said]:
    """Was something put aside that nobody would take?"""
    if site.status is not None:
        return _dead(site.status["outbox"]["dead"])
    try:
        with reading(site.config.data / FILE) as db:
            return _dead(db.execute("SELECT count(*) FROM dead").fetchone()[0])
    except sqlite3.Error:
        return [said("unknown")]


def _dead(n: int) -> list[Said]:
    return [said("some" if n else "ok", n=n)]


def cloud_confirms(site: Site) -> list[Said]:
    """Does the cloud say that it has what we sent?"""
    if site.status is None:
        return [said("not_running")]
    outbox = site.status["outbox"]
    if any(code in site.alarms for code in SILENT) or not site.connected:
        return [said("silent", n=outbox["depth"])]
    return [said("ok" if outbox["depth"] == 0 else "under_way", n=outbox["depth"], hwm=outbox["hwm"])]
