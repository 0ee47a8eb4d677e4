"""Everything that was changed about a person, and taking a change back."""

from collections.abc import Iterable

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries, services, wording
from cloud.people.choices import LabelKind
from cloud.people.errors import NotUndoable
from cloud.people.models import Change, Merge
from cloud.people.pages.blueprint import bp
from cloud.people.pages.chart import around, back

PAGE = 100


@bp.get("/patients/<int:patient_id>/history")
@needs(May.SEE_CHANGES)
def history(patient_id: int) -> ResponseReturnValue:
    """Changes, the newest first, and merges."""
    page = around(patient_id, "history")
    before = request.args.get("before", type=int)
    found = queries.changes(db(), patient_id, me().roles, before=before, limit=PAGE)
    merges = queries.merges(db(), patient_id)
    staff = {one.by for one in found} | {who for one in merges for who in (one.by, one.undone_by)}
    return render_template(
        "people/history.html",
        **page,
        found=found,
        undone=queries.undone(db(), found),
        undoable=services.undoable,
        merges=merges,
        numbers={one.id: one.record_number for one in queries.named(db(), _merged(merges)).values()},
        names=accounts.names(db(), {one for one in staff if one}),
        kinds=wording.kinds(),
        people=queries.named(db(), _told_of(found)),
        labelled=queries.labels(db()) | queries.labels(db(), LabelKind.CLASS),
        older=found[-1].id if len(found) == PAGE else None,
    )


def _told_of(found: Iterable[Change]) -> set[int]:
    """People at either end of links the changes speak of."""
    ties = (one.after for one in found if one.kind == "tie" and isinstance(one.after, dict))
    return {tie[end] for tie in ties for end in ("from_id", "to_id") if end in tie}


def _merged(merges: Iterable[Merge]) -> set[int]:
    return {which for one in merges for which in (one.survivor_id, one.absorbed_id)}


@bp.post("/patients/<int:patient_id>/history/<int:change_id>/undo")
@needs(May.SEE_CHANGES, May.EDIT_PATIENTS)
def undo(patient_id: int, change_id: int) -> ResponseReturnValue:
    """Take one change back, unless something written since would be lost."""
    if change_id not in _visible(patient_id, change_id):
        return back("history", patient_id)
    try:
        services.undo(
            db(), patient_id, change_id, by=me().staff_id, why=request.form.get("why", "").strip()[:500] or None
        )
    except NotUndoable as refusal:
        fields = ", ".join(wording.fields().get(name, name) for name in refusal.fields)
        words = _("%(fields)s was changed again since, so nothing was taken back. Edit it by hand.", fields=fields)
        flash(words, "warning")
    return back("history", patient_id)


def _visible(patient_id: int, change_id: int) -> set[int]:
    return {one.id for one in queries.changes(db(), patient_id, me().roles, before=change_id + 1, limit=1)}
