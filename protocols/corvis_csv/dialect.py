"""The file: a line of names, a row an examination of one eye."""

from pathlib import Path

from protocols import export
from protocols.corvis_csv.reading import ANALYSER, biomechanics
from protocols.export import Form, WholeFile, columns_of, people_masked
from protocols.export.columns import plain
from protocols.export.table import first_cells, name_of
from protocols.framing import Event, Recognition
from protocols.readings import Reading

DIALECT = "corvis_csv"
COLUMNS = columns_of(Path(__file__).with_name("columns.toml"))
WHOLE = Recognition(74, "a table with an eye and columns that only an analyser of corneal biomechanics has")
LEAST = 3  # columns of biomechanics, so that a table that happens to have a pressure is somebody else's


def _begins(raw: bytes) -> bool:
    measured = COLUMNS.measured()
    names = {plain(name_of(cell))[0] for cell in first_cells(raw)}
    return len({measured[name] for name in names & measured.keys()} & ANALYSER) >= LEAST


def _read(raw: bytes) -> tuple[Reading, ...]:
    return biomechanics(raw, COLUMNS, DIALECT)


FORM = Form(_begins, _read, "a line of column names such as bIOP, A1 Time, DA Ratio and a row an examination")


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file."""
    return export.recognised(FORM, data, WHOLE, "columns of corneal biomechanics in a table that cannot be read")


def blank(data: bytes) -> bytes:
    """The same file without the patients."""
    return people_masked(data, COLUMNS)
