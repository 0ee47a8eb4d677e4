"""The topic tree: ``o/v1/{tenant}/{store}/{gateway}/{up|down}/…``.

A gateway's certificate names it ``tenant/store/gateway``; the broker lets it write only below its own
``up`` and read only its own ``down``. Nothing inside a message says who sent it.
"""

import re
from dataclasses import dataclass
from typing import Literal

ROOT = "o/v1"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")

# Channels: results (readings and captures, acknowledged by the application), telemetry, events,
# birth and death, reported shadow, command states, logs, offered blobs; acknowledgements, desired shadow, commands, the
# store's worklist, its queue.
Channel = Literal["r", "t", "e", "state", "shadow", "cmd", "log", "blob", "ack", "worklist", "queue"]
UP = frozenset({"r", "t", "e", "state", "shadow", "cmd", "log", "blob"})
DOWN = frozenset({"ack", "shadow", "cmd", "blob", "worklist", "queue"})


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a gateway stands: chain, store, gateway, each a slug of ``a-z 0-9 -``.

    Raises:
        ValueError: a part is not a slug.
    """

    tenant: str
    store: str
    gateway: str

    def __post_init__(self) -> None:
        for part in (self.tenant, self.store, self.gateway):
            if not _SLUG.match(part):
                raise ValueError(f"{part!r} is not a name made of a-z, 0-9 and '-'")

    def __str__(self) -> str:
        return f"{self.tenant}/{self.store}/{self.gateway}"

    @classmethod
    def of(cls, text: str) -> "Address":
        """Read ``tenant/store/gateway``. Raises ValueError on anything else."""
        parts = text.split("/")
        if len(parts) != 3:
            raise ValueError(f"{text!r} is not tenant/store/gateway")
        return cls(*parts)

    def up(self, channel: str, leaf: str = "") -> str:
        """Topic for what the gateway says; ``leaf`` is the stream of ``r`` or the id of ``cmd``."""
        return _join(self, "up", channel, leaf)

    def down(self, channel: str, leaf: str = "") -> str:
        """Topic for what the cloud says to the gateway."""
        return _join(self, "down", channel, leaf)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic taken apart."""

    address: Address
    direction: Literal["up", "down"]
    channel: str
    leaf: str = ""


def parse(topic: str) -> Topic:
    """Take a topic apart. Raises ValueError when it is not one of ours."""
    parts = topic.split("/")
    if len(parts) not in (7, 8) or "/".join(parts[:2]) != ROOT:
        raise ValueError(f"{topic!r} is not below {ROOT}")
    direction, channel = parts[5], parts[6]
    if direction == "up" and channel in UP:
        return Topic(Address(*parts[2:5]), "up", channel, *parts[7:])
    if direction == "down" and channel in DOWN:
        return Topic(Address(*parts[2:5]), "down", channel, *parts[7:])
    raise ValueError(f"{topic!r} has no channel {direction}/{channel}")


def subscription(direction: Literal["up", "down"], channel: str, *, share: str = "") -> str:
    """Filter over every gateway, for a service of the cloud; ``share`` names a shared subscription."""
    leaf = "/+" if channel in ("r", "cmd") else ""
    plain = f"{ROOT}/+/+/+/{direction}/{channel}{leaf}"
    return f"$share/{share}/{plain}" if share else plain


def _join(address: Address, direction: str, channel: str, leaf: str) -> str:
    topic = f"{ROOT}/{address}/{direction}/{channel}"
    return f"{topic}/{leaf}" if leaf else topic
