"""Text in, another system out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask_babel import gettext as _

from cloud.exchange.choices import Kind

LONGEST = {"name": 80, "url": 500, "account": 120, "credential": 500}


@dataclass(slots=True)
class TargetForm:
    """Another system as it was typed; ``errors`` by field. The credential is never shown again."""

    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    kind: Kind = Kind.WEBHOOK

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "TargetForm":
        """What was typed."""
        form = cls({name: typed.get(name, "").replace("\0", "").strip()[:most] for name, most in LONGEST.items()})
        if typed.get("kind") in set(Kind):
            form.kind = Kind(typed["kind"])
        else:
            form.errors["kind"] = _("Choose how it is spoken to.")
        if not form.texts["name"]:
            form.errors["name"] = _("Give it a name.")
        if not _fits(form.texts["url"]):
            form.errors["url"] = _("Write an address that begins with https:// and holds no password.")
        if any(not sign.isprintable() for one in ("account", "credential") for sign in form.texts[one]):
            form.errors["credential"] = _("Write it on one line.")
        return form


def _fits(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.username is None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return named and parts.scheme in ("https", "http") and url.isascii() and url.isprintable() and " " not in url
