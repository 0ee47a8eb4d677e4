"""The recall list, and cases, as a spreadsheet takes them: no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.clinic import recalls, telling, wording
from cloud.clinic.worklist import Line
from cloud.people import queries as people
from cloud.web import times

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def recall_list(session: Session, lines: Sequence[Line], stores: Mapping[int, str], language: str) -> str:
    """The lines as CSV, one person a line; a mark in front tells spreadsheets that it is UTF-8."""
    known = people.named(session, {one.patient_id for one in lines})
    return _written([_heads(), *(_row(one, known[one.patient_id], stores, language) for one in lines)])


def case_list(lines: Sequence[telling.Line]) -> str:
    """Cases as CSV, one finding, figure or diagnosis a line."""
    who = (_("Record number"), _("Family name"), _("Given name"), _("Birth date"))
    heads = (*who, _("Date"), _("Eye"), _("What"), _("Value"), _("Examination"))
    return _written([heads, *(_case(one) for one in lines)])


def _case(one: telling.Line) -> Iterable[object]:
    who = (getattr(one.patient, name) for name in ("record_number", "family_name", "given_name", "birth_date"))
    return (*who, times.in_store(one.at).date().isoformat(), one.eye, one.what, one.value, one.encounter_id)


def _written(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([tame(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _heads() -> Iterable[object]:
    who = (_("Record number"), _("Family name"), _("Given name"), _("Telephone"))
    return (*who, _("Due"), _("Reason"), _("State"), _("Store"))


def _row(one: Line, who: object, stores: Mapping[int, str], language: str) -> Iterable[object]:
    asked = ("record_number", "family_name", "given_name", "phone")
    reason = wording.choice_words(recalls.ELEMENT, "reason", one.reason, language)
    due = one.on.isoformat() if one.recall_id else None
    return (*(getattr(who, name) for name in asked), due, reason, one.state, stores.get(one.store_id))


def tame(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
