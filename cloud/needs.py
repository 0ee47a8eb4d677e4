"""What a process of the cloud needs before it starts; each is asked for by name, in one sentence."""

import socket
import zoneinfo

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from cloud.kernel.database import APP_ROLE, normalized
from cloud.kernel.settings import Misconfigured
from protocols.envelope import Address

PATIENCE_SECONDS = 5
# SQLSTATE: no such role, no such table
_BARE = ("22023", "42704", "42P01")


def address(name: str, url: str) -> str:
    """The URL, if it is one. Raises Misconfigured."""
    try:
        known = make_url(normalized(url)).get_backend_name() == "postgresql"
    except ArgumentError:
        known = False
    if not known:
        raise Misconfigured(
            f"{name} is not an address of PostgreSQL; set it to postgresql://user:password@host/emmetra"
        )
    return url


def answer(url: str) -> None:
    """Raises Misconfigured when the database does not answer."""
    _connected(url).close()


def schema(url: str) -> None:
    """Raises Misconfigured when the database does not answer, lacks the schema, or keeps this login out."""
    with _connected(url) as connection:
        try:
            connection.execute(f"SET ROLE {APP_ROLE}")
            connection.execute("SELECT FROM accounts_chain LIMIT 0")
        except psycopg.Error as refusal:
            if refusal.sqlstate in _BARE:
                raise Misconfigured("the database has no schema yet; run: emmetra cloud migrate") from None
            why = f"this login may not become {APP_ROLE}; run, as the owner: GRANT {APP_ROLE} TO the login"
            raise Misconfigured(why) from None


def _connected(url: str) -> psycopg.Connection:
    plain = normalized(url).replace("postgresql+psycopg://", "postgresql://")
    try:
        return psycopg.connect(plain, connect_timeout=PATIENCE_SECONDS)
    except psycopg.Error as trouble:
        why = str(trouble).splitlines()[0]
        raise Misconfigured(f"the database does not answer ({why}); start it, then try again") from None


def place(bind: str) -> None:
    """Raises Misconfigured when nobody can listen on HOST:PORT."""
    if bind.startswith("unix:"):
        return
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), _port(port)), family=family).close()
    except (OSError, ValueError) as refusal:
        raise Misconfigured(
            f"cannot listen on {bind} ({refusal}); choose another place with --bind HOST:PORT"
        ) from None


def _port(words: str) -> int:
    if int(words) not in range(1, 2**16):
        raise ValueError(f"{words} is no port")
    return int(words)


def names(chain: str, store: str, zone: str) -> None:
    """Raises Misconfigured when a chain or store cannot be part of a gateway's name, or a zone does not exist."""
    try:
        Address(chain, store, "gw-1")
        zoneinfo.ZoneInfo(zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError) as refusal:
        raise Misconfigured(str(refusal)) from None
