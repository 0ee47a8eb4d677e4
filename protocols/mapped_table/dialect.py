"""The dialect of a map: the map is the format, so that without one nothing is read and nothing is recognised."""

from collections.abc import Callable

from protocols.envelope.table_map import TableMap
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition
from protocols.framing.masking import masked
from protocols.mapped_table.reading import readings
from protocols.readings import Reading

DIALECT = "mapped_table"
WITHOUT = "a map that names its columns; nobody has described this table (docs/runbooks/map-an-export.md)"


class Decoder(WholeFile):
    """Decodes one file at a time; ``name`` is asked for the file's name when it is read."""

    def __init__(self, drawn: TableMap | None = None, name: Callable[[], str] = str) -> None:
        def read(raw: bytes) -> tuple[Reading, ...]:
            return readings(raw, drawn, name(), DIALECT) if drawn else ()

        super().__init__(Form(lambda _raw: drawn is not None, read, WITHOUT))


def decode(data: bytes, drawn: TableMap | None = None, name: str = "") -> list[Event]:
    """Everything in a whole file."""
    decoder = Decoder(drawn, lambda: name)
    return [*decoder.feed(data), *decoder.silence()]


def recognise(data: bytes) -> Recognition:
    """No table is recognised: its columns are known to a map, not to us."""
    return Recognition(0, "only a map says what a table holds" if data else "nothing")


def blank(data: bytes) -> bytes:
    """Without its map nobody knows where a patient stands, so that every letter and figure goes."""
    return masked(data, keep=b"")
