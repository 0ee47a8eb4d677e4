"""Open wires to instruments: serial ports and TCP sockets, all with the same three verbs."""

from edge.links.base import Link, LinkLost, LinkRefused

__all__ = ["Link", "LinkLost", "LinkRefused"]
