"""Pages of the imports room: a file goes through its columns and a dry run before anybody is taken in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.imports import forms, queries, reports, services, wording
from cloud.imports.choices import BEFORE_WRITING, UNDOABLE, Field, State
from cloud.imports.errors import NoSuchImport, NotNow
from cloud.imports.forms import MappingForm
from cloud.imports.models import Batch
from cloud.web.error_pages import refused
from cloud.web.languages import current_language

bp = Blueprint("imports", __name__, template_folder="templates")
KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MAKE = {"csv": reports.separated, "xlsx": reports.workbook}


@bp.url_value_preprocessor
def _let_a_file_through(endpoint: str | None, _values: Any) -> None:
    """Before the form is read at all: a list of patients is larger than other forms, for whoever is signed in."""
    if endpoint == "imports.bring" and "staff_id" in session:
        request.max_content_length = current_app.config["IMPORT_BYTES"]


@bp.errorhandler(NoSuchImport)
def _not_there(_refusal: NoSuchImport) -> ResponseReturnValue:
    return refused(NotFound())


@bp.get("/patients/imports")
@needs(May.IMPORT_PATIENTS)
def imports() -> ResponseReturnValue:
    """Imports so far, and bringing another file."""
    return _listed()


def _listed(wrong: str = "", status: int = 200) -> ResponseReturnValue:
    found = queries.batches(db())
    whose = accounts.names(db(), {batch.asked_by for batch in found})
    most = format_decimal(current_app.config["IMPORT_ROWS"])
    page = render_template("imports/imports.html", batches=found, whose=whose, wording=wording, most=most, wrong=wrong)
    return page, status


@bp.post("/patients/imports")
@needs(May.IMPORT_PATIENTS)
def bring() -> ResponseReturnValue:
    """Keep a file; the worker reads it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _listed(_("Choose a file first."), 422)
    name = "".join(sign for sign in file.filename.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    about: dict[str, Any] = {"most": current_app.config["IMPORT_ROWS"], "by": me().staff_id}
    batch = services.bring(db(), file_name=name or "file", content=file.read(), **about)
    return _back_to(batch.id)


@bp.get("/patients/imports/template.<any(csv, xlsx):kind>")
@needs(May.IMPORT_PATIENTS)
def template(kind: str) -> ResponseReturnValue:
    """Our own headings with an example, to fill in."""
    return _file(MAKE[kind](reports.template(current_language())), kind, "patients")


@bp.get("/patients/imports/<int:batch_id>")
@needs(May.IMPORT_PATIENTS)
def batch(batch_id: int) -> ResponseReturnValue:
    """One import, wherever it is."""
    found = queries.batch(db(), batch_id)
    return render_template("imports/import.html", **_shown(found, MappingForm.of(found)))


@bp.get("/patients/imports/<int:batch_id>/part")
@needs(May.IMPORT_PATIENTS)
def part(batch_id: int) -> ResponseReturnValue:
    """What of the page changes as it goes on."""
    found = queries.batch(db(), batch_id)
    return render_template("imports/part.html", **_shown(found, MappingForm.of(found)))


def _shown(found: Batch, form: MappingForm) -> dict[str, Any]:
    language = current_language()
    return {
        "batch": found,
        "form": form,
        "busy": queries.busy(found),
        "fields": [(str(name), wording.field(name, language)) for name in Field],
        "wording": wording,
        "asks_order": forms.asked_order(found),
        "stores": [(one.id, one.name) for one in accounts.all_stores(db())],
        "names": accounts.names(db(), {one for one in (found.asked_by, found.accepted_by, found.undone_by) if one}),
        "verdicts": queries.verdicts(db(), found.id),
        "outcomes": queries.outcomes(db(), found.id),
        "wrong": [*queries.first(db(), found.id, "bad"), *queries.first(db(), found.id, "likely")],
        "kept": queries.kept(db(), found.id),
        "may_stop": found.state in (*BEFORE_WRITING, State.WRITING),
        "may_undo": found.state in UNDOABLE,
    }


@bp.post("/patients/imports/<int:batch_id>/columns")
@needs(May.IMPORT_PATIENTS)
def chart(batch_id: int) -> ResponseReturnValue:
    """Say what the columns hold, and try it out."""
    found = queries.batch(db(), batch_id)
    form = MappingForm.parse(request.form, found, {one.id for one in accounts.all_stores(db())})
    if form.errors:
        return render_template("imports/import.html", **_shown(found, form)), 422
    return _deed(batch_id, lambda: services.chart(db(), batch_id, form.mapping, form.options, by=me().staff_id))


@bp.post("/patients/imports/<int:batch_id>/accept")
@needs(May.IMPORT_PATIENTS)
def accept(batch_id: int) -> ResponseReturnValue:
    """Take the good rows in."""
    return _deed(batch_id, lambda: services.accept(db(), batch_id, by=me().staff_id))


@bp.post("/patients/imports/<int:batch_id>/back")
@needs(May.IMPORT_PATIENTS)
def back(batch_id: int) -> ResponseReturnValue:
    """Back to the columns."""
    return _deed(batch_id, lambda: services.remap(db(), batch_id, by=me().staff_id))


@bp.post("/patients/imports/<int:batch_id>/stop")
@needs(May.IMPORT_PATIENTS)
def stop(batch_id: int) -> ResponseReturnValue:
    """Stop or cancel it."""
    return _deed(batch_id, lambda: services.stop(db(), batch_id, by=me().staff_id))


@bp.post("/patients/imports/<int:batch_id>/undo")
@needs(May.IMPORT_PATIENTS)
def undo(batch_id: int) -> ResponseReturnValue:
    """Take everything back that it brought."""
    return _deed(batch_id, lambda: services.undo(db(), batch_id, by=me().staff_id))


@bp.get("/patients/imports/<int:batch_id>/wrong.<any(csv, xlsx):kind>")
@needs(May.IMPORT_PATIENTS)
def wrong(batch_id: int, kind: str) -> ResponseReturnValue:
    """Every row that was not taken in, with the reason."""
    found = queries.batch(db(), batch_id)
    rows = list(reports.wrong(db(), found))
    return _file(MAKE[kind](rows), kind, f"import-{batch_id}-not-taken-in")


def _deed(batch_id: int, do: Callable[[], object]) -> ResponseReturnValue:
    try:
        do()
    except NotNow:
        flash(_("This cannot be done now: the import has gone on meanwhile. Nothing was changed."), "warning")
    return _back_to(batch_id)


def _back_to(batch_id: int) -> ResponseReturnValue:
    return redirect(url_for(".batch", batch_id=batch_id), 303)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=KINDS[kind], headers=headers)
