"""The page that anyone may ask whether a prescription is genuine: no sign-in, no chain, little told.

What is shown is what a dispenser must compare with the paper: values, initials and year of birth, practice and
prescriber, and how it stands. The patient's name, number and notes never are.
"""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.gate import engine, public
from cloud.kernel.database import unit_of_work
from cloud.people import queries as people
from cloud.prescriptions import canonical, door, proving, queries
from cloud.prescriptions.errors import NoSuchToken, TooManyGuesses
from cloud.prescriptions.models import Proof

bp = Blueprint("verify", __name__, template_folder="templates")


@bp.get("/v")
@public
def ask() -> ResponseReturnValue:
    """Where a code is typed."""
    return _private(render_template("prescriptions/verify_ask.html", errors=()))


@bp.post("/v")
@public
def typed() -> ResponseReturnValue:
    """The prescription behind a typed code; the code never becomes part of an address."""
    return _answer(request.form.get("code", ""), lambda *_: None)


@bp.get("/v/<token>")
@public
def paper(token: str) -> ResponseReturnValue:
    """The prescription behind a QR code."""
    return _answer(token, lambda *_: None)


@bp.post("/v/<token>/file")
@public
def file(token: str) -> ResponseReturnValue:
    """Whether a PDF is, byte for byte, the one that was made."""
    sent = request.files.get("file")
    content = sent.read() if sent else b""

    def same(_session: Session, proof: Proof) -> bool | None:
        return proving.is_that_file(proof, content)

    return _answer(token, same)


Compared = Callable[[Session, Proof], bool | None]


def _answer(secret: str, compare: Compared) -> ResponseReturnValue:
    who = proving.whose(request.remote_addr or "", str(current_app.secret_key))
    try:
        found = proving.find(engine(), secret, who)
    except TooManyGuesses:
        return _refused(_("Too many codes that fit nothing. Wait 15 minutes, then try again."), 429)
    except NoSuchToken:
        return _refused(_unknown(), 404)
    with unit_of_work(engine(), found.tenant_id) as session:
        proof = proving.proof(session, found.proof_id)
        same = compare(session, proof)
        proving.verified(session, proof.prescription_id, by_file=same is not None)
        return _private(_page(session, proof, request.view_args or {}, same))


def _unknown() -> str:
    said = _("No prescription was ever printed with this code. Check it against the paper.")
    return f"{said} {_('If it is typed as printed, ask the practice before dispensing.')}"


def _page(session: Session, proof: Proof, address: dict[str, str], same: bool | None) -> str:
    row = queries.row(session, proof.prescription_id)
    store = accounts.store(session, row.store_id)
    shown = queries.one(session, row.id, queries.today(store.zone))
    patient = people.patient(session, row.patient_id)
    page = {
        **{"shown": shown, "row": row, "eyes": door.eyes(shown), "drugs": door.drugs(shown), "word": door.word},
        **{"is_true": queries.is_true(shown), "fingerprint": canonical.short(row.sha256), "same": same},
        **{"chain": accounts.chain_name(session), "store": store, "initials": initials(patient)},
        **{"birth_year": patient.birth_date.year if patient.birth_date else None, "token": address.get("token")},
    }
    return render_template("prescriptions/verify.html", **page)


def initials(patient: object) -> str:
    """Enough to compare with a paper in hand, too little to name anyone: ``G. O.``."""
    parts = (getattr(patient, "given_name", ""), getattr(patient, "family_name", ""))
    return " ".join(f"{part.strip()[0]}." for part in parts if part.strip())


def _refused(words: str, status: int) -> Response:
    response = _private(render_template("prescriptions/verify_ask.html", errors=(words,)))
    response.status_code = status
    return response


def _private(page: str) -> Response:
    """Found by no search engine, kept by no one, and the address goes nowhere."""
    response = make_response(page)
    response.headers.update({"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"})
    return response
