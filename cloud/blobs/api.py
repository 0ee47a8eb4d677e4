"""Where gateways bring blobs, over HTTPS: ``HEAD`` says how far it is, ``PATCH`` appends.

No session and no sign-in: the ticket that came over MQTT says whose bytes these are. Every step may be repeated, and
the connection may break at any byte: what is not a whole piece by then is sent again.
"""

import logging
from collections.abc import Iterator

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from cloud.accounts.gate import engine, public
from cloud.blobs import queries, uploads
from cloud.blobs.choices import Stand
from cloud.blobs.errors import NoKey, NoTicket, TooLong, WrongOffset
from cloud.blobs.sealing import PIECE
from cloud.kernel.database import unit_of_work
from cloud.kernel.settings import Misconfigured

log = logging.getLogger(__name__)

bp = Blueprint("blobs", __name__, url_prefix="/gateways/v1")
MOST_AT_ONCE = 16 * PIECE
OFFSET, LENGTH = "Upload-Offset", "Upload-Length"
CODES: dict[type[Exception], tuple[int, str]] = {
    NoTicket: (410, "the ticket is over, or for something else; offer the blob again"),
    TooLong: (413, "these are more bytes than were offered"),
    WrongOffset: (409, "the upload stands at another offset"),
    Misconfigured: (503, "the cloud has no place for blobs at the moment"),
    NoKey: (503, "the cloud has no key for blobs at the moment"),
    OSError: (503, "the store of blobs is away"),
}
KNOWN = tuple(CODES)


@bp.route("/blobs/<sha256>", methods=["HEAD"])
@public
def stands(sha256: str) -> Response:
    """How many bytes of it are here."""
    try:
        tenant_id, upload_id = _place()
        with unit_of_work(engine(), tenant_id) as session:
            upload = uploads.admitted(session, upload_id, sha256)
            return _said(200, upload.received, upload.bytes)
    except KNOWN as refusal:
        return _refused(refusal)


@bp.patch("/blobs/<sha256>")
@public
def append(sha256: str) -> Response:
    """Append from ``Upload-Offset`` on; 204 while more is wanted, 200 once all is kept, 422 if it is something else."""
    request.max_content_length = MOST_AT_ONCE
    try:
        tenant_id, upload_id = _place()
        offset, size = _admitted(tenant_id, upload_id, sha256)
        for piece in _pieces(offset, size):
            with unit_of_work(engine(), tenant_id) as session:
                offset = uploads.append(session, upload_id, offset, piece)
        return _finished(tenant_id, upload_id, size) if offset == size else _said(204, offset, size)
    except KNOWN as refusal:
        return _refused(refusal)


def _place() -> tuple[int, int]:
    """Chain and upload of the ticket shown. Raises NoTicket."""
    kind, _, ticket = request.headers.get("Authorization", "").partition(" ")
    found = queries.place_of(engine(), ticket.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise NoTicket
    return found


def _admitted(tenant_id: int, upload_id: int, sha256: str) -> tuple[int, int]:
    """Where to begin, and how many bytes there are in all. Raises NoTicket, TooLong, WrongOffset."""
    with unit_of_work(engine(), tenant_id) as session:
        upload = uploads.admitted(session, upload_id, sha256)
        here, size = upload.received, upload.bytes
    if request.headers.get(OFFSET) != str(here):
        raise WrongOffset(here)
    if (request.content_length or 0) > min(size - here, MOST_AT_ONCE):
        raise TooLong
    return here, size


def _pieces(offset: int, size: int) -> Iterator[bytes]:
    """Whole pieces of the body, and the last one of all; a tail that broke off is not among them."""
    left = request.content_length or 0
    while left:
        piece = _heard(min(PIECE, left))
        left -= len(piece)
        offset += len(piece)
        if len(piece) < PIECE and offset != size:
            return
        yield piece


def _heard(count: int) -> bytes:
    """So many bytes, or those that came before the line broke."""
    found = bytearray()
    try:
        while len(found) < count and (more := request.stream.read(count - len(found))):
            found += more
    except RequestEntityTooLarge:
        raise TooLong from None
    except (HTTPException, OSError):
        log.info("a gateway's line broke in the middle of a blob")
    return bytes(found)


def _finished(tenant_id: int, upload_id: int, size: int) -> Response:
    with unit_of_work(engine(), tenant_id) as session:
        stand = uploads.finish(session, upload_id)
    match stand:
        case Stand.KEPT:
            return _said(200, size, size)
        case Stand.REFUSED:
            return _why(422, "these are not the bytes that were offered")
    raise WrongOffset(0)


def _said(status: int, offset: int, size: int) -> Response:
    headers = {OFFSET: str(offset), LENGTH: str(size), "Cache-Control": "no-store"}
    return Response(status=status, headers=headers)


def _refused(refusal: Exception) -> Response:
    status, why = next(code for kind, code in CODES.items() if isinstance(refusal, kind))
    if status == 503:
        log.error("a blob cannot be taken: %s", refusal)
    response = _why(status, why)
    if isinstance(refusal, WrongOffset):
        response.headers[OFFSET] = str(refusal.offset)
    return response


def _why(status: int, why: str) -> Response:
    # what is left of the body nobody reads, so nothing else may come over this connection
    headers = {"Cache-Control": "no-store", "Connection": "close"} | ({"Retry-After": "30"} if status == 503 else {})
    return Response(msgspec.json.encode({"why": why}), status, headers, mimetype="application/json")
