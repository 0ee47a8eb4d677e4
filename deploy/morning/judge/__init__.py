"""Whether a morning went as it should: the simulator's log against paper, display, voice, screens and report."""
