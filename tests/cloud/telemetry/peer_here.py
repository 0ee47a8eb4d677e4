"""VictoriaMetrics as Debian packs it, for as long as a test needs it."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import urllib3

from tests.cloud.servers import wait_until

BINARY = Path("/usr/bin/victoria-metrics")
needs_victoria = pytest.mark.skipif(not BINARY.exists(), reason="victoria-metrics is not installed here")


@contextmanager
def victoria(*options: str) -> Iterator[str]:
    """Its address. ``latencyOffset`` would hide the newest half minute."""
    with socket.socket() as free, TemporaryDirectory(prefix="emmetra-victoria-") as folder:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        settings = (f"-storageDataPath={folder}", f"-httpListenAddr={place}", "-search.latencyOffset=0s")
        with subprocess.Popen([BINARY, *settings, *options], stderr=subprocess.DEVNULL) as process:
            try:
                wait_until(lambda: _answers(place))
                yield f"http://{place}"
            finally:
                process.terminate()


def _answers(place: str) -> bool:
    try:
        return urllib3.request("GET", f"http://{place}/health", retries=False, timeout=1).status in (200, 401)
    except urllib3.exceptions.HTTPError:
        return False


def flushed(address: str) -> None:
    """What was written can be read."""
    urllib3.request("GET", f"{address}/internal/force_flush", retries=False)
