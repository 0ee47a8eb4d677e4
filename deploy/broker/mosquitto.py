"""Mosquitto with the same face as the embedded broker, so that one suite can look at both.

Writes a configuration with the same rules, certificates and ceilings, and runs it as a process of its own.
"""

import asyncio
import base64
import getpass
import hashlib
import os
import secrets
import shutil
import signal
import socket
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from deploy.broker.door import Tls
from deploy.broker.limits import Limits
from deploy.broker.rules import Rules

_PATIENCE = 5.0
_ROUNDS = 101  # what mosquitto_passwd itself uses; these passwords live as long as a test


class NotInstalled(RuntimeError):
    """There is no mosquitto on this machine."""


class DidNotStart(RuntimeError):
    """Mosquitto ended before it listened; says what it said."""


def program() -> str | None:
    """Where mosquitto is, None where it is not."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


HEARD = 3  # times in a row that it answers: it listens before it has read the rest, and may end there


class Mosquitto:
    """One mosquitto process. The arguments are those of ``Broker``; ``data`` None means a directory that goes."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data: str | Path | None = None,
        tls: Tls | None = None,
        rules: Rules | None = None,
        anonymous: bool = True,
        users: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        extra: tuple[str, ...] = (),
    ) -> None:
        self.host = host
        self.port = port
        self._data = None if data is None else Path(data)
        self._tls = tls
        self._rules = rules
        self._anonymous = anonymous
        self._users = dict(users or {})
        self._limits = limits or Limits()
        self._extra = extra
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None, "mosquitto does not run"  # noqa: S101 - a mistake of the caller
        return self._process.pid

    async def start(self) -> None:
        """Run it and wait until it listens. Raises NotInstalled, DidNotStart."""
        found = program()
        if found is None:
            raise NotInstalled("mosquitto is not installed")
        folder = await asyncio.to_thread(self._prepare)
        with (folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                found, "-c", str(folder / "mosquitto.conf"), stdout=log, stderr=log
            )
        await self._listening(folder)

    async def stop(self) -> None:
        """Ask it to end, and clean up what was only for this run."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None
        if self._folder is not None and self._data is None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = None

    def reread(self) -> None:
        """Let it read its rules, certificates and list of revoked ones again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None

    def wipe(self) -> None:
        """Lose everything it wrote down; it must not be running."""
        if self._folder is not None:
            (self._folder / "mosquitto.db").unlink(missing_ok=True)

    def configuration(self, folder: Path) -> str:
        """The text of mosquitto.conf."""
        limits = self._limits
        lines = [
            f"user {getpass.getuser()}",
            f"listener {self.port} {self.host}",
            "max_qos 1",
            f"max_topic_alias {limits.aliases}",
            f"allow_anonymous {str(self._anonymous).lower()}",
            "set_tcp_nodelay true",
            "persistence true",
            f"persistence_location {folder}/",
            f"persistent_client_expiration {max(1, limits.expiry // 3600)}h",
            "max_queued_messages 100000",
            f"max_queued_bytes {limits.queue}",
            f"max_packet_size {limits.packet}",
            f"max_keepalive {limits.keep_alive or 65535}",
            f"max_inflight_messages {limits.receive}",
            "connection_messages false",
        ]
        lines += self._tls_lines()
        lines += [f"acl_file {folder}/rules"] * (self._rules is not None)
        lines += [f"password_file {folder}/passwords"] * bool(self._users)
        return "\n".join([*lines, *self._extra]) + "\n"

    def _tls_lines(self) -> list[str]:
        tls = self._tls
        if tls is None:
            return []
        oldest = "tlsv1.3" if tls.minimum is ssl.TLSVersion.TLSv1_3 else "tlsv1.2"
        lines = [f"certfile {tls.certificate}", f"keyfile {tls.key}", f"tls_version {oldest}"]
        if tls.ca is not None:
            lines += [f"cafile {tls.ca}", "require_certificate true"]
            lines += [f"use_identity_as_username {str(tls.use_identity_as_username).lower()}"]
            lines += [f"use_username_as_clientid {str(tls.use_username_as_clientid).lower()}"]
        return lines + [f"crlfile {tls.crl}"] * (tls.crl is not None)

    def _prepare(self) -> Path:
        if self._folder is None:
            self._folder = self._data or Path(tempfile.mkdtemp(prefix="emmetra-mosquitto-"))
            self._folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_port(self.host)
        if self._rules is not None:
            _private(self._folder / "rules", str(self._rules))
        if self._users:
            _private(self._folder / "passwords", "".join(_password(*pair) for pair in self._users.items()))
        _private(self._folder / "mosquitto.conf", self.configuration(self._folder))
        return self._folder

    async def _listening(self, folder: Path) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE
        heard = 0
        while (heard := heard + 1 if await self._answers() else 0) < HEARD:
            if self._process is None or self._process.returncode is not None or loop.time() > deadline:
                await self.kill()
                raise DidNotStart((await asyncio.to_thread((folder / "log").read_text))[-500:])
            await asyncio.sleep(0.01)

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def __aenter__(self) -> "Mosquitto":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _password(name: str, password: str) -> str:
    # mosquitto 2.0's own format: $7$ means PBKDF2 with SHA-512.
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"{name}:$7${_ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"
