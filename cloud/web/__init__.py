"""The frame every page stands in: layout, components, notation, languages, safety headers; it knows no feature."""

from cloud.web.frame import Choice, Frame, NavItem, Tab, current_frame
from cloud.web.install import install
from cloud.web.notation import Notation

__all__ = ["Choice", "Frame", "NavItem", "Notation", "Tab", "current_frame", "install"]
