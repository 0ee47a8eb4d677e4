"""The door of the people room: its blueprint with every page on it."""

from cloud.people.pages import bp

__all__ = ["bp"]
