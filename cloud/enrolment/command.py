"""``emmetra cloud authority`` and ``emmetra cloud crl``: an operator's deeds, and what runs beside a broker."""

import argparse
import os
from pathlib import Path


def install(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the two commands to ``emmetra cloud``."""
    authority = words.add_parser("authority", help="what signs certificates of gateways, brokers and services")
    authority.add_argument("--folder", default=os.environ.get("EMMETRA_AUTHORITY"), help="default: EMMETRA_AUTHORITY")
    deeds = authority.add_subparsers(required=True, metavar="DEED")
    _deed(deeds, "init", "make the authority with its first root", "init")
    _deed(deeds, "show", "say which roots there are and which one signs", "show")
    _deed(deeds, "add-root", "add a second root to the bundle; it signs nothing yet", "add_root")
    use = _deed(deeds, "use-root", "sign below this root from now on", "use_root")
    retire = _deed(deeds, "retire-root", "trust a root no more", "retire_root")
    for one in (use, retire):
        one.add_argument("name")
    retire.add_argument("--anyway", action="store_true", help="although certificates below it may be in use")
    server = _deed(deeds, "issue-server", "a certificate for a broker or for HTTPS", "issue_server")
    server.add_argument("--host", action="append", required=True, help="a name or a number; may be repeated")
    service = _deed(deeds, "issue-service", "a certificate for a service of the cloud", "issue_service")
    service.add_argument("name", help="for instance svc/ingest or svc/kick")
    for one in (server, service):
        one.add_argument("--out", type=Path, default=Path(), help="folder for certificate.pem and key.pem")
    _install_crl(words)


def _deed(
    deeds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str, run: str
) -> argparse.ArgumentParser:
    parser = deeds.add_parser(name, help=says)
    parser.set_defaults(run=lambda args: _done(run, args))
    return parser


def _done(run: str, args: argparse.Namespace) -> int:
    from cloud.enrolment import operating  # what signs is loaded by whoever signs

    return operating.done(run, args)


def _install_crl(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    crl = words.add_parser("crl", help="keep the list of revoked certificates beside a broker up to date")
    crl.add_argument("--url", required=True, help="the cloud, for instance https://cloud.example")
    crl.add_argument("--out", type=Path, required=True, help="the broker's file (mosquitto: crlfile)")
    crl.add_argument("--cafile", help="roots of the cloud's HTTPS, where it is not a public one")
    crl.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="(%(default)s)")
    crl.add_argument(
        "--pid-file", type=Path, help="whom to tell when the list has changed; none: the broker looks itself"
    )
    crl.add_argument("--signal", default="SIGHUP", choices=["SIGHUP", "SIGUSR1"], help="(%(default)s)")
    crl.add_argument("--once", action="store_true", help="fetch it once and end")
    crl.set_defaults(run=_keep)


def _keep(args: argparse.Namespace) -> int:
    from cloud.enrolment import operating

    return operating.keep(args)
