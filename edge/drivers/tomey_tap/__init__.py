"""Tomey TAP-2000 and Rodenstock Phoromat 2000 phoropters, both ways."""
