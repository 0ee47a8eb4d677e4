"""Records that may be one person: the list, two held side by side, merging and undoing it."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries, services, wording
from cloud.people.choices import LabelKind
from cloud.people.errors import NotUndoable
from cloud.people.forms import REASON, PersonForm
from cloud.people.models import Merge, Patient
from cloud.people.pages.blueprint import bp
from cloud.people.queries import Pair


@bp.get("/patients/duplicates")
@needs(May.MERGE_PATIENTS)
def duplicates() -> ResponseReturnValue:
    """Likely duplicates of the chain, and the latest merges."""
    merges = queries.recent_merges(db())
    return render_template(
        "people/duplicates.html",
        pairs=queries.pairs(db()),
        reasons=wording.reasons(),
        merges=merges,
        people=queries.named(db(), _taking_part(merges)),
        names=accounts.names(
            db(), {one.by for one in merges if one.by} | {one.undone_by for one in merges if one.undone_by}
        ),
    )


def _taking_part(merges: Iterable[Merge]) -> set[int]:
    return {which for one in merges for which in (one.survivor_id, one.absorbed_id)}


@bp.post("/patients/duplicates/apart")
@needs(May.MERGE_PATIENTS)
def keep_apart() -> ResponseReturnValue:
    """Two records are two people, and are not proposed again."""
    services.part(db(), *_two(request.values), by=me().staff_id)
    return redirect(url_for("people.duplicates"), 303)


@bp.get("/patients/merge")
@needs(May.MERGE_PATIENTS)
def compare() -> ResponseReturnValue:
    """Two records side by side, field by field; ``keep`` says which stays open."""
    return _page(PersonForm.of(REASON, {}))


@bp.post("/patients/merge")
@needs(May.MERGE_PATIENTS)
def merge() -> ResponseReturnValue:
    """Merge them, with a reason."""
    form = PersonForm.parse(REASON, request.form)
    one, other = _two(request.values)
    queries.pair(db(), one, other)
    if form.errors:
        return _page(form), 422
    take = {name for name in services.COMPARED if request.form.get(name) == "absorbed"}
    made = services.merge(db(), one, other, take=take, reason=form.values["reason"], by=me().staff_id)
    flash(_("The two records are one now. This can be undone here as long as nothing is overwritten."), "good")
    return redirect(url_for("people.details", patient_id=made.survivor_id), 303)


@bp.post("/patients/merges/<int:merge_id>/undo")
@needs(May.MERGE_PATIENTS)
def unmerge(merge_id: int) -> ResponseReturnValue:
    """Two records again, unless something written since would be overwritten."""
    reason = request.form.get("reason", "").strip()[:500] or _("Two people after all")
    try:
        services.unmerge(db(), merge_id, reason=str(reason), by=me().staff_id)
    except NotUndoable as refusal:
        flash(_why_not(refusal), "warning")
    else:
        flash(_("Two records again, each as it was before the merge."), "good")
    return redirect(url_for("people.duplicates", _anchor="merges"), 303)


def _why_not(refusal: NotUndoable) -> str:
    if not refusal.fields:
        return str(_("This merge was undone already."))
    if "merged_into" in refusal.fields:
        return str(_("One of the records was merged again since. Undo that merge first; nothing was changed."))
    fields = ", ".join(wording.fields().get(name, name) for name in refusal.fields)
    return str(
        _("Changed since the merge: %(fields)s. Undoing would lose that, so nothing was changed.", fields=fields)
    )


def _two(asked: Any) -> tuple[int, int]:
    one, other = asked.get("survivor", type=int), asked.get("absorbed", type=int)
    if one is None or other is None or one == other:
        abort(400)
    return one, other


def _page(form: PersonForm) -> str:
    one, other = _two(request.values)
    pair = queries.pair(db(), one, other)
    survivor, absorbed = (pair.one, pair.other) if pair.one.id == one else (pair.other, pair.one)
    if survivor.merged_into or absorbed.merged_into:
        abort(409)
    return render_template(
        "people/merge.html",
        survivor=survivor,
        absorbed=absorbed,
        likeness=pair.likeness,
        reasons=wording.reasons(),
        rows=_rows(survivor, absorbed),
        form=form,
        labels=wording.fields(),
        belongings=_belongings(pair),
    )


def _rows(survivor: Patient, absorbed: Patient) -> list[dict[str, Any]]:
    """Every field in which at least one has something, with what is proposed."""
    rows = []
    for name in services.COMPARED:
        ours, theirs = getattr(survivor, name), getattr(absorbed, name)
        if ours not in (None, "") or theirs not in (None, ""):
            words = tuple(_said(name, value) for value in (ours, theirs))
            fills = ours in (None, "") and theirs not in (None, "")
            rows.append({"name": name, "words": words, "differs": ours != theirs, "take": fills})
    return rows


def _said(name: str, value: Any) -> Any:
    if name == "class_id" and value:
        return queries.labels(db(), LabelKind.CLASS).get(value)
    if name == "home_store_id" and value:
        return accounts.store(db(), value).name
    return wording.value(name, value)


def _belongings(pair: Pair) -> dict[int, list[str]]:
    """How either is reached, which tells two people apart better than a name."""
    return {one.id: [contact.value for contact in queries.contacts(db(), one.id)] for one in (pair.one, pair.other)}
