"""How letters leave this process; the engine of a session says which office is meant."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.kernel.settings import Misconfigured, Settings

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """A mail server. ``implicit``: TLS from the first byte. ``plain``: no TLS even where a password is sent."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit: bool = False
    plain: bool = False


@dataclass(frozen=True)
class Office:
    """``local`` names chains whose letters lie on a page where no server takes them; ``*`` is all of them."""

    server: Server | None = None
    mail_from: str = ""
    public_url: str = ""
    local: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> "Office":
        """As the settings say. Raises Misconfigured."""
        local = frozenset(one.strip() for one in settings.local_messages.split(",") if one.strip())
        url = (settings.public_url or "").rstrip("/")
        if not settings.smtp_url:
            return cls(None, settings.mail_from, url, local)
        if "@" not in parseaddr(settings.mail_from)[1]:
            raise Misconfigured("EMMETRA_SMTP_URL is set; set EMMETRA_MAIL_FROM to the address e-mails come from")
        if not url:
            raise Misconfigured("EMMETRA_SMTP_URL is set; set EMMETRA_PUBLIC_URL to https://… for links in e-mails")
        return cls(server(settings.smtp_url), settings.mail_from, url, local)

    def keeps(self, slug: str) -> bool:
        """Whether letters of this chain may lie on a page."""
        return bool(self.local & {"*", slug})

    @property
    def address(self) -> str:
        """The bare address e-mails come from; empty where there is none."""
        return parseaddr(self.mail_from)[1]


def server(url: str) -> Server:
    """``smtp://user:password@host:587`` or ``smtps://…``; ``?tls=never`` for a server beside us.

    Raises Misconfigured.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Misconfigured("EMMETRA_SMTP_URL cannot be read; set it to smtp://user:password@host:587") from None
    if not parts.hostname:
        raise Misconfigured("EMMETRA_SMTP_URL names no server; set it to smtp://user:password@host:587")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    plain = parse_qs(parts.query).get("tls") == ["never"]
    return Server(parts.hostname, port, user, password, parts.scheme == "smtps", plain)


_offices: WeakKeyDictionary[Engine, Office] = WeakKeyDictionary()


def install(engine: Engine, office: Office) -> None:
    """Whoever works with this engine sends like this."""
    _offices[engine] = office


def of(engine: Engine) -> Office:
    """The office of this process; one that sends nothing where none was installed."""
    return _offices.get(engine, Office())


def here(session: Session) -> Office:
    """The office of a session's process."""
    return of(session.get_bind().engine)
