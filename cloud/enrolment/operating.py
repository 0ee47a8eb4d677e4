"""The deeds of ``emmetra cloud authority`` and ``emmetra cloud crl``."""

import argparse
import signal
import threading
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from cloud.enrolment import authority, certificates
from cloud.enrolment.authority import SERVICE_LIFE, Authority, NotNow
from cloud.enrolment.errors import NoAuthority
from cloud.enrolment.keeping import Keeper
from cloud.kernel.clock import now
from cloud.kernel.settings import Misconfigured

NEXT = """Next: every broker and every process of the cloud reads the new roots.pem (mosquitto: cafile, then SIGHUP);
gateways fetch it with their next certificate; when all of them have it: use-root {name}; at last: retire-root."""


def done(deed: str, args: argparse.Namespace) -> int:
    """Do one of DEEDS. Raises Misconfigured."""
    if not args.folder:
        raise Misconfigured("EMMETRA_AUTHORITY is not set; set it to a folder that only the cloud may read")
    try:
        DEEDS[deed](args)
    except (NotNow, NoAuthority, OSError) as refusal:
        raise Misconfigured(f"{refusal}; nothing was changed") from None
    return 0


def _init(args: argparse.Namespace) -> None:
    _say(authority.found(Path(args.folder), now()))
    print("Keep root.key in a safe place and take it away from here: only a new root or issuing authority needs it.")


def _show(args: argparse.Namespace) -> None:
    _say(Authority.open(args.folder))


def _add_root(args: argparse.Namespace) -> None:
    made = authority.add_root(Path(args.folder), now())
    _say(made)
    print(NEXT.format(name=made.generations[-1].name))


def _use_root(args: argparse.Namespace) -> None:
    _say(authority.use_root(Path(args.folder), args.name, now()))


def _retire_root(args: argparse.Namespace) -> None:
    _say(authority.retire_root(Path(args.folder), args.name, now(), anyway=args.anyway))


def _issue_server(args: argparse.Namespace) -> None:
    key = certificates.new_key()
    _hand_out(args.out, Authority.open(args.folder).server(args.host, key.public_key(), now()), key)


def _issue_service(args: argparse.Namespace) -> None:
    if not args.name.startswith("svc/") or args.name.count("/") != 1:
        raise Misconfigured(f"{args.name!r} is no service; its name is svc/ and a word")
    key = certificates.new_key()
    _, chain = Authority.open(args.folder).client(args.name, key.public_key(), now(), SERVICE_LIFE.days)
    _hand_out(args.out, chain, key)


def _hand_out(folder: Path, chain: str, key: ec.EllipticCurvePrivateKey) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    authority.write(folder / "key.pem", authority.key_pem(key), secret=True)
    authority.write(folder / "certificate.pem", chain)
    print(f"{folder / 'certificate.pem'} and {folder / 'key.pem'} are written; they are good for a year and a month.")


def _say(there: Authority) -> None:
    for one, name in zip(there.generations, there.root_names, strict=True):
        how = "signs" if one is there.generations[0] else "is trusted"
        print(f"root {one.name} {how}, until {one.root.not_valid_after_utc:%Y-%m-%d}, SHA-256 {name}")
    print(f"bundle: {there.folder / 'roots.pem'}")


def keep(args: argparse.Namespace) -> int:
    """Keep the list beside a broker until told to stop."""
    keeper = Keeper(args.url, args.out, args.cafile, args.pid_file, signal.Signals[args.signal])
    if args.once:
        keeper.look()
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keeper.run(stop, args.every)
    return 0


DEEDS = {
    **{"init": _init, "show": _show, "add_root": _add_root, "use_root": _use_root, "retire_root": _retire_root},
    **{"issue_server": _issue_server, "issue_service": _issue_service},
}
