"""What is said of a row beside its values."""

from protocols.export.days import Days
from protocols.export.rows import Row
from protocols.labelled import Heading

MOST_KEPT = 200  # columns nobody has described, in a reading; it must fit into a message


def fault(row: Row) -> str | None:
    """What the instrument said of the quality, when it is not content."""
    status = row.told.get("status", "")
    return status if status and status.upper() != "OK" else None


def remark(heading: Heading, row: Row, days: Days) -> None:
    """Who, when, what was left over and what a person should know."""
    heading.patient_ref, heading.measured_at = row.patient(days), row.moment(days)
    for name, cell in list(row.rest.items())[:MOST_KEPT]:
        heading.keep(name, cell)
    if len(row.rest) > MOST_KEPT:
        heading.note("columns_in_capture", f"{len(row.rest) - MOST_KEPT} further columns stand in the capture only.")
    for name in row.unreadable:
        heading.note("unreadable_field", f"{name!r} does not have the form it should have; kept as it came.")
    if row.told.get("day") and heading.measured_at is None:
        heading.keep("exam_date", row.told["day"])
        heading.note("date_ambiguous", "Day and month could be either; the date stays as it came.")
    if comment := row.told.get("comment"):
        heading.keep("comment", comment)
    if said := fault(row):
        heading.note("quality_doubtful", f"The instrument marked this examination {said!r}.")
