"""Copying another practice's prescription: nothing counts before it was typed twice or looked at by a second person."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.prescriptions import door, queries, services, tables, writing
from cloud.prescriptions.choices import Kind, Origin
from cloud.prescriptions.errors import DraftEnded, NoSuchDraft, NotIssuable
from cloud.prescriptions.models import Draft
from cloud.web.languages import current_language

# What must agree is what is dispensed; notes and reasons are not typed again.
NOT_AGAIN = ("notes_lab", "notes_patient", "form", "jurisdiction", "valid_until", "dispense_until")


@needs(May.PRESCRIBE)
def second(key: UUID) -> ResponseReturnValue:
    """For whoever typed it an empty form to type again; for anyone else what was typed, to compare with the paper."""
    return _page(_copied(key))


@needs(May.PRESCRIBE)
def agree(key: UUID) -> ResponseReturnValue:
    """File it when both agree; otherwise say which fields differ, and file nothing."""
    kept = _copied(key, to_write=True)
    mine = kept.author_id == me().staff_id
    differing = _differing(kept) if mine else {}
    looked = writing.look(door.chart(kept.patient_id)["patient"], Kind(kept.kind), Origin.OUTSIDE, kept.entered)
    try:
        if differing or looked["errors"]:
            raise NotIssuable
        args = (looked["written"], looked["findings"], looked["reasons"])
        row = services.issue(db(), kept, *args, by=kept.author_id, second=None if mine else me().staff_id)
    except NotIssuable:
        return _page(kept, differing), 422
    return redirect(url_for(".prescription", prescription_id=row.id), 303)


def _copied(key: UUID, *, to_write: bool = False) -> Draft:
    kept = queries.draft(db(), key, me().staff_id, to_write=to_write)
    if kept.origin != Origin.OUTSIDE:
        raise NoSuchDraft(key)
    if kept.ended_at is not None:
        raise DraftEnded(key)
    return kept


def _differing(kept: Draft) -> dict[str, str]:
    """Fields whose two values are not the same, read as values: ``-1.5`` and ``-1.50`` agree."""
    now, kind = writing.typed(), Kind(kept.kind)
    page = door.chart(kept.patient_id)
    first, again = (writing.look(page["patient"], kind, Origin.OUTSIDE, one) for one in (kept.entered, now))
    if not again["errors"] and _told(first) == _told(again):
        return {}
    names = [name for name in {*kept.entered, *now} if name not in NOT_AGAIN and not name.startswith(writing.WHY)]
    said = _("First %(first)s, now %(now)s.")
    pairs = {name: (kept.entered.get(name, "").strip() or "–", now.get(name, "").strip() or "–") for name in names}
    differing: dict[str, str] = again["errors"]
    return differing | {n: said % {"first": one, "now": two} for n, (one, two) in pairs.items() if one != two}


def _told(looked: dict[str, Any]) -> Any:
    written = looked["written"]
    head = {name: getattr(written.head, name) for name in written.head.__struct_fields__ if name not in NOT_AGAIN}
    return head, written.eyes, written.lenses, written.medicines


def _page(kept: Draft, differing: dict[str, str] | None = None) -> str:
    page, language = door.chart(kept.patient_id), current_language()
    looked = writing.look(page["patient"], Kind(kept.kind), Origin.OUTSIDE, kept.entered)
    mine, first = kept.author_id == me().staff_id, kept.entered
    lists = {group: tables.options(group, language) for group in writing.GROUPS}
    more = {"kept": kept, "mine": mine, "first": first, "kind": kept.kind, "differing": differing or {}, "lists": lists}
    more |= {"jurisdictions": tables.jurisdictions(language), "origin": Origin.OUTSIDE, "saved_at": None}
    more |= {"author": accounts.names(db(), {kept.author_id})[kept.author_id]}
    looked |= {"entered": dict(request.form) if mine else first, "errors": differing or looked["errors"]}
    return render_template("prescriptions/second.html", **page | looked | more)
