"""``emmetra cloud``: run the cloud's processes and found chains."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence

from cloud.kernel.settings import Misconfigured, Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(argv: Sequence[str]) -> int:
    """Run one of the cloud's commands; 0 when all went well, 2 when it cannot start, with one sentence why."""
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    try:
        return int(args.run(args))
    except Misconfigured as refusal:
        print(f"emmetra cloud: {refusal}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="emmetra cloud", description="Run and look after the cloud.")
    words = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = words.add_parser("serve", help="serve the pages and the API")
    serve.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
    serve.add_argument("--threads", type=int, default=64, help="open pages hold one each")
    serve.set_defaults(run=_serve)
    words.add_parser("ingest", help="take readings in from the broker").set_defaults(run=_ingest)
    words.add_parser("migrate", help="bring the database to the present schema").set_defaults(run=_migrate)
    chain = words.add_parser("chain", help="found a chain with its first store and owner")
    for name in ("slug", "name", "store", "zone", "email"):
        chain.add_argument(f"--{name}", required=True)
    chain.set_defaults(run=_found)
    return parser


def _serve(args: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    _need_database(settings)
    from cloud.server import serve

    return serve(settings, args.bind, args.threads)


def _ingest(_args: argparse.Namespace) -> int:
    from cloud.ingest.consumer import Consumer
    from cloud.kernel.database import app_engine

    settings = Settings.from_environment()
    consumer = Consumer(app_engine(settings.database_url, pool_size=4), settings)

    async def consume() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await consumer.run(stop)

    asyncio.run(consume())
    return 0


def _migrate(_args: argparse.Namespace) -> int:
    from cloud.migrations.run import head, upgrade_url

    upgrade_url(_owner_url())
    print(f"The database is at {head()}.")
    return 0


def _found(args: argparse.Namespace) -> int:
    import getpass

    from cloud.accounts import services
    from cloud.accounts.choices import Role
    from cloud.kernel.database import app_engine, owner_engine, unit_of_work

    password = os.environ.get("EMMETRA_PASSWORD") or getpass.getpass(f"Password for {args.email}: ")
    url = _owner_url()
    tenant_id = services.found_chain(owner_engine(url), slug=args.slug, name=args.name)
    with unit_of_work(app_engine(url), tenant_id) as session:
        services.open_store(session, slug=args.store, name=args.store, zone=args.zone)
        services.hire(session, email=args.email, name=args.email, password=password, role=Role.OWNER)
    print(f"{args.name} is founded; {args.email} may sign in.")
    return 0


def _owner_url() -> str:
    url = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise Misconfigured("neither DATABASE_OWNER_URL nor DATABASE_URL is set; set it to postgresql://user@host/name")
    return url


def _need_database(settings: Settings) -> None:
    import psycopg

    try:
        psycopg.connect(
            settings.database_url.replace("postgresql+psycopg://", "postgresql://"), connect_timeout=5
        ).close()
    except psycopg.Error as trouble:
        why = str(trouble).splitlines()[0]
        raise Misconfigured(f"the database in DATABASE_URL does not answer ({why}); start it, then try again") from None
