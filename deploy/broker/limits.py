"""Every ceiling of the broker in one place, so that nothing in it can grow without end."""

from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024
DAY = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one client, and all of them together, may ask for.

    Attributes:
        packet: largest packet taken, announced in CONNACK.
        queue: bytes waiting for one client before publishers to it are refused with 0x97.
        total: bytes waiting for all clients together.
        retained: bytes of retained messages.
        sessions: how many sessions may exist, connected or not.
        connections: how many sockets may be open.
        subscriptions: filters one session may hold.
        receive: publications a client may have unacknowledged, announced in CONNACK.
        aliases: topic aliases a client may use, announced in CONNACK.
        keep_alive: longest silence in seconds, imposed on clients that ask for more or for none.
        expiry: longest session expiry in seconds, imposed on clients that ask for more.
        patience: seconds a socket may take to say CONNECT, and to read our last word.
    """

    packet: int = MIB
    queue: int = 64 * MIB
    total: int = 512 * MIB
    retained: int = 64 * MIB
    sessions: int = 20_000
    connections: int = 12_000
    subscriptions: int = 1_000
    receive: int = 1_000
    aliases: int = 32
    keep_alive: int = 300
    expiry: int = 7 * DAY
    patience: float = 10.0
