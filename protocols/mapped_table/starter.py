"""The beginning of a map, from an export: every name that stands in it, and nothing about what it means."""

from protocols.export.columns import plain
from protocols.mapped_table.table import named

DELIMITERS = ";\t,|"
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8"))
_HEAD = """\
# A map of an export: `emmetra decode --map THIS-FILE EXPORT` shows what it gives.
# Every column is mapped, kept as it came, or ignored; `emmetra map --keys` lists the keys and their units.

# maker = "…"
# model = "…"
"""
_TAIL = """\

# day = "DD.MM.YYYY"                   # how it writes days: YYYY MM DD; also time = "hh:mm:ss", moment = "…"
# missing = ["-", "---"]               # what stands for no value, beside an empty cell
# keep = []                            # columns that stay beside the values as they came
# ignore = []                          # columns that go

# [eye]                                # where a row's eye stands; or eye = "right" at each column
# column = "Eye"                       # or file = true (in the file's name), or line = 2 (above the names)
# right = ["OD", "R"]
# left = ["OS", "L"]

# [[only]]                             # rows that are measurements
# column = "Status"
# values = ["OK"]
"""


def starter(raw: bytes, header: int = 1, encoding: str | None = None, delimiter: str | None = None) -> str:
    """The text of a map to be completed. Raises ValueError where the line is not there or its bytes are none of it."""
    written = encoding or _encoding(raw)
    try:
        lines = raw.decode(written).removeprefix("\ufeff").splitlines()
    except (UnicodeDecodeError, LookupError):
        raise ValueError(f"these bytes are not {written}; say the encoding, such as --encoding cp1252") from None
    if not 1 <= header <= len(lines) or not lines[header - 1].strip():
        raise ValueError(f"line {header} holds no names; say which does, such as --header 3")
    head = lines[header - 1]
    mark = delimiter or max(DELIMITERS, key=head.count)
    told = [_HEAD, f"encoding = {_quoted(written)}", f"delimiter = {_quoted(mark)}", f"header = {header}"]
    told += ['decimal = "?"                         # "." or ","', _TAIL]
    told += [_column(name) for name in named(tuple(cell.strip().strip('"') for cell in head.split(mark)))]
    return "\n".join(told)


def _encoding(raw: bytes) -> str:
    return next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")


def _column(name: str) -> str:
    unit = plain(name)[1]
    told = ["[[column]]", f"name = {_quoted(name)}", 'key = "?"']
    return "\n".join([*told, f"unit = {_quoted(unit)}" if unit else '# unit = "?"', ""])


def _quoted(text: str) -> str:
    """A TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'
