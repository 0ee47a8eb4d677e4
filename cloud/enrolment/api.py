"""What boxes say to the cloud over HTTPS: enrol, renew, and the two files that everybody may read.

No session and no sign-in: a claim is proved by its code, a renewal by the old key, and TLS may end at any proxy.
"""

import hashlib
from typing import TypeVar

import msgspec
from flask import Blueprint, Response, current_app, request

from cloud.accounts.gate import engine, public
from cloud.enrolment import certificates, enrolling, errors, queries, renewing, services, wording
from cloud.enrolment.authority import Authority
from cloud.enrolment.issuing import Desk
from cloud.kernel.clock import now
from cloud.kernel.database import unit_of_work
from protocols.envelope.enrolment import Enrol, Issued, Refused, Renew, Waiting
from protocols.envelope.messages import Malformed, decode

bp = Blueprint("enrolment_gateways", __name__, url_prefix="/gateways/v1")
SETTINGS = "emmetra.enrolment"
LARGEST = 64 * 1024
Asked = TypeVar("Asked", Enrol, Renew)
CODES: dict[type[Exception], int] = {
    **{errors.BadRequest: 400, errors.TooManyGuesses: 429, errors.NoSuchClaim: 404},
    **{errors.ClaimExpired: 410, errors.ClaimCancelled: 410, errors.ClaimTaken: 409, errors.WrongBox: 403},
    **{errors.NameTaken: 409, errors.NotAName: 409, errors.NoSuchGateway: 409, errors.NoSuchStore: 409},
    **{errors.UnknownCertificate: 403, errors.CertificateRevoked: 403, errors.CertificateTooOld: 403},
    **{errors.TooManyCertificates: 429, errors.NoAuthority: 503},
}
KNOWN: tuple[type[Exception], ...] = (Malformed, *CODES)


@bp.post("/enrol")
@public
def enrol() -> Response:
    """A claim and a signing request go in, a certificate comes out, or the code to compare."""
    try:
        asked = _body(Enrol)
        desk, csr = _desk(), certificates.request(asked.csr)
        place = enrolling.find(engine(), asked.claim, _who())
    except KNOWN as refusal:
        return _refused(refusal)
    try:
        with unit_of_work(engine(), place.tenant_id) as session:
            return _said(enrolling.enrol(session, desk, place.id, asked, csr))
    except KNOWN as refusal:
        with unit_of_work(engine(), place.tenant_id) as session:
            services.refused(session, place.id, type(refusal).__name__)
        return _refused(refusal)


@bp.post("/renew")
@public
def renew() -> Response:
    """The next certificate, for whoever signs with the key of the one before."""
    try:
        asked = _body(Renew)
        desk, csr, old = _desk(), certificates.request(asked.csr), certificates.read(asked.certificate)
        place = queries.certificate_place(engine(), certificates.fingerprint(old))
        if place is None:
            raise errors.UnknownCertificate
        certificates.check_proof(old, csr, asked.proof)
        with unit_of_work(engine(), place.tenant_id) as session:
            return _said(renewing.renew(session, desk, place.id, csr))
    except KNOWN as refusal:
        return _refused(refusal)


@bp.get("/roots")
@public
def roots() -> Response:
    """The bundle of roots to trust, PEM."""
    try:
        return _file(_desk().authority.roots, "application/x-pem-file")
    except errors.NoAuthority as refusal:
        return _refused(refusal)


@bp.get("/crl")
@public
def crl() -> Response:
    """The lists of revoked certificates, PEM; made anew each day, for a list has a day after which none is better."""
    try:
        authority = _desk().authority
    except errors.NoAuthority as refusal:
        return _refused(refusal)
    revoked, at = queries.revoked(engine()), now()
    tag = hashlib.sha256(repr((revoked, authority.root_names, at.date())).encode()).hexdigest()[:32]
    if tag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    return _file(authority.revocation_lists(revoked, at), "application/x-pem-file", tag)


def _body(kind: type[Asked]) -> Asked:
    if (request.content_length or 0) > LARGEST:
        raise errors.BadRequest("the request is too large")
    body = request.get_data(cache=False)
    if b"\\u0000" in body:  # no name holds a NUL, and PostgreSQL takes none
        raise errors.BadRequest("the request holds a NUL")
    return decode(kind, body)


def _who() -> str:
    return enrolling.whose(request.remote_addr or "", str(current_app.secret_key))


def _desk() -> Desk:
    asked = current_app.extensions[SETTINGS]
    cloud = asked.public_url or request.url_root.rstrip("/")
    broker = asked.gateway_broker or asked.broker_url
    return Desk(Authority.open(asked.authority), broker, cloud, asked.certificate_days)


def _said(answer: Issued | Waiting) -> Response:
    if isinstance(answer, Issued):
        return _json(answer, 200)
    response = _json(answer, 202)
    response.headers["Retry-After"] = str(answer.ask_again_s)
    return response


def _refused(refusal: Exception) -> Response:
    code = next((code for kind, code in CODES.items() if isinstance(refusal, kind)), 400)
    response = _json(Refused(why=wording.refusal(refusal)), code)
    if code == 429:
        response.headers["Retry-After"] = "900"
    return response


def _json(answer: Issued | Waiting | Refused, status: int) -> Response:
    body = msgspec.json.encode(answer)
    return Response(body, status, {"Cache-Control": "no-store"}, mimetype="application/json")


def _file(text: str, kind: str, tag: str = "") -> Response:
    response = Response(text, mimetype=kind, headers={"Cache-Control": "no-cache"})
    if tag:
        response.headers["ETag"] = f'"{tag}"'
    return response
