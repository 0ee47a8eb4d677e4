"""The demo's database as its first start leaves it, so that not every desk founds the same chains anew."""

from pathlib import Path

from cloud.kernel import embedded
from deploy.demo.seeding import seed
from tests import prepared


def lay(folder: Path) -> None:
    """Database, accounts and key of the demo into the folder of its parts."""
    prepared.lay("seeded", folder, _make)


def _make(folder: Path) -> None:
    server = embedded.start(folder / "database")
    try:
        seed(server.get_uri(), folder)
    finally:
        server.cleanup()
