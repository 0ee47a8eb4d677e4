"""What may leave the gateway for support: nothing that opens a door, nothing about a person."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

GONE = "(removed)"
# Keys of the configuration whose values open doors; a driver's own settings may have any name.
DOORS = re.compile(r"pass|secret|token|pin\b|credential|api_?key|user", re.IGNORECASE)
SECRETS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(r"scrypt:\d+:\d+:\d+:[0-9a-f]+:[0-9a-f]+"),
    re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"),
    re.compile(r"(?i)(?<=pin-value=)[^\s;&]+"),
    re.compile(r"(?i)\b(?<=bearer )[\w.~+/-]{8,}=*"),
)


def without_secrets(table: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration as it was read, comments gone with the text; every value that opens a door is removed."""
    return {key: GONE if DOORS.search(key) else _value(value) for key, value in table.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return without_secrets(value)
    if isinstance(value, list):
        return [_value(one) for one in value]
    return scrubbed(value) if isinstance(value, str) else value


def doors(table: Any) -> set[str]:
    """Every text under a key that opens a door, to be taken out wherever else it stands."""
    if isinstance(table, Mapping):
        mine = {
            value for key, value in table.items() if DOORS.search(key) and isinstance(value, str) and len(value) > 3
        }
        return mine.union(*(doors(value) for value in table.values()))
    return set().union(*(doors(one) for one in table)) if isinstance(table, list) else set()


def scrubbed(text: str, known: frozenset[str] = frozenset()) -> str:
    """The text without what looks like a secret, and without those that are known."""
    for secret in sorted(known, key=len, reverse=True):
        text = text.replace(secret, GONE)
    for pattern in SECRETS:
        text = pattern.sub(GONE, text)
    return text


def plain_url(url: str) -> str:
    """An address without who signs in there."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
