"""The production configuration of mosquitto and the rules for any broker; tests and demo run both as they are."""

import getpass
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("mosquitto.conf")
RULES = Path(__file__).with_name("rules")
INSTALLED = "/etc/mosquitto/emmetra"


def moved(folder: Path, gateways: int, services: int) -> str:
    """The configuration for one folder and two ports of this machine; nothing else of it is changed."""
    changes = {
        INSTALLED: str(folder),
        "/run/mosquitto/mosquitto.pid": str(folder / "mosquitto.pid"),
        "/var/lib/mosquitto/": f"{folder}/",
        "listener 8883\n": f"listener {gateways} 127.0.0.1\n",
        "listener 8884\n": f"listener {services} 127.0.0.1\n",
    }
    text = CONFIGURATION.read_text("utf-8")
    for before, after in changes.items():
        text = text.replace(before, after)
    return f"user {getpass.getuser()}\n{text}"
