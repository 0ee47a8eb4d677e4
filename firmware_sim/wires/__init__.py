"""The simulated instrument's end of a wire: pty, TCP."""
