"""Pages of letters: a store's, a patient's, one of them; how a store writes; and patients' telephones side by side."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import default_exceptions

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel import audit
from cloud.kernel.clock import local, now
from cloud.messages import answering, listing, making, office, queries, services, standing, wording
from cloud.messages.choices import Channel
from cloud.messages.errors import NoSuchLetter, NotAgain
from cloud.messages.forms import MannerForm
from cloud.messages.listing import SHELVES, Asked
from cloud.messages.models import Letter
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.web.error_pages import refused

bp = Blueprint("messages", __name__, template_folder="templates")
ANSWERS = "emmetra.messages.answers"
FOUND = 50


def install(app: Any, deed: answering.Deed) -> None:
    """What is done with an answer about something of a room above."""
    app.extensions[ANSWERS] = deed


def _missing(_refusal: Exception) -> ResponseReturnValue:
    return refused(default_exceptions[404]())


for _unknown in (NoSuchLetter, NoSuchPatient):
    bp.register_error_handler(_unknown, _missing)


@bp.get("/messages")
@needs(May.SEE_MESSAGES)
def letters() -> ResponseReturnValue:
    """A store's letters, newest first."""
    return render_template("messages/letters.html", **_listed())


@bp.get("/messages/part")
@needs(May.SEE_MESSAGES)
def letters_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("messages/letters_part.html", **_listed())


@bp.get("/messages/<int:letter_id>")
@needs(May.SEE_MESSAGES)
def letter(letter_id: int) -> ResponseReturnValue:
    """One letter: its words without its secrets, and what was decided about it."""
    one = queries.letter(db(), letter_id)
    audit.note(db(), by=me().staff_id, verb="looked", kind="letter", subject=one.id, patient=one.patient_id)
    made = making.page(one, standing.manner(db(), one.store_id), "", making.masked(one))
    done = listing.steps(db(), one.id)
    told: dict[str, Any] = {"steps": done, "files": listing.files(db(), one.id)}
    told |= {"replies": listing.replies(db(), one.id)}
    told |= {"names": accounts.names(db(), {step.by for step in done if step.by}), "again": services.may_again(one)}
    return render_template("messages/letter.html", one=one, made=made, **told, **_around([one]))


@bp.post("/messages/<int:letter_id>/again")
@needs(May.SEE_MESSAGES)
def again(letter_id: int) -> ResponseReturnValue:
    """Send a letter once more that was not sent."""
    try:
        services.send_again(db(), letter_id, by=me().staff_id)
        flash(_("It is sent again within seconds."), "good")
    except NotAgain:
        flash(_("This letter cannot be sent again: it has been sent, or its time is over."), "warning")
    return redirect(url_for(".letter", letter_id=letter_id), 303)


@bp.get("/patients/<int:patient_id>/messages")
@needs(May.SEE_MESSAGES, May.SEE_PATIENTS)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """A patient's letters."""
    audit.note(db(), by=me().staff_id, verb="looked", kind="patient", subject=patient_id, page="messages")
    return render_template("messages/patient.html", **_of_patient(patient_id))


@bp.get("/patients/<int:patient_id>/messages/part")
@needs(May.SEE_MESSAGES, May.SEE_PATIENTS)
def of_patient_part(patient_id: int) -> ResponseReturnValue:
    """The living part of it."""
    return render_template("messages/patient_part.html", **_of_patient(patient_id))


@bp.get("/messages/manner")
@needs(May.SEE_MESSAGES, May.PLAN)
def manner() -> ResponseReturnValue:
    """How the store one works in writes."""
    return _manner(MannerForm.of(queries.setting(db(), _store_id())))


@bp.post("/messages/manner")
@needs(May.SEE_MESSAGES, May.PLAN)
def set_manner() -> ResponseReturnValue:
    """Change it."""
    form, store_id = MannerForm.read(request.form), _store_id()
    if form.errors:
        return _manner(form), 422
    services.set_manner(db(), store_id, by=me().staff_id, **form.values)
    flash(_("Saved. Letters that are sent from now on heed it."), "good")
    return redirect(url_for(".manner"), 303)


@bp.get("/messages/phones")
@needs(May.SEE_MESSAGES)
def phones() -> ResponseReturnValue:
    """What lies on patients' telephones, where nobody sends it to real ones."""
    audit.note(db(), by=me().staff_id, verb="looked", kind="phones", subject=_store_id())
    return render_template("messages/phones.html", **_phones())


@bp.get("/messages/phones/part")
@needs(May.SEE_MESSAGES)
def phones_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("messages/phones_part.html", **_phones())


@bp.post("/messages/phones")
@needs(May.SEE_MESSAGES)
def answer() -> ResponseReturnValue:
    """Answer from one of the telephones, as the patient would."""
    _phones_are_here()
    number, body = request.form.get("number", "").strip(), request.form.get("body", "").strip()
    if not body or not number or "\0" in number + body:
        flash(_("Write something first; nothing was sent."), "warning")
    else:
        deed = current_app.extensions[ANSWERS]
        reply = answering.hear(db(), Channel.PHONE, number, body, deed, by=me().staff_id)
        flash(wording.outcomes()[reply.outcome], "good")
    return redirect(url_for(".phones"), 303)


def _store_id() -> int | None:
    store = me().store
    return store.id if store else None


def _listed() -> dict[str, Any]:
    words = request.args.get("q", "").strip()[:100]
    found = tuple(one.id for one in people.search(db(), words, FOUND)) if words else None
    shelf = request.args.get("shelf", "all")
    asked = Asked(_store_id(), shelf if shelf in SHELVES else "all", found, request.args.get("about"))
    numbers = {name: request.args.get(name, type=int) for name in ("before", "after")}
    page = listing.page(db(), asked, **numbers)
    kept: dict[str, Any] = {"q": words or None, "shelf": asked.shelf, "about": asked.about}
    return {
        "letters": page.letters,
        "older": url_for(".letters", before=page.older, **kept) if page.older else "",
        "newer": url_for(".letters", after=page.newer, **kept) if page.newer else "",
        **{"asked": asked, "words": words, "counts": listing.counts(db(), asked), "shelves": wording.shelves()},
        **{"phones_here": _keeps(), "may_set": May.PLAN in me().may},
        **_around(page.letters),
    }


def _of_patient(patient_id: int) -> dict[str, Any]:
    patient = people.patient(db(), patient_id)
    found = listing.of_patient(db(), people.ids_of(db(), patient_id))
    store = me().store
    today = local(now(), store.zone if store else "UTC").date()
    banner = people.banner(db(), patient, me().roles)
    return {"patient": patient, "banner": banner, "today": today, "letters": found, **_around(found)}


def _around(found: Iterable[Letter]) -> dict[str, Any]:
    """What rows of letters are shown with."""
    some = list(found)
    return {
        "patients": people.named(db(), {one.patient_id for one in some if one.patient_id}),
        **{"states": wording.states(), "reasons": wording.reasons(), "templates": wording.templates()},
        **{"channels": wording.channels(), "purposes": wording.purposes(), "deeds": wording.steps()},
        **{"outcomes": wording.outcomes(), "meanings": wording.meanings()},
    }


def _manner(form: MannerForm) -> str:
    standing_ = standing.manner(db(), _store_id())
    return render_template("messages/manner.html", form=form, usual=standing_.sender, zone=standing_.quiet.zone)


def _keeps() -> bool:
    return office.here(db()).keeps(accounts.chain_slug(db()))


def _phones_are_here() -> None:
    """Only chains that play have such a page: elsewhere a code on it would be somebody's. 404 otherwise."""
    if not _keeps():
        abort(404)


def _phones() -> dict[str, Any]:
    _phones_are_here()
    return {"phones": listing.phones(db(), _store_id()), "outcomes": wording.outcomes()}
