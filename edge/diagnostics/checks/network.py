"""Checks of the way to the cloud, one step at a time."""

import http.client
import socket
import ssl
from urllib.parse import urlsplit

from edge.diagnostics.result import Said, said
from edge.diagnostics.site import Site
from edge.uplink.broker import BrokerRefused, BrokerSettings, explain, tls_context

PATIENCE_S = 5.0
CONNACK, DISCONNECT = 0x20, b"\xe0\x00"
NOT_US = frozenset({0x86, 0x87, 0x8A})  # MQTT 5 §3.2.2.2: bad user name or password, not authorized, banned
LEVEL = 5


def name_lookup(site: Site) -> list[Said]:
    """Is the broker's name known?"""
    broker = site.config.broker
    try:
        found = socket.getaddrinfo(broker.host, broker.port, type=socket.SOCK_STREAM)
    except OSError:
        return [said("unknown", host=broker.host)]
    return [said("ok", host=broker.host, ip=found[0][4][0])]


def broker_tcp(site: Site) -> list[Said]:
    """Does anything listen there?"""
    broker = site.config.broker
    where = f"{broker.host}:{broker.port}"
    try:
        _reach(broker).close()
    except ConnectionRefusedError:
        return [said("refused", where=where)]
    except TimeoutError:
        return [said("silent", where=where)]
    except OSError as failure:
        return [said("unreachable", where=where, why=failure.strerror or type(failure).__name__)]
    return [said("ok", where=where)]


def broker_tls(site: Site) -> list[Said]:
    """Is it the broker whose root we pinned?"""
    broker = site.config.broker
    if not broker.secure:
        return [said("plain")]
    try:
        with _reach(broker, tls_context(broker)) as wire:
            version = wire.version() if isinstance(wire, ssl.SSLSocket) else ""
    except ssl.SSLCertVerificationError as refusal:
        return [said("untrusted", why=refusal.verify_message)]
    except (OSError, BrokerRefused):
        return [said("failed")]
    return [said("ok", version=version)]


def broker_answers(site: Site) -> list[Said]:
    """Does it speak MQTT with us? Under another name than ours: a second connection would push the gateway out."""
    if site.connected:
        return [said("connected")]
    broker = site.config.broker
    if broker.token is not None:
        return [said("token")]
    try:
        code = _knock(broker)
    except (OSError, BrokerRefused) as failure:
        why = failure if isinstance(failure, BrokerRefused) else explain(failure, broker)
        return [said("silent", why=why)]
    if code is None:
        return [said("stranger")]
    return [said("ok" if code == 0 else "not_us" if code in NOT_US else "away", code=f"0x{code:02x}")]


def cloud_https(site: Site) -> list[Said]:
    """Do the cloud's pages answer, for renewals and updates?"""
    found = site.papers()
    if found is None:
        return [said("none")]
    try:
        status = _ask(found.cloud, found.roots.read_text("ascii"))
    except ssl.SSLCertVerificationError as refusal:
        return [said("untrusted", url=found.cloud, why=refusal.verify_message)]
    except (OSError, ValueError, http.client.HTTPException) as failure:
        return [said("silent", url=found.cloud, why=type(failure).__name__)]
    return [said("broken" if status >= 500 else "ok", url=found.cloud, status=status)]


def _reach(broker: BrokerSettings, tls: ssl.SSLContext | None = None) -> socket.socket:
    wire = socket.create_connection((broker.host, broker.port), PATIENCE_S)
    if tls is None:
        return wire
    try:
        return tls.wrap_socket(wire, server_hostname=broker.host)
    except BaseException:
        wire.close()
        raise


def _knock(broker: BrokerSettings) -> int | None:
    """The reason code of the CONNACK; None when something else than MQTT answers."""
    with _reach(broker, tls_context(broker)) as wire:
        wire.sendall(connect_packet(broker.username, broker.password))
        answer = wire.recv(16)
        if len(answer) < 4 or answer[0] != CONNACK:
            return None
        if answer[3] == 0:
            wire.sendall(DISCONNECT)
        return answer[3]


def connect_packet(username: str | None, password: str | None) -> bytes:
    """MQTT 5 CONNECT (§3.1), clean start, no client id: the broker gives one, and no session of ours is touched."""
    given = [_text(one) for one in (username, password) if one is not None]
    flags = 0x02 | 0x80 * (username is not None) | 0x40 * (password is not None)
    body = _text("MQTT") + bytes([LEVEL, flags, 0, 10, 0]) + _text("") + b"".join(given)
    return b"\x10" + _length(len(body)) + body


def _text(words: str) -> bytes:
    data = words.encode()
    return len(data).to_bytes(2, "big") + data


def _length(n: int) -> bytes:
    """Variable byte integer (§1.5.5)."""
    return bytes([n]) if n < 128 else bytes([n % 128 | 128]) + _length(n // 128)


def _ask(cloud: str, roots: str) -> int:
    parts = urlsplit(cloud)
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=roots)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port
    call = (
        http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=context)
        if secure
        else http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    )
    try:
        call.request("HEAD", "/")
        return call.getresponse().status
    finally:
        call.close()
