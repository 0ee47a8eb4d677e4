"""A phoropter, both ways."""
