"""Headers that keep a page to itself: nothing inline, nothing foreign, nothing framed, nothing kept."""

from collections.abc import Iterable

from flask import Response, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Bootstrap's own stylesheet draws its ticks and arrows as data: images
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
YEARS = "max-age=63072000; includeSubDomains"


def let_frame(response: Response, by: Iterable[str]) -> None:
    """Pages at these addresses (``https://host``) may show this one; with none, nobody's may."""
    ancestors = " ".join(("frame-ancestors 'self'", *by))
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", ancestors)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def guard_headers(response: Response) -> Response:
    """Add what the response does not already say; a page may be stricter or looser by saying so itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    policy = response.headers["Content-Security-Policy"]
    if "frame-ancestors" in policy and "frame-ancestors 'none'" not in policy:
        response.headers.pop("X-Frame-Options")  # it knows all or nothing, and some would heed it
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", YEARS)
    return response
