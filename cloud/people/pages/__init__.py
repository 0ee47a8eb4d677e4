"""The pages of the people room beside its list."""

from cloud.people.pages import finding
from cloud.people.pages.blueprint import bp

__all__ = ["bp", "finding"]
