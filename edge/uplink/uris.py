"""Where a key lies in a token, as RFC 7512 writes it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

FORM = "pkcs11:token=LABEL?module-path=/usr/lib/…/library.so&pin-source=file:/etc/emmetra/pin"


class TokenRefused(Exception):
    """The token cannot be used as it is named: what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class TokenUri:
    """A PKCS#11 address taken apart."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "TokenUri":
        """Read one. Raises TokenRefused when the token or its library is not named."""
        scheme, _, rest = text.partition(":")
        path, _, query = rest.partition("?")
        found = cls(_pairs(path, ";"), _pairs(query, "&"))
        if scheme != "pkcs11" or not found.path.get("token") or not found.query.get("module-path"):
            raise TokenRefused(f"That is no address of a token. Write it as {FORM}")
        return found

    @property
    def token(self) -> str:
        """The token's label."""
        return self.path["token"]

    @property
    def label(self) -> str:
        """The key's label."""
        return self.path.get("object", "")

    @property
    def module(self) -> str:
        """The library that speaks to the token."""
        return self.query["module-path"]

    def of_object(self, label: str) -> "TokenUri":
        """The address of a key in this token."""
        return replace(self, path={"token": self.token, "object": label, "type": "private"})

    def pin(self) -> str:
        """The user PIN. Raises TokenRefused."""
        if "pin-value" in self.query:
            return self.query["pin-value"]
        source = self.query.get("pin-source", "").removeprefix("file:")
        try:
            return Path(source).read_text("utf-8").strip()
        except OSError as trouble:
            raise TokenRefused(
                f"The PIN of the token cannot be read from {source!r} ({trouble.strerror}). "
                "Put it into that file, readable for the gateway alone."
            ) from None

    def for_engine(self) -> str:
        """As OpenSSL's engine wants it: it is told library and PIN apart from this."""
        return "pkcs11:" + ";".join(f"{name}={quote(value, safe='')}" for name, value in self.path.items())

    def __str__(self) -> str:
        tail = "&".join(f"{name}={quote(value, safe='/:')}" for name, value in self.query.items())
        return f"{self.for_engine()}?{tail}"


def _pairs(text: str, between: str) -> dict[str, str]:
    pieces = (piece.partition("=") for piece in text.split(between) if piece)
    return {name: unquote(value) for name, _, value in pieces}
