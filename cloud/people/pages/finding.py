"""The list of patients, and what the search in the top bar offers while somebody types."""

from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries
from cloud.people.choices import Status
from cloud.people.marking import marked
from cloud.people.pages.blueprint import bp
from cloud.people.queries import listing
from cloud.people.queries.listing import ORDERS, PAGE, Narrowed, Page

OFFERED = 8
bp.add_app_template_filter(marked)


@bp.get("/patients")
@needs(May.SEE_PATIENTS)
def patients() -> ResponseReturnValue:
    """Find a patient; one match by record number opens at once."""
    words = request.args.get("q", "").strip()
    exact = queries.numbered(db(), words) if words else None
    if exact is not None and May.SEE_READINGS in me().may:
        return redirect(url_for("readings.chart", patient_id=exact.id), 303)
    of = _narrowed()
    return render_template(
        "people/patients.html",
        page=_found(words, of) if words else _page(of),
        words=words,
        search_text=words,
        of=of,
        narrowed=of != Narrowed(order=of.order),
        address=_address,
        stores=[(store.id, store.name) for store in me().stores],
        cases_href=url_for("clinic.cases") if May.SEE_RECORD in me().may else "",
        imports_href=url_for("imports.imports") if May.IMPORT_PATIENTS in me().may else "",
        tags=[(label.id, label.name) for label in listing.labels(db())],
    )


@bp.get("/patients/find")
@needs(May.SEE_PATIENTS)
def find() -> ResponseReturnValue:
    """A few patients who answer to what was typed so far, as the options of a list."""
    words = request.args.get("q", "").strip()
    found = listing.search(db(), words, OFFERED + 1) if words else ()
    return render_template("people/found.html", found=found[:OFFERED], more=len(found) > OFFERED, words=words)


def _found(words: str, of: Narrowed) -> Page:
    people = listing.search(db(), words, PAGE + 1, None if of == Narrowed() else of)
    more = len(people) > PAGE
    return Page(people[:PAGE], min(len(people), PAGE), more)


def _page(of: Narrowed) -> Page:
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    return listing.page(db(), of, after=after, before=before)


def _narrowed() -> Narrowed:
    """What the address asks for; what it asks for wrongly is left out."""
    status, order = request.args.get("status"), request.args.get("order", "newest")
    return Narrowed(
        store_id=request.args.get("store", type=int),
        status=status if status in set(Status) else None,
        label_id=request.args.get("label", type=int),
        order=order if order in ORDERS else "newest",
    )


def _address(**changed: object) -> str:
    """This page's address with some of what it asks for changed; a place in the list is given up."""
    kept = {name: request.args[name] for name in ("q", "store", "status", "label", "order") if request.args.get(name)}
    asks = {name: what for name, what in {**kept, **changed}.items() if what}
    return f"{request.path}?{urlencode(asks)}" if asks else request.path
