"""Small pieces every kind of card is made from."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _

from cloud.web.cards.shape import Cell, Column, Fact, Line, Series
from cloud.web.filters import FILTERS, absent
from cloud.web.frame import current_frame

Look = Callable[[Any], Any]


class Row(NamedTuple):
    """A quantity: its heading with the unit, where it is found in an eye, the filter that writes it.

    ``always`` keeps the row when no eye has the value, so that absence is seen. ``when`` is what must be there
    where the filter writes more than one value.
    """

    label: str
    find: str
    write: str
    always: bool = False
    main: bool = False
    when: str = ""


def dig(part: Any, path: str) -> Any:
    """Follow a dotted path; nothing along the way is nothing at the end."""
    for name in path.split("."):
        part = getattr(part, name, None)
    return part


def has(part: Any, row: Row) -> bool:
    """Whether there is something to show; a mark that is not set is nothing."""
    found = dig(part, row.when or row.find)
    return found is not None and found is not False


def line(row: Row, eyes: Sequence[Any]) -> Line:
    """One row across the eyes."""
    return Line(row.label, [written(row, eye) for eye in eyes], row.main)


def written(row: Row, eye: Any) -> Cell:
    """One cell."""
    return FILTERS[row.write](dig(eye, row.find))


def lines(rows: Iterable[Row], eyes: Sequence[Any]) -> list[Line]:
    """All rows that any eye has something for, or that are always shown."""
    return [line(row, eyes) for row in rows if row.always or any(has(eye, row) for eye in eyes)]


def messages(eyes: Sequence[Any]) -> list[Line]:
    """What the instrument itself said about an eye, if it said anything."""
    said = [getattr(eye, "error", None) for eye in eyes]
    return [Line(_("Instrument message"), [text or absent() for text in said], words=True)] if any(said) else []


def eye_columns(*, both: bool = False) -> list[Column]:
    """Right eye first, headed by the chain's setting; both eyes together last where they were measured so."""
    notation = current_frame().notation
    together = [Column(notation.eye("both"), _("both eyes"))] if both else []
    return [Column(notation.eye("right"), _("right eye")), Column(notation.eye("left"), _("left eye")), *together]


def joined(*words: str | None) -> str:
    """The words of a title, in one line."""
    return str(_(", ")).join(str(word) for word in words if word)


def light(condition: str | None) -> str | None:
    """Under which light it was measured, where the instrument tells."""
    return {"day": _("day"), "night": _("night")}.get(condition or "")


def distance(said: str | None) -> str | None:
    """For which distance it was measured, where the instrument tells."""
    return {"far": _("far"), "near": _("near")}.get(said or "")


def series(rows: Sequence[Row], columns: Sequence[Column], eyes: Sequence[Any]) -> list[Series]:
    """The single measurements of each eye that has any."""
    return [_of_one_eye(rows, column, eye) for column, eye in zip(columns, eyes, strict=True) if dig(eye, "readings")]


def _of_one_eye(rows: Sequence[Row], column: Column, eye: Any) -> Series:
    taken = eye.readings
    kept = [row for row in rows if row.always or any(has(one, row) for one in taken)]
    cells = [[str(at), *(written(row, one) for row in kept)] for at, one in enumerate(taken, 1)]
    return Series(column.head, [_("No."), *(row.label for row in kept)], cells)


def facts(rows: Iterable[Row], reading: Any) -> list[Fact]:
    """What the whole reading says beside the eyes."""
    return [Fact(row.label, written(row, reading)) for row in rows if has(reading, row)]
