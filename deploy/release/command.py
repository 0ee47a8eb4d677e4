"""``emmetra release``: build, sign and verify releases of the gateway's software, and lay one into a new box."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.release import build as building
from deploy.release import laying, signing
from edge.updates.refusals import UpdateRefused


def main(argv: Sequence[str]) -> int:
    """Run one verb; 0 is well, 1 is a release that does not hold, 2 is a command that cannot be used."""
    args = _parser().parse_args(argv)
    try:
        print(args.run(args))
    except (building.BuildFailed, UpdateRefused, LookupError) as refusal:
        print(f"emmetra release: {refusal}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as trouble:
        print(f"emmetra release: {trouble}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emmetra release", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    build = verbs.add_parser("build", help="make the archive for a platform")
    build.add_argument("--version", required=True, metavar="V")
    build.add_argument("--platform", required=True, choices=sorted(building.PLATFORMS))
    build.add_argument("--python", default="3.11", metavar="X.Y", help="of the gateways, default %(default)s")
    build.add_argument("--after", metavar="V", help="the oldest version it may follow")
    build.add_argument("--out", default="var/release", type=Path, metavar="DIR", help="default %(default)s")
    build.add_argument("--own", action="store_true", help="our own code alone: the box has the libraries")
    build.set_defaults(run=_build)
    keygen = verbs.add_parser("keygen", help="make a pair of keys")
    keygen.add_argument("private", type=Path, metavar="FILE.pem")
    keygen.set_defaults(run=lambda args: f"Keep {args.private} secret; gateways get {signing.keygen(args.private)}.")
    sign = verbs.add_parser("sign", help="sign the manifest of a release")
    sign.add_argument("release", type=Path, metavar="DIR")
    sign.add_argument("--key", required=True, type=Path, metavar="FILE.pem")
    sign.set_defaults(run=lambda args: f"Wrote {signing.sign(args.release, args.key)}.")
    verify = verbs.add_parser("verify", help="prove signature and archives as a gateway would")
    install = verbs.add_parser("install", help="lay a release into a new box")
    for one in (verify, install):
        one.add_argument("release", type=Path, metavar="DIR")
        one.add_argument("--keys", required=True, type=Path, metavar="DIR", help="a folder of public keys, *.pem")
    verify.set_defaults(run=_verify)
    install.add_argument("--home", type=Path, default="/opt/emmetra", metavar="DIR", help="default %(default)s")
    install.add_argument("--platform", default="linux-aarch64", choices=sorted(building.PLATFORMS))
    install.add_argument("--python", default="3.11", metavar="X.Y")
    install.set_defaults(run=_install)
    return parser


def _build(args: argparse.Namespace) -> str:
    options = {"python": args.python, "after": args.after, "own": args.own}
    path = building.build(args.version, args.platform, args.out, **options)
    return f"Wrote {path} ({path.stat().st_size / 1e6:.1f} MB). Sign it with: emmetra release sign {args.out} --key …"


def _verify(args: argparse.Namespace) -> str:
    manifest = signing.verify(args.release, args.keys)
    made = ", ".join(f"{one.platform} with Python {one.python}" for one in manifest.archives)
    return f"{manifest.version} is signed and whole, for {made}."


def _install(args: argparse.Namespace) -> str:
    laying.lay(args.release, args.home, args.keys, platform=args.platform, python=args.python)
    return f"{args.home} is ready; start it with {args.home}/launch gateway run."
