"""A figure a line."""
