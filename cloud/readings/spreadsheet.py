"""A patient's readings as CSV: one value a line, as the cards show it, with whose it is and how it stands."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from cloud.readings.queries import Shown
from cloud.web import times
from cloud.web.cards import card_of
from cloud.web.cards.shape import Card
from cloud.web.filters import absent
from cloud.web.separated import written
from protocols import readings

Row = Iterable[object]


def spreadsheet(shown: Sequence[Shown]) -> str:
    """Every value of these readings in their order; points and single measurements by their number."""
    heads = (_("Date"), _("Kind"), _("State"), _("Instrument"), _("Value"), _("Eye"), _("Result"), _("Reading"))
    return written([heads, *(row for one in shown for row in _rows(one))])


def _rows(one: Shown) -> Iterator[Row]:
    card, who = card_of(one.reading), one.reading.instrument
    about = (times.in_store(one.captured_at).isoformat(timespec="seconds"), readings.kind(one.reading))
    for name, eye, value in _values(card):
        yield (*about, one.state, f"{who.maker} {who.model}".strip(), name, eye, value, one.id)


def _values(card: Card) -> Iterator[tuple[str, str, str]]:
    for line in card.lines:
        for column, cell in zip(card.columns, line.cells, strict=False):
            if cell and cell != absent():
                yield line.label, column.head, _plain(cell)
    for fact in (*card.facts, *card.also):
        yield fact.label, "", _plain(fact.value)
    for part in (*card.tables, *card.series):
        for number, cells in enumerate(part.rows, 1):
            told = zip(part.heads, cells, strict=True)
            yield from (
                (f"{number}: {head}", part.eye, _plain(cell)) for head, cell in told if cell and cell != absent()
            )


def _plain(cell: str) -> str:
    return cell.striptags() if isinstance(cell, Markup) else str(cell)
