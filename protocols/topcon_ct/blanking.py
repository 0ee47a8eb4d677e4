"""Takes the patient out of the ID column of STD2, unless what stands there is a number that runs.

Of columns that were cut off the ID is taken out too, where its place was reached.
"""

from protocols.framing.masking import each, masked_id
from protocols.topcon_ct.decoder import decode
from protocols.topcon_ct.grammar import SHORT, STD2, columns

_NAMES = list(STD2)
_BEFORE = sum(STD2[name] for name in _NAMES[: _NAMES.index("id")])
_CONTROLS = frozenset([*range(0x20), 0x7F])


def blank(data: bytes) -> bytes:
    """The same bytes without the patient, as long as before."""
    return each(data, decode(data), _blanked)


def _blanked(raw: bytes) -> bytes:
    column, without = _column(raw), bytearray(raw)
    for at, byte in zip(column, masked_id(bytes(raw[at] for at in column), keep=b""), strict=True):
        without[at] = byte
    return bytes(without)


def _column(raw: bytes) -> list[int]:
    """Where the characters of an ID stand; none where there is no patient."""
    fields, places = columns(raw), [at for at, byte in enumerate(raw) if byte not in _CONTROLS]
    if fields is None:
        return places[_BEFORE : _BEFORE + STD2["id"]] if len(places) > sum(SHORT.values()) else []
    if "id" not in fields or _runs(fields):
        return []
    first = len(places) - sum(STD2.values()) + _BEFORE  # a maker's name before the columns is no column
    return places[first : first + STD2["id"]]


def _runs(fields: dict[str, str]) -> bool:
    number, *running = (fields[name].strip().lstrip("0") for name in ("id", "work_id", "machine_work_id"))
    return number in running
