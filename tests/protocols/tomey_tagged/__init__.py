"""Lines of bracketed tags."""
