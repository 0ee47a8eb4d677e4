"""One file, one scan. Large files are read in pieces by ``reading.of_file``; here they come as bytes."""

from protocols import export
from protocols.export import Form, WholeFile
from protocols.framing import Event, Recognition, Unread
from protocols.heyex_vol import head
from protocols.heyex_vol.reading import readings
from protocols.readings import Reading

DIALECT = "heyex_vol"
WHOLE = Recognition(95, "the head of a Heidelberg .vol file with its mark, sizes and eye")
UNMARKED = Recognition(60, "the head of a .vol file, written by another program than the maker's")
_LIMIT = 256 * 1024 * 1024


def _begins(raw: bytes) -> bool:
    try:
        return bool(head.head(raw[: head.SIZE]))
    except Unread:
        return False


def _read(raw: bytes) -> tuple[Reading, ...]:
    return readings(lambda at, length: raw[at : at + length], len(raw), raw)


FORM = Form(_begins, _read, "HSF-OCT-… and a head of 2048 bytes", _LIMIT)


class Decoder(WholeFile):
    """Decodes one file at a time."""

    def __init__(self) -> None:
        super().__init__(FORM)


def decode(data: bytes) -> list[Event]:
    """Everything in a whole file."""
    return export.decode(FORM, data)


def recognise(data: bytes) -> Recognition:
    """Judge a whole file by its head."""
    if not _begins(data):
        return Recognition(15, "the mark of a .vol file without its head") if data.startswith(head.MAGIC) else _NOTHING
    return WHOLE if data.startswith(head.MAGIC) else UNMARKED


_NOTHING = Recognition(0, "nothing that this dialect says")
