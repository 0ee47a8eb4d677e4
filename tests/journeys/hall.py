"""A store that calls people: everything real as processes, and the far sides of its callers at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cloud.kernel.database import unit_of_work
from cloud.queue import queries, services
from deploy import assets
from deploy.morning.play import Morning, Wanted, opened
from tests.journeys import seeded


@contextmanager
def open_hall(wanted: Wanted) -> Iterator[Morning]:
    """Whatever happens, no process outlives it."""
    assets.main()
    with TemporaryDirectory(prefix="emmetra-") as name:
        seeded.lay(Path(name))
        with opened(Path(name), wanted) as morning:
            yield morning


def comes(morning: Morning, kind: str = "green") -> str:
    """Somebody is here, at the doctor's line where they are an emergency; their ticket."""
    with unit_of_work(morning.engine, morning.chain) as session:
        of = queries.kind(session, morning.founded.store, kind)
        return services.arrive(session, of)[0].ticket
