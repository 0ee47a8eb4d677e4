"""Looking at prescriptions: the list with its history, one, and two side by side."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.prescriptions import canonical, derived, door, queries, tables
from cloud.prescriptions.queries import Shown
from cloud.web.languages import current_language


@needs(May.SEE_RECORD)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """Everything ever prescribed to a patient, newest first, and one's own drafts."""
    page = door.chart(patient_id)
    found = queries.of_patient(db(), page["patient"].id, page["today"])
    drafts = queries.drafts(db(), page["patient"].id, me().staff_id)
    names = accounts.names(db(), {one.author_id for one in drafts} | {o.ending.by for o in found if o.ending})
    sheets = {one.id: (door.eyes(one), door.drugs(one)) for one in found}
    page |= {"found": found, "drafts": drafts, "names": names, "sheets": sheets, "may_write": _may_write()}
    return render_template("prescriptions/list.html", **page)


@needs(May.SEE_RECORD)
def prescription(prescription_id: int) -> ResponseReturnValue:
    """One prescription with everything that happened to it."""
    return render_template("prescriptions/prescription.html", **one_page(prescription_id))


def one_page(prescription_id: int) -> dict[str, Any]:
    """What the page of one prescription shows."""
    shown = queries.one(db(), prescription_id, door.today())
    page = door.chart(shown.row.patient_id)
    releases, proofs = queries.releases(db(), prescription_id), queries.proofs(db(), prescription_id)
    staff = {one.by for one in releases} | {one.by for one in proofs} | {shown.row.signed_by, shown.row.second_id or 0}
    staff |= {shown.ending.by} if shown.ending else set()
    return page | {
        **{"shown": shown, "row": shown.row, "eyes": door.eyes(shown), "drugs": door.drugs(shown)},
        **{"beside": derived.of(shown.written), "releases": releases, "proofs": proofs},
        **{"names": accounts.names(db(), staff), "is_true": queries.is_true(shown), "may_write": _may_write()},
        **{"fingerprint": canonical.short(shown.row.sha256)},
        **{"reasons": tables.options("end_reason", current_language()), "errors": {}},
        **{group: tables.options(group, current_language()) for group in ("handed", "release_form")},
        **{"paper": tables.table("validity")["paper"], "verified": tables.is_verified(shown.row.jurisdiction)},
    }


def _may_write() -> bool:
    return May.PRESCRIBE in me().may


@needs(May.SEE_RECORD)
def compare(patient_id: int) -> ResponseReturnValue:
    """Two of a patient's prescriptions side by side; the two newest of a kind where none are named."""
    page = door.chart(patient_id)
    found = queries.of_patient(db(), page["patient"].id, page["today"])
    pair = [_named(found, request.args.get(name)) for name in ("one", "other")] if "one" in request.args else found[:2]
    sheets = {one.id: (door.eyes(one), door.drugs(one)) for one in pair}
    more = {"found": found, "pair": pair, "sheets": sheets, "changed": _changed([sheets[one.id][0] for one in pair])}
    return render_template("prescriptions/compare.html", **page, **more)


def _changed(both: list[Any]) -> set[tuple[str, str]]:
    """Eye and heading of every cell that is not the same on both sides."""
    cells = [
        {
            ((row[0], head), cell)
            for sheet in sheets
            for row in sheet["rows"]
            for head, cell in pairs(sheet, row)
            if cell
        }
        for sheets in both
    ]
    return {place for place, _cell in cells[0] ^ cells[1]} if len(cells) == len(("one", "other")) else set()


def pairs(sheet: dict[str, Any], row: list[str]) -> list[tuple[str, str]]:
    """Headings and cells of a row, without the eye."""
    return list(zip(sheet["heads"][1:], row[1:], strict=True))


def _named(found: list[Shown], wanted: str | None) -> Shown:
    shown: Shown = next((one for one in found if str(one.id) == wanted), None) or abort(404)
    return shown
