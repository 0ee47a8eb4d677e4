"""The signed state of a record on paper: every examination that stands, the newest first, and what is prescribed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts.queries import Person
from cloud.clinic import grid, queries, sources, wording
from cloud.clinic.choices import Act, Side
from cloud.clinic.grid import Cell, Grid, Reader
from cloud.clinic.sheet import Sheet
from cloud.prescriptions import printing, tables
from cloud.prescriptions import queries as prescriptions
from cloud.prescriptions.queries import Shown
from cloud.web import times
from cloud.web.filters import person_name
from cloud.web.frame import current_frame
from cloud.web.languages import current_language
from cloud.whole.gathering import MOST, Whose

PAPER = Path(__file__).parent / "paper"


def record(session: Session, whose: Whose, moment: datetime, person: Person) -> tuple[dict[str, Any], int]:
    """Everything the template needs, and how many examinations and prescriptions it shows."""
    visits, written = _visits(session, whose.ids), prescriptions.of_patient(session, whose.patient.id, whose.today)
    page = {
        **{"lang": current_language(), "title": _("Whole record")},
        **{"chain": person.chain, "facts": _facts(whose.patient)},
        "made": _("Made %(when)s by %(name)s", when=times.when(moment), name=person.name),
        "sections": [
            {
                "title": _("Prescriptions"),
                "none": _("Nothing prescribed."),
                "entries": list(map(_prescription, written)),
            },
            {"title": _("Examinations"), "none": _("Nothing signed."), "entries": visits},
        ],
        "page_words": _("Page"),
    }
    return page, len(visits) + len(written)


def _facts(patient: Any) -> list[tuple[str, str]]:
    born = patient.birth_date.isoformat() if patient.birth_date else str(patient.birth_year or "")
    name = person_name(patient, current_language())
    return [(_("Patient"), name), (_("Born"), born), (_("Record number"), patient.record_number)]


def _visits(session: Session, ids: tuple[int, ...]) -> list[dict[str, Any]]:
    newest: dict[int, tuple[Any, Any]] = {}
    for visit, version in queries.signed_states(session, ids, MOST["versions"]):
        newest[visit.id] = (visit, version)
    stand = [one for one in newest.values() if one[1].act != Act.RETRACTED.value]
    sheets = queries.sheets(session, [version.id for _visit, version in stand])
    marks = sources.of(session, sheets.values(), {version.signed_by for _visit, version in stand})
    return [_visit(visit, version, sheets.get(version.id, Sheet()), marks) for visit, version in reversed(stand)]


def _visit(visit: Any, version: Any, sheet: Sheet, marks: wording.Sources) -> dict[str, Any]:
    reader = Reader(current_frame().notation, current_language(), marks, visit.began_at)
    elements = grid.order(visit.layout, sheet)
    signer = marks.names.get(version.signed_by, "")
    return {
        "head": f"{times.when(visit.began_at)} · {grid.template_title(visit.template, reader.language)}",
        "under": _(
            "Signed by %(name)s, %(when)s, version %(number)s",
            **{"name": signer, "when": times.when(version.signed_at), "number": version.number},
        ),
        "digest": version.sha256,
        "blocks": [_block(code, part, sheet, reader) for code in elements for part in grid.grids(code, sheet, reader)],
    }


def _block(element: str, part: Grid, sheet: Sheet, reader: Reader) -> dict[str, Any]:
    def text(cell: Cell | None) -> str:
        return wording.shown(cell.place, sheet[cell.place], reader.notation, reader.language) if cell else ""

    number = f" {part.n}" if part.n > 1 else ""
    facts = [(head, f"{text(cell)} {unit}".strip()) for head, unit, cell in part.facts]
    drawings = sorted(part.drawings, key=_right_first)
    drawn = [(grid.eye(cell.place.side, reader.notation), text(cell)) for cell in drawings]
    return {
        "title": grid.title(element, reader.language) + number,
        "heads": [f"{one.head} {one.unit}".strip() for one in part.columns] if part.lines else [],
        "rows": [[f"{line.head} {line.unit}".strip(), *map(text, line.cells)] for line in part.lines],
        "facts": [*facts, *drawn],
        "origin": part.mark.words if part.mark else "",
    }


def _right_first(cell: Cell) -> bool:
    return cell.place.side is not Side.RIGHT


def _prescription(shown: Shown) -> dict[str, Any]:
    language, words = current_language(), tables.table("paper")["words"]
    sheets = printing.sheets(shown, language, current_frame().notation)
    return {
        "head": f"{printing.day(shown.row.written_on, language)} · {words[f'title_{shown.row.kind}'][language]}",
        "under": _under(shown, words, language),
        "digest": shown.row.sha256,
        "blocks": [_sheet(one) for one in sheets] + [_line(one) for one in printing.lines(shown, language)],
    }


def _under(shown: Shown, words: Mapping[str, Mapping[str, str]], language: str) -> str:
    ended = words["ended"][language] if shown.state.value != "in_force" else ""
    until = f"{words['valid'][language]} {printing.day(shown.last_day, language)}" if shown.last_day else ""
    return " · ".join(part for part in (shown.row.prescriber_name, until, ended) if part)


def _sheet(sheet: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": "", "heads": sheet["heads"][1:], "rows": sheet["rows"], "facts": [], "origin": ""}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    facts = [*line["facts"], *([("", line["more"])] if line["more"] else [])]
    return {"title": line["head"], "heads": [], "rows": [], "facts": facts, "origin": ""}
