"""How a person is reached, with whom they live, who answers for them."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import phones, queries, services, wording
from cloud.people.choices import ContactKind
from cloud.people.errors import NoSuchEntry, NoSuchPatient
from cloud.people.forms import CONTACT, TIE, PersonForm
from cloud.people.pages.blueprint import bp
from cloud.people.pages.chart import around, back

DEEDS = {"prefer": services.prefer_contact, "verify": services.verify_contact, "end": services.end_contact}
FOUND = 8


@bp.get("/patients/<int:patient_id>/family")
@needs(May.SEE_PATIENTS)
def family(patient_id: int) -> ResponseReturnValue:
    """Contact points, households and links; ``q`` looks for the other person of a new link."""
    return _page(patient_id, {})


def _page(patient_id: int, forms: dict[str, PersonForm], problem: str = "") -> str:
    words = request.values.get("q", "").strip()
    empty = {name: PersonForm.of(entries, {}) for name, entries in (("contact", CONTACT), ("tie", TIE))}
    page = around(patient_id, "family")
    found = queries.search(db(), words, limit=FOUND) if words and May.EDIT_PATIENTS in me().may else ()
    return render_template(
        "people/family.html",
        **page,
        forms=empty | forms,
        contacts=queries.contacts(db(), patient_id, ended=True),
        relatives=queries.relatives(db(), patient_id),
        homes=queries.households(db(), patient_id),
        q=words,
        candidates=[one for one in found if one.id != page["patient"].id],
        problem=problem,
        options={"kind": wording.contact_kinds()},
        ties=wording.ties,
    )


@bp.post("/patients/<int:patient_id>/contacts")
@needs(May.EDIT_PATIENTS)
def add_contact(patient_id: int) -> ResponseReturnValue:
    """Add a contact point."""
    form = PersonForm.parse(CONTACT, request.form)
    queries.patient(db(), patient_id)
    if not form.errors and not phones.fits(form.values["kind"], form.values["value"]):
        form.errors["value"] = _misfit(form.values["kind"])
    if form.errors:
        return _page(patient_id, {"contact": form}), 422
    services.add_contact(db(), patient_id, **form.values, by=me().staff_id)
    return back("family", patient_id, "contacts")


def _misfit(kind: str) -> str:
    if kind in phones.TELEPHONES:
        return str(_("A telephone number has 5 to 15 digits."))
    return str(_("Enter it as name@place.example.") if kind == ContactKind.EMAIL else _("This is needed."))


@bp.post("/patients/<int:patient_id>/contacts/<int:contact_id>/<deed>")
@needs(May.EDIT_PATIENTS)
def change_contact(patient_id: int, contact_id: int, deed: str) -> ResponseReturnValue:
    """Prefer, verify or end a contact point."""
    act = DEEDS.get(deed) or abort(404)
    act(db(), patient_id, contact_id, by=me().staff_id)
    return back("family", patient_id, "contacts")


@bp.post("/patients/<int:patient_id>/ties")
@needs(May.EDIT_PATIENTS)
def tie(patient_id: int) -> ResponseReturnValue:
    """Link to the person chosen among those found."""
    form = PersonForm.parse(TIE, request.form)
    queries.patient(db(), patient_id)
    problem = "" if (other := _other()) else _("Find the other person and choose them.")
    if form.errors or not other:
        return _page(patient_id, {"tie": form}, problem), 422
    try:
        services.tie(db(), patient_id, other, form.values.pop("kind"), **form.values, by=me().staff_id)
    except (NoSuchPatient, NoSuchEntry):
        return _page(patient_id, {"tie": form}, _("Nobody is linked to themselves. Choose another person.")), 422
    return back("family", patient_id, "ties")


def _other() -> int | None:
    chosen = request.form.get("other", "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None


@bp.post("/patients/<int:patient_id>/ties/<int:tie_id>/end")
@needs(May.EDIT_PATIENTS)
def untie(patient_id: int, tie_id: int) -> ResponseReturnValue:
    """The link does not hold any more."""
    services.untie(db(), patient_id, tie_id, by=me().staff_id)
    return back("family", patient_id, "ties")


@bp.post("/patients/<int:patient_id>/household")
@needs(May.EDIT_PATIENTS)
def join_household(patient_id: int) -> ResponseReturnValue:
    """Live where somebody linked or found lives."""
    queries.patient(db(), patient_id)
    other: Any = _other()
    if other is None:
        return _page(patient_id, {}, _("Choose with whom they live.")), 422
    services.join_household(db(), patient_id, other, by=me().staff_id)
    return back("family", patient_id, "homes")


@bp.post("/patients/<int:patient_id>/household/<int:membership_id>/leave")
@needs(May.EDIT_PATIENTS)
def leave_household(patient_id: int, membership_id: int) -> ResponseReturnValue:
    """Live there no longer."""
    services.leave_household(db(), patient_id, membership_id, by=me().staff_id)
    return back("family", patient_id, "homes")
