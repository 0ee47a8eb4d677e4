"""Xinyuan FA-6500 and FA-6500K and Unicos URK-700 autorefractors on a serial line."""
