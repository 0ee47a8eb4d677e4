"""Large practices, made quickly, to measure in."""
