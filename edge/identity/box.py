"""Which box this is: what is printed on it, as far as software can read it."""

import platform
from hashlib import sha256
from pathlib import Path

SERIALS = ("/proc/device-tree/serial-number", "/sys/class/dmi/id/product_serial")
MODELS = ("/proc/device-tree/model", "/sys/class/dmi/id/product_name")
MACHINE = Path("/etc/machine-id")


def serial() -> str:
    """The box's serial number; where it has none we may read, a name made of the machine's."""
    return _first(SERIALS) or f"machine-{sha256(_read(MACHINE).encode()).hexdigest()[:16]}"


def hardware() -> str:
    """The model of the box."""
    return (_first(MODELS) or f"{platform.system()} {platform.machine()}")[:80]


def _first(paths: tuple[str, ...]) -> str:
    return next((found for path in paths if (found := _read(Path(path)))), "")[:80]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip("\0 \n")
    except OSError:
        return ""
