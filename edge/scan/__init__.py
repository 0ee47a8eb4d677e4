"""Names what hangs on each port from what it says, and tells wrong speed, wrong parity and swapped wires apart."""
