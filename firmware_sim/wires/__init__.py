"""The simulated instrument's end of a wire: pty, TCP, folder, memory."""

from firmware_sim.wires.base import Pluggable, Wire
from firmware_sim.wires.folder import FolderWire
from firmware_sim.wires.memory import MemoryWire, null_modem
from firmware_sim.wires.pty import PtyWire, open_pty
from firmware_sim.wires.tcp import TcpWire, open_tcp

__all__ = ["FolderWire", "MemoryWire", "Pluggable", "PtyWire", "TcpWire", "Wire", "null_modem", "open_pty", "open_tcp"]
