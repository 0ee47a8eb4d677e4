"""How the broker is reached, and why not."""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiomqtt.exceptions import MqttConnectError

from edge.uplink.verdicts import Verdict, verdict


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """``mqtt://host:port`` or ``mqtts://host:port``; with mqtts a certificate says who we are."""

    url: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    username: str | None = None
    password: str | None = None

    @property
    def host(self) -> str:
        """The broker's name."""
        return urlsplit(self.url).hostname or "localhost"

    @property
    def port(self) -> int:
        """Its port, by custom 1883, with TLS 8883."""
        return urlsplit(self.url).port or (8883 if self.secure else 1883)

    @property
    def secure(self) -> bool:
        """TLS or not."""
        return urlsplit(self.url).scheme == "mqtts"


class BrokerRefused(Exception):
    """No connection: a plain sentence what is wrong and what to do. ``barred`` means waiting will not help."""

    def __init__(self, sentence: str, *, barred: bool = False) -> None:
        super().__init__(sentence)
        self.barred = barred


class HandshakeSocket(ssl.SSLSocket):
    """Closes itself when the handshake fails, which paho leaves to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands or let go."""
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def tls_context(broker: BrokerSettings) -> ssl.SSLContext | None:
    """The TLS setting. Raises BrokerRefused naming the file that cannot be used."""
    if not broker.secure:
        return None
    try:
        context = ssl.create_default_context(cafile=broker.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.sslsocket_class = HandshakeSocket
        if broker.certificate is not None:
            context.load_cert_chain(broker.certificate, broker.key)
    except (OSError, ssl.SSLError) as refusal:
        raise BrokerRefused(_file_trouble(broker, refusal), barred=True) from None
    return context


def _file_trouble(broker: BrokerSettings, refusal: Exception) -> str:
    for name in ("ca", "certificate", "key"):
        path: Path | None = getattr(broker, name)
        if path is not None and not path.is_file():
            return f"The file {path} named by broker.{name} is not there. Put it there or correct the name."
    return (
        f"The TLS files cannot be used ({getattr(refusal, 'reason', None) or refusal}). "
        "Check that broker.certificate and broker.key belong together, or enrol this gateway again."
    )


def explain(failure: BaseException, broker: BrokerSettings) -> BrokerRefused:
    """Why the broker could not be reached, in plain words."""
    where = f"{broker.host}:{broker.port}"
    if isinstance(failure, MqttConnectError):
        return _refusal(failure)
    cause = failure.__context__ or failure
    if isinstance(cause, ssl.SSLCertVerificationError):
        return BrokerRefused(
            f"The broker's certificate is not trusted: {cause.verify_message}. Check broker.ca and the gateway's clock."
        )
    if isinstance(cause, ssl.SSLError):
        return BrokerRefused(f"{where} does not speak TLS as expected ({cause.reason}). Check the port in broker.url.")
    if isinstance(cause, socket.gaierror):
        return BrokerRefused(
            f"The broker's name {broker.host} is not known on this network. Check broker.url and the DNS."
        )
    if isinstance(cause, ConnectionRefusedError):
        return BrokerRefused(f"Nothing listens at {where}. Check that the broker runs and the port in broker.url.")
    if isinstance(cause, TimeoutError):
        return BrokerRefused(f"{where} does not answer. Check the internet connection and the firewall.")
    if isinstance(cause, OSError):
        return BrokerRefused(f"{where} cannot be reached ({cause.strerror or cause}). Check the network.")
    tls = " With TLS, that is how a broker refuses a certificate." if broker.secure else ""
    return BrokerRefused(f"{where} hung up or fell silent before it let us in.{tls} Look into the broker's log.")


def _refusal(failure: MqttConnectError) -> BrokerRefused:
    code = getattr(failure.rc, "value", failure.rc)
    if isinstance(code, int) and verdict(code) is Verdict.BARRED:
        return BrokerRefused(f"The broker does not let this gateway in ({failure.rc}). Enrol it again.", barred=True)
    return BrokerRefused(f"The broker sends us away for now ({failure.rc}). We try again by ourselves.")
