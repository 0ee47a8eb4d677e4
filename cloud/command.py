"""``emmetra cloud``: run the cloud's processes and found chains."""

import argparse
import asyncio
import logging
import os
import platform
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cloud import needs
from cloud.blobs import command as blobs
from cloud.enrolment import command as enrolment
from cloud.kernel.settings import Misconfigured, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(argv: Sequence[str]) -> int:
    """Run one of the cloud's commands; 0 when all went well, 2 when it cannot start, with one sentence why."""
    args = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("alembic").setLevel(logging.WARNING)
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
    ingest = words.add_parser("ingest", help="take readings in from the broker")
    ingest.add_argument("--name", default=f"svc-ingest-{platform.node()}", help="each process its own (%(default)s)")
    ingest.set_defaults(run=_ingest)
    worker = words.add_parser("worker", help="do what takes longer than a page may take, for instance imports")
    worker.set_defaults(run=_work)
    words.add_parser("migrate", help="bring the database to the present schema").set_defaults(run=_migrate)
    release = words.add_parser("release", help="take in a signed release of the gateway's software")
    release.add_argument("what", choices=["add"])
    release.add_argument("folder", metavar="DIR", help="with manifest.json, manifest.json.sig and the archives")
    release.add_argument("--keys", metavar="DIR", help="public keys; default EMMETRA_RELEASE_KEYS")
    release.set_defaults(run=_add_release)
    chain = words.add_parser("chain", help="found a chain with its first store and owner")
    for name in ("slug", "name", "store", "zone", "email"):
        chain.add_argument(f"--{name}", required=True)
    chain.set_defaults(run=_found)
    enrolment.install(words)
    blobs.install(words, _with_vault)
    return parser


def _serve(args: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    needs.address("DATABASE_URL", settings.database_url)
    needs.schema(settings.database_url)
    needs.place(args.bind)
    if not settings.blob_key:
        log.warning(
            "EMMETRA_BLOB_KEY is not set: pictures and volumes wait on the gateways (docs/runbooks/blob-store.md)"
        )
    from cloud.server import serve

    return serve(settings, args.bind, args.threads)


def _ingest(args: argparse.Namespace) -> int:
    from cloud.ingest.consumer import Consumer
    from cloud.kernel.database import app_engine
    from cloud.telemetry import meters, scraped

    settings = Settings.from_environment()
    needs.address("DATABASE_URL", settings.database_url)
    # no ping before each commit: a writer whose connection turns out dead keeps its group and tries again anyway
    engine = app_engine(settings.database_url, pool_size=4, pool_pre_ping=False)
    consumer = Consumer(engine, settings, args.name)
    scraped.serve(settings)
    meters.watch_pool(engine)

    async def consume() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await consumer.run(stop)

    asyncio.run(consume())
    return 0


def _work(_args: argparse.Namespace) -> int:
    import threading

    from cloud import worker
    from cloud.exchange import sealing, wire
    from cloud.messages import office
    from cloud.telemetry import meters, scraped

    settings = Settings.from_environment()
    needs.address("DATABASE_URL", settings.database_url)
    needs.schema(settings.database_url)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = _with_vault()
    office.install(engine, office.Office.of(settings))
    sealing.install(engine, sealing.Lock(settings.secret_key, wire.Near.of(settings.exchange_near)))
    scraped.serve(settings)
    meters.watch_pool(engine)
    worker.run(engine, stop)
    engine.dispose()
    return 0


def _with_vault() -> "Engine":
    """The database, with the place where its blobs lie."""
    import cloud.migrations.tables  # noqa: F401  (a mapped class needs every table it refers to)
    from cloud.blobs import vault
    from cloud.kernel.database import app_engine

    settings = Settings.from_environment()
    needs.address("DATABASE_URL", settings.database_url)
    engine = app_engine(settings.database_url, pool_size=2)
    vault.install(engine, vault.Vault.of(settings))
    return engine


def _migrate(_args: argparse.Namespace) -> int:
    from cloud.migrations.run import head, upgrade_url

    url = _owner_url()
    needs.answer(url)
    upgrade_url(url)
    print(f"The database is at {head()}.")
    return 0


def _found(args: argparse.Namespace) -> int:
    import getpass

    import cloud.migrations.tables  # noqa: F401  (a mapped class needs every table it refers to)
    from cloud.kernel.database import app_engine, owner_engine

    needs.names(args.slug, args.store, args.zone)
    url = _owner_url()
    needs.schema(url)
    password = os.environ.get("EMMETRA_PASSWORD") or getpass.getpass(f"Password for {args.email}: ")
    owner, app = owner_engine(url), app_engine(url)
    try:
        _found_whole(owner, app, args, password)
    finally:
        owner.dispose()
        app.dispose()
    print(f"{args.name} is founded; {args.email} may sign in.")
    return 0


def _found_whole(owner: "Engine", app: "Engine", args: argparse.Namespace, password: str) -> None:
    from cloud.accounts import queries, services
    from cloud.accounts.choices import Role
    from cloud.accounts.errors import ChainExists
    from cloud.kernel.database import unit_of_work

    if queries.find_staff(app, args.email):
        raise Misconfigured(f"{args.email} has an account already; nothing was changed")
    try:
        tenant_id = services.found_chain(owner, slug=args.slug, name=args.name)
    except ChainExists:
        raise Misconfigured(f"there is a chain {args.slug} already; nothing was changed") from None
    with unit_of_work(app, tenant_id) as session:
        services.open_store(session, slug=args.store, name=args.store, zone=args.zone)
        services.hire(session, email=args.email, name=args.email, password=password, role=Role.OWNER)


def _add_release(args: argparse.Namespace) -> int:
    from contextlib import ExitStack
    from pathlib import Path

    import cloud.migrations.tables  # noqa: F401  (a mapped class needs every table it refers to)
    from cloud.kernel.database import app_engine, outside
    from cloud.releases import services
    from cloud.releases.errors import ReleaseRefused
    from protocols.envelope.release import MANIFEST, SIGNATURE

    url = needs.address("DATABASE_URL", os.environ.get("DATABASE_URL") or _owner_url())
    needs.schema(url)
    folder, keys = Path(args.folder), args.keys or os.environ.get("EMMETRA_RELEASE_KEYS")
    engine = app_engine(url, pool_size=1)
    try:
        with ExitStack() as opened, outside(engine) as session:
            signed = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
            archives = {one.name: opened.enter_context(one.open("rb")) for one in folder.glob("*.tar.gz")}
            added = services.add(session, *signed, archives, Path(keys) if keys else None)  # type: ignore[arg-type]
    except OSError as trouble:
        raise Misconfigured(f"{trouble.filename} cannot be read; nothing was changed") from None
    except ReleaseRefused as refusal:
        raise Misconfigured(f"the release is refused ({refusal}); nothing was changed") from None
    finally:
        engine.dispose()
    print(f"Release {added.version} is kept.")
    return 0


def _owner_url() -> str:
    name = "DATABASE_OWNER_URL" if os.environ.get("DATABASE_OWNER_URL") else "DATABASE_URL"
    url = os.environ.get(name)
    if not url:
        raise Misconfigured("neither DATABASE_OWNER_URL nor DATABASE_URL is set; set it to postgresql://user@host/name")
    return needs.address(name, url)
