"""Beside a broker: its file of revoked certificates kept as the cloud has it, and the broker told.

The file is replaced as a whole, so that a broker that looks at its time finds the old list or the new one. While the
cloud cannot be reached the old list stays: a list that nobody renews is good for 30 days.
"""

import logging
import os
import signal
import ssl
import threading
import urllib.error
import urllib.request
from pathlib import Path

from cloud.enrolment.authority import write

log = logging.getLogger(__name__)
PATIENCE = 10.0
# Of two lists of one second OpenSSL keeps the one it had, as lists are dated by the second.
APART = 1.0
FIRST = b"-----BEGIN X509 CRL-----"


class Keeper:
    """Fetches the list when it has changed, and says so to whoever's number stands in ``pid_file``."""

    def __init__(
        self, cloud: str, out: Path, cafile: str | None = None, pid_file: Path | None = None, told: int = signal.SIGHUP
    ) -> None:
        if not cloud.startswith(("https://", "http://")):
            cloud = f"https://{cloud}"
        self._address = f"{cloud.rstrip('/')}/gateways/v1/crl"
        self._out, self._pid_file, self._told = out, pid_file, told
        self._context = ssl.create_default_context(cafile=cafile) if cloud.startswith("https:") else None
        self._tag = ""

    def run(self, stop: threading.Event, every: float) -> None:
        """Look until told to stop; say once when the cloud is away and once when it is back."""
        away = False
        while not stop.is_set():
            try:
                self.look()
            except (OSError, ValueError) as trouble:
                if not away:
                    log.error("the list of revoked certificates cannot be fetched (%s); the old one stays", trouble)
                away = True
            else:
                if away:
                    log.warning("the list of revoked certificates is fetched again")
                away = False
            stop.wait(max(every, APART))

    def look(self) -> bool:
        """Whether there was a new list. Raises OSError, ValueError for what is no list."""
        asked = urllib.request.Request(self._address, headers={"If-None-Match": self._tag} if self._tag else {})  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE, context=self._context) as answer:  # noqa: S310
                found, tag = answer.read(), answer.headers.get("ETag", "")
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code == 304:
                return False
            raise
        if not found.startswith(FIRST):
            raise ValueError("what came is no list of revoked certificates")
        write(self._out, found.decode("ascii"))
        self._tell()
        self._tag = tag
        return True

    def _tell(self) -> None:
        if self._pid_file is None:
            return
        try:
            os.kill(int(self._pid_file.read_text().strip()), self._told)
        except (OSError, ValueError) as trouble:
            log.error("the broker could not be told of the new list (%s)", trouble)
