"""TLS for a key that lies in a token, which Python's own TLS cannot use: stunnel speaks TLS, we speak to its socket.

OpenSSL's engine for PKCS#11 (Debian: libengine-pkcs11-openssl) finds the key by its address. The socket and the
configuration, which holds the PIN, lie in a folder only this user may enter.
"""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from edge.uplink.broker import ALERTS, BrokerRefused, BrokerSettings
from edge.uplink.uris import TokenRefused, TokenUri

PATIENCE_S = 15.0
LOG_LINES = 40
PROGRAMS = ("stunnel4", "stunnel")


class Tunnel:
    """A running stunnel: ``socket`` is where the broker is reached."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "broker.sock"
        self.said: list[str] = []

    def why(self) -> str | None:
        """What ended a connection, if stunnel said so."""
        told = (line.rpartition("error:")[2] for line in reversed(self.said) if "error:" in line)
        return next(told, None)

    @property
    def barred(self) -> bool:
        """The broker refused our certificate."""
        return any(alert.lower().replace("_", " ") in line for line in self.said for alert in ALERTS)

    async def listen(self, lines: asyncio.StreamReader) -> None:
        """Remember the last lines it said."""
        while line := await lines.readline():
            self.said = [*self.said[1 - LOG_LINES :], line.decode("utf-8", "replace").strip().lower()]


@contextlib.asynccontextmanager
async def tunnel(broker: BrokerSettings) -> AsyncIterator[Tunnel]:
    """A tunnel to the broker with the key of ``broker.token``. Raises BrokerRefused."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise BrokerRefused(
            "A key in a token needs stunnel: apt install stunnel4 libengine-pkcs11-openssl", barred=True
        )
    with _folder() as folder:
        one = Tunnel(folder)
        written = folder / "stunnel.conf"
        written.touch(mode=0o600)
        written.write_text(configuration(broker, one.socket), "utf-8")
        process = await asyncio.create_subprocess_exec(
            *(program, str(written)), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
        )
        assert process.stderr is not None  # noqa: S101 - asked for above
        listening = asyncio.ensure_future(one.listen(process.stderr))
        try:
            await _ready(one, process)
            yield one
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            await asyncio.gather(listening, return_exceptions=True)


def configuration(broker: BrokerSettings, socket: Path) -> str:
    """The text of stunnel.conf. Raises BrokerRefused."""
    try:
        where = TokenUri.of(broker.token or "")
        pin = where.pin()
    except TokenRefused as refusal:
        raise BrokerRefused(str(refusal), barred=True) from None
    check = "checkIP" if _is_number(broker.host) else "checkHost"
    return "\n".join(
        [
            *("foreground = yes", "pid =", "syslog = no", "debug = warning"),
            *("engine = pkcs11", f"engineCtrl = MODULE_PATH:{where.module}", f"engineCtrl = PIN:{pin}"),
            *("[broker]", "client = yes", f"accept = {socket}", f"connect = {broker.host}:{broker.port}"),
            *("engineNum = 1", f"cert = {broker.certificate}", f"key = {where.for_engine()}"),
            *(f"CAfile = {broker.ca}", "verifyChain = yes", f"{check} = {broker.host}"),
            *("sslVersionMin = TLSv1.3", "socket = r:TCP_NODELAY=1", "TIMEOUTclose = 0"),
        ]
    )


async def _ready(one: Tunnel, process: Any) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not one.socket.exists() and process.returncode is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise BrokerRefused("The token does not answer. Check that its device is there.") from None
    if process.returncode is not None:
        raise BrokerRefused(
            f"The key in the token cannot be used ({one.why() or 'stunnel ended'}). "
            "Check the token and its PIN, or enrol this gateway again.",
            barred=True,
        )


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="emmetra-tls-") as name:  # 0700, and short enough for a socket's path
        yield Path(name)


def _is_number(host: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
