"""A Topascope that writes XML, and what a TOP-1000 writes."""

from firmware_sim.tomey_top_xml.tonometer import Topascope, example

INSTRUMENTS = {"topascope-xml": Topascope}

__all__ = ["INSTRUMENTS", "Topascope", "example"]
