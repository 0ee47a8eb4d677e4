"""``[N_R],n,…`` announces a series; whether n counts the average too is not told, so both are right."""

from protocols.sheet import Margin
from protocols.tomey_tagged.grammar import Row


def announced(side: str, section: list[Row]) -> int | None:
    """How many readings the instrument said would follow."""
    said = [row.field(0).strip() for row in section if row.tag == f"N_{side}" and row.ended]
    return int(said[-1]) if said and said[-1].isdecimal() and len(said[-1]) < 4 else None


def complete(side: str, count: int | None, arrived: int, margin: Margin) -> None:
    """Tell when fewer or more arrived."""
    if count is not None and count not in (arrived, arrived + 1):
        margin.note(
            "readings_missing", f"The instrument announced {count} readings of the {side} eye; {arrived} arrived."
        )
