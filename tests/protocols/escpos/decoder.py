"""The ESC/POS decoder the tests hold tickets against; it stands beside the simulated printer."""

from firmware_sim.callers.paper import Decoder, Paper

__all__ = ["Decoder", "Paper"]
