"""Where the cloud takes blobs, and whom to believe that it is the cloud."""

import ssl
from pathlib import Path
from urllib.parse import urlsplit

from edge.blobs.line import Away


def place(said: str, cloud: str, *, secure: bool) -> str:
    """The whole address: as it was said, or below ``cloud`` where only a path was. Raises Away.

    ``secure``: the broker is spoken to over TLS, so nothing leaves this gateway without it.
    """
    url = cloud.rstrip("/") + said if said.startswith("/") else said
    scheme = urlsplit(url).scheme
    if scheme not in ("http", "https"):
        raise Away("the cloud did not say where; set EMMETRA_PUBLIC_URL there")
    if secure and scheme != "https":
        raise Away(f"{urlsplit(url).hostname} would be spoken to without TLS; EMMETRA_PUBLIC_URL must begin with https")
    return url


def context(roots: Path | None) -> ssl.SSLContext:
    """Believe these roots alone, or without any those of the system."""
    return ssl.create_default_context(cafile=None if roots is None else str(roots))
