"""What a plan cannot do without: the eye of a diagnosis, and when to be seen again."""

from collections.abc import Iterator

from cloud.clinic import tables
from cloud.clinic.catalogue import registry
from cloud.clinic.checks.finding import Check, Context, Finding, found
from cloud.clinic.choices import Side
from cloud.clinic.places import Place
from cloud.clinic.sheet import Sheet


def _eyes(_context: Context, sheet: Sheet) -> Iterator[Finding]:
    """D-eye: a diagnosis of an eye says which."""
    for n in sheet.instances("diagnosis"):
        code, eye = sheet.said("diagnosis", n, "code"), sheet.code("diagnosis", n, "eye")
        title = _of_an_eye(code or "")
        if title is not None and eye is None:
            yield found("D-eye", "blank", Place("diagnosis", n, "eye", Side.NONE), diagnosis=title)


def _of_an_eye(written: str) -> str | None:
    """What the diagnosis is called when it is of an eye."""
    system, _sep, code = written.partition(":")
    try:
        row = registry.codes(system).by_code.get(code)
    except registry.NoSuchElement:
        return None
    return row.title.said(tables.language()) if row is not None and row.laterality else None


def _recall(context: Context, sheet: Sheet) -> Iterator[Finding]:
    """P-recall: an interval, or why there is none."""
    if not context.asks("recall") and not sheet.instances("recall"):
        return
    interval, reason = (Place("recall", 1, name, Side.NONE) for name in ("interval", "none_reason"))
    if interval not in sheet and reason not in sheet:
        yield found("P-recall", "blank", interval)
    if interval in sheet and reason in sheet:
        yield found("P-recall", "both", interval, reason)


CHECKS: tuple[Check, ...] = (_eyes, _recall)
