"""Open wires to instruments: serial ports and TCP sockets, all with the same three verbs."""
