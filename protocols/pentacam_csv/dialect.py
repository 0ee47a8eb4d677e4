"""The file: a line of names that end in colons, a row an examination; the instrument appends to it."""

from pathlib import Path

from protocols import export
from protocols.export import Form, WholeFile, columns_of, people_masked
from protocols.export.columns import plain
from protocols.export.table import first_cells, name_of
from protocols.framing import Event, Recognition
from protocols.pentacam_csv.reading import RING, topography
from protocols.readings import Reading

DIALECT = "pentacam_csv"
COLUMNS = columns_of(Path(__file__).with_name("columns.toml"))
WHOLE = Recognition(70, "a table with names that end in colons, an eye, and rings or figures of a corneal map")
LEAST = 4  # columns of identity


def _begins(raw: bytes) -> bool:
    cells = first_cells(raw)
    names = {plain(name_of(cell))[0] for cell in cells if cell.endswith(":")}
    person, known = COLUMNS.person(), COLUMNS.measured().keys() | COLUMNS.own().keys()
    rings = any(RING.fullmatch(name_of(cell)) for cell in cells)
    return len({person[name] for name in names & person.keys()}) >= LEAST and (rings or bool(names & known))


def _read(raw: bytes) -> tuple[Reading, ...]:
    return topography(raw, COLUMNS, DIALECT)


FORM = Form(_begins, _read, "Last Name:;First Name:;Pat-ID:;… and a row an examination")


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return export.recognised(FORM, data, WHOLE, "the names of a Pentacam's table without rows that can be read")


def blank(data: bytes) -> bytes:
    """The same file without the patients."""
    return people_masked(data, COLUMNS)
