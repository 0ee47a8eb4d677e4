"""Open wires to instruments: serial ports and TCP sockets, all with the same three verbs."""

from edge.links.base import Link, LinkLost, LinkRefused
from edge.links.memory import null_modem
from edge.links.opening import open_link
from edge.links.settings import LineSettings

__all__ = ["LineSettings", "Link", "LinkLost", "LinkRefused", "null_modem", "open_link"]
