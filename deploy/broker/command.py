"""``emmetra broker``: run the embedded broker by itself."""

import argparse
import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Sequence

from deploy.broker.disk import Unreadable
from deploy.broker.door import Tls
from deploy.broker.rules import BadRule, Rules
from deploy.broker.server import Broker

USERS = "EMMETRA_BROKER_USERS"
MINIMA = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class CannotStart(Exception):
    """The broker cannot run as asked; says why in one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. 0 after a clean stop, 1 when it cannot start."""
    asked = _parser().parse_args(argv)
    try:
        asyncio.run(_serve(_broker(asked)))
    except CannotStart as why:
        print(f"emmetra broker: {why}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emmetra broker",
        description="Run the embedded MQTT 5 broker: for the demo, the tests and one small chain.",
        epilog=f"{USERS} may hold names and passwords as 'name:password name:password'; nobody else may then come in.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=None, help="default 1883, with TLS 8883; 0 lets the system choose")
    parser.add_argument("--data", metavar="DIR", help="keep sessions and messages here; without it, in memory only")
    parser.add_argument("--tls-certificate", metavar="FILE", help="the broker's certificate chain (PEM)")
    parser.add_argument("--tls-key", metavar="FILE", help="its private key (PEM)")
    parser.add_argument("--tls-ca", metavar="FILE", help="who signs clients' certificates; their CN becomes the name")
    parser.add_argument("--tls-crl", metavar="FILE", help="revoked client certificates (PEM)")
    parser.add_argument("--tls-minimum", choices=sorted(MINIMA), default="1.2", help="oldest TLS let in (%(default)s)")
    parser.add_argument("--tls-names-clients", action="store_true", help="the certificate's name is the client id too")
    parser.add_argument("--rules", metavar="FILE", help="who may say and hear what, as in mosquitto's acl_file")
    return parser


def _broker(asked: argparse.Namespace) -> Broker:
    tls = _tls(asked)
    users = _users(os.environ.get(USERS, ""))
    port = asked.port if asked.port is not None else 8883 if tls else 1883
    return Broker(
        asked.host, port, data=asked.data, tls=tls, rules=_rules(asked.rules), users=users, anonymous=not users
    )


def _tls(asked: argparse.Namespace) -> Tls | None:
    if not (asked.tls_certificate or asked.tls_key or asked.tls_ca or asked.tls_crl):
        return None
    if not (asked.tls_certificate and asked.tls_key):
        raise CannotStart("TLS needs both --tls-certificate and --tls-key.")
    return Tls(
        certificate=asked.tls_certificate,
        key=asked.tls_key,
        ca=asked.tls_ca,
        crl=asked.tls_crl,
        minimum=MINIMA[asked.tls_minimum],
        use_username_as_clientid=asked.tls_names_clients,
    )


def _rules(path: str | None) -> Rules | None:
    try:
        return None if path is None else Rules.load(path)
    except BadRule as why:
        raise CannotStart(f"{path}, {why}.") from None
    except (OSError, UnicodeDecodeError) as why:
        raise CannotStart(f"the rules in {path} cannot be read: {_reason(why)}.") from None


def _users(text: str) -> dict[str, str]:
    pairs = [entry.partition(":") for entry in text.split()]
    if not all(name and password for name, _, password in pairs):
        raise CannotStart(f"{USERS} must read 'name:password name:password'.")
    return {name: password for name, _, password in pairs}


async def _serve(broker: Broker) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _start(broker)
    try:
        print(f"MQTT 5 on {broker.host}:{broker.port}", flush=True)
        await stop.wait()
    finally:
        await broker.stop()


async def _start(broker: Broker) -> None:
    try:
        await broker.start()
    except ssl.SSLError as why:
        raise CannotStart(f"the TLS files do not fit: {why.reason or why}.") from None
    except FileNotFoundError as why:
        raise CannotStart(f"a TLS file is missing: {_reason(why)}.") from None
    except Unreadable as why:
        raise CannotStart(f"{why}.") from None
    except ValueError as why:
        raise CannotStart(f"the list of revoked certificates cannot be read: {why}.") from None
    except OSError as why:
        raise CannotStart(f"cannot listen on {broker.host}:{broker.port}: {_reason(why)}.") from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()
