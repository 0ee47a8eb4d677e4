"""``emmetra gateway enrol`` and ``emmetra gateway renew``, for the person before the box and for the gateway itself."""

import argparse
import json
import logging
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.identity.enrolling import Enrolled

DATA = Path("/var/lib/emmetra")


def options(verb: str, parser: argparse.ArgumentParser) -> None:
    """The options of one of the two verbs."""
    parser.add_argument("--data", metavar="DIR", help=f"the gateway's folder; as configured, or {DATA}")
    if verb == "renew":
        parser.add_argument("--now", action="store_true", help="also when it is not time yet")
        parser.add_argument("--json", action="store_true", help="for programs")
        return
    parser.add_argument("--cloud", required=True, metavar="URL", help="https://…, as printed on the claim")
    parser.add_argument("--claim", required=True, metavar="CODE", help="the code printed on the claim")
    roots = parser.add_mutually_exclusive_group()
    roots.add_argument("--root", metavar="FILE", help="the root to trust (default /etc/emmetra/root.pem of the image)")
    roots.add_argument("--root-sha256", metavar="HEX", help="or its fingerprint, as printed on the claim")
    parser.add_argument("--pkcs11", metavar="URI", help="keep the key in this token: pkcs11:token=…?module-path=…")


def run(args: argparse.Namespace) -> int:
    """0 when it is done, 1 when not: one sentence says why and what to do."""
    from edge.identity.refusals import EnrolmentRefused
    from edge.uplink.uris import TokenRefused

    logging.basicConfig(level=logging.WARNING)
    try:
        return _enrol(args) if args.verb == "enrol" else _renew(args)
    except (EnrolmentRefused, TokenRefused) as refusal:
        _complain(str(refusal), as_json=getattr(args, "json", False))
    except OSError as trouble:
        what = (
            f"{trouble.filename or _data(args)} cannot be written ({trouble.strerror}). Run it as the gateway's user."
        )
        _complain(what, as_json=getattr(args, "json", False))
    except KeyboardInterrupt:
        print("\nNothing is lost: run the same command again to go on.", file=sys.stderr)
        return 130
    return 1


def _complain(what: str, *, as_json: bool) -> None:
    print(json.dumps({"error": what}) if as_json else what, file=sys.stdout if as_json else sys.stderr)


def _enrol(args: argparse.Namespace) -> int:
    from edge.identity.enrolling import Wish, enrol
    from edge.identity.owner import as_owner

    wish = Wish(
        cloud=args.cloud,
        claim=args.claim,
        data=_data(args),
        root=Path(args.root) if args.root else None,
        root_sha256=args.root_sha256,
        token=args.pkcs11,
    )
    with as_owner(wish.data):
        enrolled = enrol(wish, lambda said: print(said, flush=True))
    print(f"This box is {enrolled.identity.address} now; its papers lie in {wish.data / 'identity'}.")
    print(_configured(Path(args.config), wish.data, enrolled))
    return 0


def _configured(path: Path, data: Path, enrolled: "Enrolled") -> str:
    """Write the first configuration, unless there is one; what to do next."""
    from edge import disk
    from edge.identity.first import text

    next_ = f"Name the instruments with: emmetra gateway scan --write {path}"
    if path.exists():
        return f"{path} stays as it is."
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.write(path, text(data, enrolled.config))
    return f"Wrote {path}. {next_}"


def _renew(args: argparse.Namespace) -> int:
    from edge.identity.owner import as_owner
    from edge.identity.renewing import renew

    with as_owner(_data(args)):
        found = renew(_data(args), now=args.now)
    if args.json:
        print(json.dumps({"address": None if found is None else str(found.address)}))
    elif found is None:
        print("It is not time yet; --now renews all the same.")
    else:
        print(f"The next certificate, for {found.address}, is here. The gateway tries it now, or when it is started.")
    return 0


def _data(args: argparse.Namespace) -> Path:
    """The folder named here, or by the configuration, or the usual one."""
    if args.data:
        return Path(args.data).absolute()
    try:
        return Path(tomllib.loads(Path(args.config).read_text("utf-8"))["gateway"]["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return DATA
