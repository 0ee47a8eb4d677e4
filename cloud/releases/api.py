"""What gateways fetch: manifests, signatures and archives by their digest.

Anyone may: a release is no secret, the gateway proves the signature, and who asks for bytes by a digest has been told
of them. The answers never change, so whatever stands in between may keep them.
"""

import re
from collections.abc import Iterator

from flask import Blueprint, Response, abort, request

from cloud.accounts.gate import engine, public
from cloud.releases import queries
from cloud.releases.choices import PIECE

bp = Blueprint("releases_gateways", __name__)
DIGEST = re.compile(r"[0-9a-f]{64}(\.sig)?\Z")
RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?\Z")
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes"}


@bp.get("/gateways/v1/releases/<name>")
@public
def part(name: str) -> Response:
    """Bytes by their digest; ``digest.sig`` is the signature of a manifest. Ranges are honoured."""
    if not DIGEST.match(name):
        abort(404)
    small = queries.small(engine(), name)
    size = len(small) if small is not None else queries.size(engine(), name)
    if not size:
        abort(404)
    first, last = _asked(size)
    headers = {**FOR_EVER, "ETag": f'"{name}"', "Content-Length": str(last - first + 1)}
    status = 200
    if "Range" in request.headers and (first, last) != (0, size - 1):
        status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{size}"
    body = iter([small[first : last + 1]]) if small is not None else _pieces(name, first, last)
    return Response(body, status, headers, mimetype="application/octet-stream")


def _asked(size: int) -> tuple[int, int]:
    """First and last byte; the whole where no single range is asked for."""
    found = RANGE.match(request.headers.get("Range", ""))
    if found is None:
        return 0, size - 1
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if first > last:
        abort(416)
    return first, last


def _pieces(sha256: str, first: int, last: int) -> Iterator[bytes]:
    known = engine()
    return (_cut(queries.piece(known, sha256, n), n, first, last) for n in range(first // PIECE, last // PIECE + 1))


def _cut(data: bytes, number: int, first: int, last: int) -> bytes:
    begin = number * PIECE
    return data[max(0, first - begin) : max(0, last + 1 - begin)]
