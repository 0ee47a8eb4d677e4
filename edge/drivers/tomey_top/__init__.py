"""Tomey TOP-1000 and Rodenstock Topascope on a serial line."""
