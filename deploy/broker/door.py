"""Who is at the door: the name in a client certificate, a name with its password, or nobody."""

import hmac
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mqtt5 import ConnAckReasonCode, ConnectPacket

NOBODY = ""


class NotAdmitted(Exception):
    """The client may not come in; ``code`` is what CONNACK says."""

    def __init__(self, code: ConnAckReasonCode, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How the listener is encrypted.

    Attributes:
        certificate: the broker's certificate chain, PEM.
        key: its private key, PEM.
        ca: who signs the clients' certificates; None asks clients for none.
        crl: revoked client certificates, PEM, checked when somebody connects; read again when the file changes.
        use_identity_as_username: take the common name of the client's certificate as its proven name.
        use_username_as_clientid: and as its client id, whatever it says it is.
        minimum: the oldest TLS allowed; 1.3 is used wherever both sides have it.
    """

    certificate: str | Path
    key: str | Path
    ca: str | Path | None = None
    crl: str | Path | None = None
    use_identity_as_username: bool = True
    use_username_as_clientid: bool = False
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2

    def context(self) -> ssl.SSLContext:
        """The context for the listener. Raises OSError, ssl.SSLError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = self.minimum
        context.load_cert_chain(self.certificate, self.key)
        if self.ca is not None:
            context.load_verify_locations(self.ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class Door:
    """Decides on the name that rules and sessions go by."""

    def __init__(
        self, *, anonymous: bool, users: Mapping[str, str], by_certificate: bool, names_clients: bool = False
    ) -> None:
        self._anonymous = anonymous
        self._names_clients = names_clients
        self._users = {name: password.encode() for name, password in users.items()}
        self._by_certificate = by_certificate
        self.revoked: frozenset[str] = frozenset()  # serials of certificates, hex

    def admit(self, connect: ConnectPacket, certificate: Mapping[str, Any] | None) -> str:
        """The proven name, NOBODY for an anonymous client. Raises NotAdmitted."""
        if serial(certificate) in self.revoked:
            raise NotAdmitted(ConnAckReasonCode.BANNED, "the certificate is revoked")
        if self._by_certificate:
            return _common_name(certificate or {})
        if self._users and connect.username is not None:
            return self._check(connect.username, connect.password or b"")
        if not self._anonymous:
            raise NotAdmitted(ConnAckReasonCode.NOT_AUTHORIZED, "a name and a password are needed")
        return NOBODY  # a name without a proof is hearsay, and rules must not go by it

    def client_id(self, name: str, asked: str) -> str:
        """The client id that counts: the one asked for, or the proven name where the listener says so."""
        return name if self._names_clients and name != NOBODY else asked

    def _check(self, name: str, password: bytes) -> str:
        # Unknown names take as long as wrong passwords.
        known = self._users.get(name)
        right = hmac.compare_digest(password, known if known is not None else b"\0")
        if known is None or not right:
            raise NotAdmitted(ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD, "the name or the password is wrong")
        return name


def serial(certificate: Mapping[str, Any] | None) -> str:
    """The serial number of a client's certificate, in hex; empty without one."""
    return str((certificate or {}).get("serialNumber", "")).lstrip("0")


def _common_name(certificate: Mapping[str, Any]) -> str:
    names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    if len(names) != 1 or not names[0]:
        raise NotAdmitted(ConnAckReasonCode.NOT_AUTHORIZED, "the certificate must carry exactly one common name")
    return str(names[0])
