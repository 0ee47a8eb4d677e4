"""The recall list, and cases, as a spreadsheet takes them: no cell is ever a formula."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.clinic import recalls, telling, wording
from cloud.clinic.worklist import Line
from cloud.people import queries as people
from cloud.web import charts, times
from cloud.web.charts import Chart
from cloud.web.separated import written


def recall_list(session: Session, lines: Sequence[Line], stores: Mapping[int, str], language: str) -> str:
    """The lines as CSV, one person a line; a mark in front tells spreadsheets that it is UTF-8."""
    known = people.named(session, {one.patient_id for one in lines})
    return written([_heads(), *(_row(one, known[one.patient_id], stores, language) for one in lines)])


def case_list(lines: Sequence[telling.Line]) -> str:
    """Cases as CSV, one finding, figure or diagnosis a line."""
    who = (_("Record number"), _("Family name"), _("Given name"), _("Birth date"))
    heads = (*who, _("Date"), _("Eye"), _("What"), _("Value"), _("Examination"))
    return written([heads, *(_case(one) for one in lines)])


def course(chart: Chart) -> str:
    """A figure over the years as CSV, one value a line, the oldest first; a mark before the values of its day."""
    heads = (_("Date"), _("Eye"), _("Value"), chart.heading, _("Method"), _("Note"))
    ordered = sorted(charts.rows(chart), key=lambda row: (row.at, row.point is not None, row.eye == "L"))
    return written([heads, *map(_value, ordered)])


def _value(row: charts.Row) -> Iterable[object]:
    day = times.in_store(row.at).date().isoformat()
    if row.point is None:
        return (day, "", "", "", "", row.mark.words if row.mark else "")
    return (day, row.eye, row.name, row.point.value, row.point.method, row.point.note)


def _case(one: telling.Line) -> Iterable[object]:
    who = (getattr(one.patient, name) for name in ("record_number", "family_name", "given_name", "birth_date"))
    return (*who, times.in_store(one.at).date().isoformat(), one.eye, one.what, one.value, one.encounter_id)


def _heads() -> Iterable[object]:
    who = (_("Record number"), _("Family name"), _("Given name"), _("Telephone"))
    return (*who, _("Due"), _("Reason"), _("State"), _("Store"))


def _row(one: Line, who: object, stores: Mapping[int, str], language: str) -> Iterable[object]:
    asked = ("record_number", "family_name", "given_name", "phone")
    reason = wording.choice_words(recalls.ELEMENT, "reason", one.reason, language)
    due = one.on.isoformat() if one.recall_id else None
    return (*(getattr(who, name) for name in asked), due, reason, one.state, stores.get(one.store_id))
