"""What the imports room says, in the words of whoever reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from cloud.imports import headings
from cloud.imports.choices import Field, State
from cloud.imports.models import Row


def field(name: str, language: str) -> str:
    """A field as our own template heads it."""
    return str(headings.meanings()[name]["shown"][language]) if name in set(Field) else ""


def unreadable(code: str | None) -> str:
    """Why a file could not be read, and what to do."""
    words: dict[str, str] = {
        "empty": _("The file is empty. Save the list again and choose that file."),
        "no_headings": _("The first line holds no headings. Write one above each column."),
        "no_rows": _("There is no row below the headings."),
        "too_many": _("The file has more rows than can be brought in at once. Part it into several files."),
        "too_wide": _("The file has more than 200 columns. Leave out those that are not needed."),
        "too_large": _("The workbook is too large when it is unpacked. Save the list as CSV."),
        "locked": _("The workbook asks for a password. Save it without one."),
        "no_workbook": _("The workbook is damaged or no workbook at all. Save it again as .xlsx or as CSV."),
        "no_table": _("This is no list of rows and columns. Save the list as CSV or XLSX."),
        "encoding": _("The letters of this file cannot be read. Save it as CSV UTF-8."),
        "failed": _("Reading the file failed. Try again, or save the list as CSV."),
    }
    return words.get(code or "", words["no_table"])


def problem(told: Mapping[str, Any], row: Row | None = None) -> str:
    """What is wrong with a row, in one sentence."""
    value = _value(told, row)
    words: dict[str, str] = {
        "no_name": _("There is no name."),
        "too_long": _("Too long."),
        "unseen": _("Holds characters that cannot be seen or were lost."),
        "no_date": _("“%(value)s” is not a date in the order chosen for this column.", value=value),
        "birth_range": _("“%(value)s” is no birth date: it lies before 1900 or ahead.", value=value),
        "no_sex": _("“%(value)s” is not understood: female, male, other or unknown.", value=value),
        "no_phone": _("“%(value)s” is no telephone number.", value=value),
        "no_email": _("“%(value)s” is no e-mail address.", value=value),
        "no_language": _("“%(value)s” is not a language we know: English or Chinese.", value=value),
        "no_store": _("“%(value)s” is none of the chain's stores.", value=value),
        "twice": _("Line %(line)s has this record number already.", line=told.get("line")),
        "like_line": _("Looks like the person in line %(line)s.", line=told.get("line")),
        "like_patient": _("Looks like a patient who is there already."),
    }
    return words.get(str(told["code"])) or str(_("Not taken in: something in the row is wrong."))


def _value(told: Mapping[str, Any], row: Row | None) -> str:
    column = told.get("column")
    cells: Sequence[str] = row.cells if row is not None else ()
    return cells[column][:60] if column is not None and column < len(cells) else ""


def left(why: str | None) -> str:
    """Why a row was not taken in, or its patient stayed when the import was undone."""
    words: dict[str, str] = {
        "bad": _("Not taken in: something in the row is wrong."),
        "likely": _("Left out: looks like somebody who is there already."),
        "there": _("Skipped: a patient has this record number."),
        "taken_since": _("Skipped: somebody took this record number after the dry run."),
        "edited": _("Kept: changed since the import."),
        "gone": _("Kept: the record is not there any more."),
        "people_consent": _("Kept: has given or refused a consent."),
        "people_merge": _("Kept: was merged with another record."),
        "readings_seat": _("Kept: was seen in a room."),
        "readings_filing": _("Kept: has readings."),
        "readings_decision": _("Kept: has readings."),
    }
    if why and why in words:
        return words[why]
    kinds = {"clinic": _("Kept: has an examination."), "prescriptions": _("Kept: has a prescription.")}
    return kinds.get((why or "").partition("_")[0]) or str(_("Kept: something in the record hangs on this person."))


def state(code: str) -> str:
    """How far an import is."""
    words: dict[State, str] = {
        State.READING: _("Reading the file"),
        State.MAPPING: _("Waits for its columns"),
        State.CHECKING: _("Trying it out"),
        State.CHECKED: _("Waits to be accepted"),
        State.WRITING: _("Taking patients in"),
        State.DONE: _("Taken in"),
        State.STOPPED: _("Stopped halfway"),
        State.UNDOING: _("Being undone"),
        State.UNDONE: _("Undone"),
        State.CANCELLED: _("Cancelled"),
        State.UNREADABLE: _("Could not be read"),
    }
    return words[State(code)]
