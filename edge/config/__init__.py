"""The gateway's configuration: one TOML file, read with patience and refused with precision.

Everything wrong is said at once, each with file, line, what was expected and what to write.
"""

from pathlib import Path

from edge.config.reading import load
from edge.config.settings import ConfigRefused, GatewayConfig
from edge.config.tables import LINE, SLUG

__all__ = ["EXAMPLE", "LINE", "SLUG", "ConfigRefused", "GatewayConfig", "load"]

EXAMPLE = Path(__file__).with_name("example.toml").read_text("utf-8")
