"""The list of gateways for a spreadsheet. No cell can be a formula."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.fleet import listing
from cloud.fleet.listing import Line
from cloud.imports import reports

TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def written(rows: Iterator[Sequence[str]], kind: str) -> tuple[bytes, str]:
    """Rows as a file of this kind, with its media type."""
    return (reports.workbook(rows) if kind == "xlsx" else reports.separated(rows)), TYPES[kind]


def gateways(session: Session, lines: Sequence[Line], kind: str) -> tuple[bytes, str]:
    """Every line with its instruments counted; times in UTC, as ISO 8601 writes them."""
    return written(_rows(lines, listing.instrument_counts(session, [one.gateway.id for one in lines])), kind)


def _rows(lines: Sequence[Line], counted: dict[int, dict[str, int]]) -> Iterator[Sequence[str]]:
    yield [
        *(_("Store"), _("Region"), _("Gateway"), _("State"), _("Since"), _("Software"), _("Waiting rows")),
        *(_("Oldest"), _("Clock"), _("Connected"), _("Lost"), _("Needs setting up"), _("Alarms"), _("Last seen")),
    ]
    for line in lines:
        one, many = line.gateway, counted.get(line.gateway.id, {})
        yield [
            *(line.store, line.region or "", one.slug, one.state, moment(one.since), one.software or ""),
            *(str(one.depth), moment(one.oldest_at), one.clock_state or ""),
            *(str(many.get(state, 0)) for state in ("connected", "lost", "misconfigured")),
            *(" | ".join(one.alarms or []), moment(one.seen_at)),
        ]


def moment(at: datetime | None) -> str:
    """``2026-11-22T08:00:00+00:00``, or nothing."""
    return at.isoformat(timespec="seconds") if at else ""
