"""How the broker is reached, and why not."""

import select
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiomqtt.exceptions import MqttConnectError

from edge.uplink.verdicts import Verdict, verdict


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """``mqtt://host:port`` or ``mqtts://host:port``; with mqtts a certificate says who we are.

    ``token`` names the key where it lies in a PKCS#11 token. ``enrolled`` means that the papers are those of the
    identity folder: then TLS 1.3 is the least, and they may change while the gateway runs. ``retry_s`` is the longest
    pause before a broker that is away is tried again.
    """

    url: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    username: str | None = None
    password: str | None = None
    token: str | None = None
    enrolled: bool = False
    retry_s: float = 60.0

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
    """No connection: a plain sentence what is wrong and what to do.

    ``barred`` means waiting will not help, ``papers`` that other certificates may.
    """

    def __init__(self, sentence: str, *, barred: bool = False, papers: bool = False) -> None:
        super().__init__(sentence)
        self.barred, self.papers = barred, papers or barred


# What a server says of a client's certificate it does not take. With TLS 1.3 it comes when our side of the handshake
# is over already; had we said CONNECT by then, the answer to that could be a reset that swallows the alert.
ALERTS = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_UNKNOWN_CA",
    }
)
VERDICT_S = 1.5
ENROL_AGAIN = (
    "Enrol it again: ask for a claim for it, then run here: emmetra gateway enrol --cloud URL --claim CODE. "
    "Results are kept until then."
)


class Context(ssl.SSLContext):
    """Remembers what the broker said when it refused us."""

    alert: str | None = None


class HandshakeSocket(ssl.SSLSocket):
    """Closes itself when the handshake fails, which paho leaves to the garbage collector; keeps the broker's alert."""

    def _hear_of_our_certificate(self) -> None:
        """Wait until the broker has looked at it: then it sends a session ticket, or an alert, or hangs up.

        It says nothing of its own before CONNECT, so that no byte of MQTT is taken here.
        """
        if self.version() != "TLSv1.3" or not select.select([self], [], [], VERDICT_S)[0]:
            return
        patience = self.gettimeout()
        self.setblocking(False)
        try:
            self.recv(1)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            self.settimeout(patience)
        except ssl.SSLError as refusal:
            if isinstance(self.context, Context) and refusal.reason in ALERTS:
                self.context.alert = refusal.reason
            raise

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands or let go."""
        try:
            super().do_handshake(block)
            self._hear_of_our_certificate()
        except BaseException:
            self.close()
            raise


def tls_context(broker: BrokerSettings) -> Context | None:
    """The TLS setting. Raises BrokerRefused naming the file that cannot be used."""
    if not broker.secure:
        return None
    try:
        context = Context(ssl.PROTOCOL_TLS_CLIENT)
        if broker.ca is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(broker.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_3 if broker.enrolled else ssl.TLSVersion.TLSv1_2
        context.sslsocket_class = HandshakeSocket
        if broker.certificate is not None and broker.token is None:
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


def explain(failure: BaseException, broker: BrokerSettings, alert: str | None = None) -> BrokerRefused:
    """Why the broker could not be reached, in plain words; ``alert`` is what it said of our certificate."""
    where = f"{broker.host}:{broker.port}"
    if isinstance(failure, MqttConnectError):
        return _refusal(failure)
    if alert is not None:
        what = alert.rpartition("ALERT_")[2].replace("_", " ").lower()
        return BrokerRefused(f"The broker refuses this gateway's certificate ({what}). {ENROL_AGAIN}", barred=True)
    cause = failure.__context__ or failure
    if isinstance(cause, ssl.SSLCertVerificationError):
        return BrokerRefused(
            f"The broker's certificate is not trusted: {cause.verify_message}. "
            "Check broker.ca and the gateway's clock.",
            papers=True,
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
        return BrokerRefused(f"The broker does not let this gateway in ({failure.rc}). {ENROL_AGAIN}", barred=True)
    return BrokerRefused(f"The broker sends us away for now ({failure.rc}). We try again by ourselves.")
