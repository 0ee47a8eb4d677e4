"""The examination page: it shows the draft, takes what is typed a moment later, and signs."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts import services as signatures
from cloud.accounts.choices import May
from cloud.accounts.errors import SignInRefused, TooManyAttempts
from cloud.accounts.gate import db, engine, me, needs
from cloud.clinic import checks, drafting, page, places, proposals, queries, signing
from cloud.clinic.catalogue import registry
from cloud.clinic.choices import Amending, Quality, Side
from cloud.clinic.drafting import Change
from cloud.clinic.errors import (
    AlreadyOpen,
    Locked,
    NoSuchProposal,
    NotAcceptable,
    NothingToSign,
    NotSigned,
    NotYours,
    SecondPersonNeeded,
    UnknownPlace,
    Unsignable,
)
from cloud.clinic.models import Encounter
from cloud.clinic.signing import Why
from cloud.clinic.views.door import bp
from cloud.people import queries as people

MOST_CHANGES = 500


@bp.errorhandler(NotYours)
def _somebody_elses(refusal: NotYours) -> ResponseReturnValue:
    name = accounts.names(db(), {refusal.who}).get(refusal.who, "")
    words = _("%(name)s is writing this examination. What you typed was not saved.", name=name)
    return {"who": name, "words": words}, 409


@bp.errorhandler(Locked)
def _locked(_refusal: Locked) -> ResponseReturnValue:
    words = _("This examination is signed. Open an amendment to change it; what you typed was not saved.")
    return {"words": words}, 423


@bp.errorhandler(NoSuchProposal)
def _gone(_refusal: NoSuchProposal) -> ResponseReturnValue:
    return {"words": _("This reading has been dealt with already, or was assigned to somebody else.")}, 409


@bp.errorhandler(NotAcceptable)
def _doubtful(refusal: NotAcceptable) -> ResponseReturnValue:
    words = " ".join(one.words for one in refusal.doubts) or _("This reading has no value that could stand here.")
    return {"words": words}, 422


@bp.post("/patients/<int:patient_id>/examinations")
@needs(May.WRITE_RECORD)
def begin(patient_id: int) -> ResponseReturnValue:
    """Begin an examination, or go on with one's own that is open for this patient."""
    store, template = me().store, registry.templates().get(request.values.get("template", ""))
    if store is None or template is None:
        abort(422)
    ids = people.ids_of(db(), patient_id)
    mine = [visit for _draft, visit in queries.drafts_of(db(), me().staff_id)]
    same = [one for one in mine if one.patient_id in ids and one.template == template.code]
    visit = (
        same[0]
        if same
        else drafting.begin(db(), patient_id=patient_id, template=template, store_id=store.id, by=me().staff_id)
    )
    return redirect(url_for(".exam", encounter_id=visit.id), 303)


@bp.get("/examinations/<int:encounter_id>/write")
@needs(May.SEE_RECORD, May.WRITE_RECORD)
def exam(encounter_id: int) -> ResponseReturnValue:
    """The page on which an examination is written."""
    visit = queries.visit(db(), encounter_id)
    if visit.draft is None:
        return redirect(url_for(".record", encounter_id=encounter_id), 303)
    drafting.here(db(), patient_id=visit.encounter.patient_id, by=me().staff_id)
    return render_template("clinic/exam.html", **page.of(db(), visit, me()))


@bp.put("/examinations/<int:encounter_id>/entries")
@needs(May.WRITE_RECORD)
def save(encounter_id: int) -> ResponseReturnValue:
    """Keep what was typed since the last time; answers with how the record stands now."""
    drafting.save(db(), encounter_id=encounter_id, changes=_changes(), by=me().staff_id)
    return _state(encounter_id)


def _changes() -> list[Change]:
    sent = request.get_json()
    try:
        found = [_change(one) for one in sent["changes"]]
    except (KeyError, TypeError, ValueError, UnknownPlace):
        abort(422)
    if len(found) > MOST_CHANGES:
        abort(422)
    return found


def _change(sent: dict[str, Any]) -> Change:
    entered, confirm = sent.get("entered", ""), sent.get("confirm", False)
    if not isinstance(entered, str) or not isinstance(confirm, bool) or len(entered) > 60_000:
        raise TypeError(entered)
    return Change(places.read(sent["place"]), entered, Quality(sent.get("quality", "ok")), confirm)


def _state(encounter_id: int) -> Response:
    answer = Response(page.state(db(), queries.visit(db(), encounter_id)), mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/examinations/<int:encounter_id>/state")
@needs(May.SEE_RECORD, May.WRITE_RECORD)
def state(encounter_id: int) -> ResponseReturnValue:
    """How the draft stands."""
    return _state(encounter_id)


@bp.get("/examinations/<int:encounter_id>/elements/<element>")
@needs(May.SEE_RECORD, May.WRITE_RECORD)
def element_part(encounter_id: int, element: str) -> ResponseReturnValue:
    """An element that the template did not ask for."""
    visit = queries.visit(db(), encounter_id)
    try:
        found = page.part(db(), visit, element)
    except registry.NoSuchElement:
        abort(404)
    return render_template("clinic/element_part.html", visit=visit, may_prescribe=May.PRESCRIBE in me().may, **found)


@bp.post("/examinations/<int:encounter_id>/elements/<element>/<act>")
@needs(May.WRITE_RECORD)
def act_on(encounter_id: int, element: str, act: str) -> ResponseReturnValue:
    """All normal, copy from last time, or clear one of several."""
    if element not in registry.elements():
        abort(404)
    if act == "normals":
        drafting.normals(db(), encounter_id=encounter_id, element=element, by=me().staff_id)
    elif act == "pull":
        drafting.pull_forward(db(), encounter_id=encounter_id, element=element, by=me().staff_id)
    elif act == "clear":
        n = request.args.get("n", 1, type=int)
        drafting.clear(db(), encounter_id=encounter_id, element=element, n=n, by=me().staff_id)
    else:
        abort(404)
    return _state(encounter_id)


@bp.post("/examinations/<int:encounter_id>/undo")
@needs(May.WRITE_RECORD)
def undo(encounter_id: int) -> ResponseReturnValue:
    """Take back the last batch: normals, copies, a cleared element, accepted readings."""
    proposals.undo(db(), encounter_id=encounter_id, by=me().staff_id)
    return _state(encounter_id)


@bp.get("/examinations/<int:encounter_id>/proposals")
@needs(May.SEE_RECORD, May.SEE_READINGS)
def proposals_part(encounter_id: int) -> ResponseReturnValue:
    """The readings that wait beside the examination; drawn again whenever one arrives."""
    visit = queries.visit(db(), encounter_id)
    return render_template("clinic/proposals_part.html", **page.proposals_of(db(), visit, me()))


@bp.post("/examinations/<int:encounter_id>/proposals/<uuid:reading_id>/accept")
@needs(May.WRITE_RECORD, May.ACCEPT_READINGS)
def accept(encounter_id: int, reading_id: UUID) -> ResponseReturnValue:
    """Take a reading's values into the record."""
    side = request.args.get("side", "")
    proposals.accept(
        db(),
        encounter_id=encounter_id,
        reading_id=reading_id,
        by=me().staff_id,
        sides=Side(side) if side in ("R", "L") else None,
        swap_eyes=request.args.get("swap") == "1",
        reason=_reason(),
    )
    return _state(encounter_id)


def _reason() -> str | None:
    said = (request.get_json(silent=True) or {}).get("reason")
    return said.strip()[:500] or None if isinstance(said, str) else None


@bp.post("/examinations/<int:encounter_id>/proposals/accept")
@needs(May.WRITE_RECORD, May.ACCEPT_READINGS)
def accept_all(encounter_id: int) -> ResponseReturnValue:
    """Take every reading that nothing speaks against."""
    proposals.accept_all(db(), encounter_id=encounter_id, by=me().staff_id)
    return _state(encounter_id)


@bp.post("/examinations/<int:encounter_id>/proposals/<uuid:reading_id>/reject")
@needs(May.WRITE_RECORD, May.ACCEPT_READINGS)
def reject(encounter_id: int, reading_id: UUID) -> ResponseReturnValue:
    """Leave a reading out, with the reason kept beside it."""
    reason = _reason()
    if reason is None:
        abort(422)
    proposals.reject(db(), encounter_id=encounter_id, reading_id=reading_id, by=me().staff_id, reason=reason)
    return _state(encounter_id)


@bp.get("/examinations/<int:encounter_id>/sign")
@needs(May.SIGN_RECORD)
def sign_sheet(encounter_id: int) -> ResponseReturnValue:
    """What signing would say, and what stands in its way."""
    return _sign_sheet(encounter_id)


def _sign_sheet(encounter_id: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    visit = queries.visit(db(), encounter_id)
    if visit.draft is None:
        raise Locked(encounter_id)
    found = checks.findings(db(), visit.encounter, queries.drafted(db(), visit.draft.id))
    return (
        render_template(
            "clinic/sign_sheet.html",
            visit=visit,
            findings=found,
            patient=people.patient(db(), visit.encounter.patient_id),
            amending=visit.draft.amends is not None,
            amending_words=_amending_words(),
            error=error,
            given=request.form,
            person=me(),
        ),
        status,
    )


def _amending_words() -> list[tuple[str, str]]:
    words = {
        Amending.TYPING: _("A slip in typing"),
        Amending.WRONG_EYE: _("Right and left were exchanged"),
        Amending.LATE_RESULT: _("A result came later"),
        Amending.ADDED: _("Something was left out"),
        Amending.CLINICAL: _("Seen differently on review"),
        Amending.OTHER: _("Something else"),
    }
    return [("", ""), *((code.value, str(said)) for code, said in words.items())]


@bp.post("/examinations/<int:encounter_id>/sign")
@needs(May.SIGN_RECORD)
def sign(encounter_id: int) -> ResponseReturnValue:
    """Sign, confirmed by one's password."""
    reasons = {key.removeprefix("reason-"): text for key, text in request.form.items() if key.startswith("reason-")}
    try:
        signatures.confirm(engine(), me().tenant_id, me().staff_id, request.form.get("password", ""))
        signing.sign(db(), encounter_id=encounter_id, by=me().staff_id, reasons=reasons, why=_why())
    except SignInRefused:
        return _sign_sheet(encounter_id, _("That is not your password. Nothing was signed; try again."), 422)
    except TooManyAttempts:
        words = _("Too many wrong passwords. Nothing was signed; the draft is safe. Try again in a quarter of an hour.")
        return _sign_sheet(encounter_id, words, 422)
    except Unsignable:
        return _sign_sheet(encounter_id, _("Answer what is marked below. Nothing was signed yet."), 422)
    except NothingToSign:
        words = _("Nothing has been recorded, or nothing was changed. There is nothing to sign.")
        return _sign_sheet(encounter_id, words, 422)
    target = url_for(".record", encounter_id=encounter_id)
    return Response(status=204, headers={"HX-Redirect": target}) if _by_htmx() else redirect(target, 303)


def _by_htmx() -> bool:
    return "HX-Request" in request.headers


def _why() -> Why | None:
    code, words = request.form.get("why_code", ""), request.form.get("why", "").strip()
    return Why(Amending(code).value, words[:500]) if code in set(Amending) and words else None


@bp.post("/examinations/<int:encounter_id>/amend")
@needs(May.SIGN_RECORD)
def amend(encounter_id: int) -> ResponseReturnValue:
    """Open an amendment of a signed record."""
    try:
        drafting.amend(db(), encounter_id=encounter_id, by=me().staff_id)
    except AlreadyOpen:
        flash(_("An amendment is open already; here it is."), "warning")
    except NotSigned:
        return _back(encounter_id, _("Only a signed record can be amended. Nothing was changed."))
    return redirect(url_for(".exam", encounter_id=encounter_id), 303)


@bp.post("/examinations/<int:encounter_id>/retract")
@needs(May.SIGN_RECORD)
def retract(encounter_id: int) -> ResponseReturnValue:
    """Declare a signed record entered in error, with a second person's word."""
    try:
        second = _second()
        why = _why()
        if why is None:
            raise SecondPersonNeeded
        signing.retract(db(), encounter_id=encounter_id, by=me().staff_id, second=second, why=why)
    except (SignInRefused, TooManyAttempts, SecondPersonNeeded):
        words = _("A second clinician must confirm with their own password, and a reason is needed. Nothing changed.")
        return _back(encounter_id, words)
    except NotSigned:
        return _back(encounter_id, _("Only a signed record can be retracted. Nothing was changed."))
    return redirect(url_for(".record", encounter_id=encounter_id), 303)


def _second() -> int:
    form = request.form
    tenant, staff = signatures.check_password(engine(), form.get("second_email", ""), form.get("second_password", ""))
    person = accounts.person(db(), staff, None) if tenant == me().tenant_id else None
    if person is None or May.SIGN_RECORD not in person.may:
        raise SecondPersonNeeded
    return staff


def _back(encounter_id: int, words: str) -> ResponseReturnValue:
    queries.encounter(db(), encounter_id)
    flash(words, "warning")
    return redirect(url_for(".record", encounter_id=encounter_id), 303)


@bp.post("/examinations/<int:encounter_id>/take-over")
@needs(May.WRITE_RECORD)
def take_over(encounter_id: int) -> ResponseReturnValue:
    """Go on with what a colleague began."""
    drafting.take_over(db(), encounter_id=encounter_id, by=me().staff_id)
    return redirect(url_for(".exam", encounter_id=encounter_id), 303)


@bp.post("/examinations/<int:encounter_id>/discard")
@needs(May.WRITE_RECORD)
def discard(encounter_id: int) -> ResponseReturnValue:
    """Give up what was begun, with a reason."""
    why, visit = request.form.get("reason", "").strip(), queries.encounter(db(), encounter_id)
    if not why:
        abort(422)
    drafting.discard(db(), encounter_id=encounter_id, by=me().staff_id, why=why[:500])
    return redirect(_after(visit), 303)


def _after(visit: Encounter) -> str:
    return url_for(".examinations", patient_id=visit.patient_id)


@bp.post("/patients/<int:patient_id>/here")
@needs(May.SEE_RECORD)
def here(patient_id: int) -> ResponseReturnValue:
    """This chart is open; answers with who else has it open."""
    people.patient(db(), patient_id)
    drafting.here(db(), patient_id=patient_id, by=me().staff_id)
    others = accounts.names(db(), set(queries.present(db(), patient_id, me().staff_id)))
    return {"others": sorted(others.values())}


@bp.get("/codes/<system>")
@needs(May.WRITE_RECORD)
def codes(system: str) -> ResponseReturnValue:
    """Rows of a code list that match what is typed."""
    try:
        found = registry.find_codes(system, request.args.get("q", ""), 12)
    except registry.NoSuchElement:
        abort(404)
    return {"found": [{"code": f"{system}:{row.code}", "words": page.words(row.title)} for row in found]}
