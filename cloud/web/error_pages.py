"""Error pages in the user's words: what happened, what is safe, what to do next."""

import logging
import secrets
from typing import NamedTuple

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from cloud.web.frame import Frame, current_frame
from cloud.web.languages import stand_alone_language

log = logging.getLogger(__name__)


class Words(NamedTuple):
    """The three sentences of an error, and perhaps a number to quote."""

    title: str
    safe: str
    next: str
    reference: str = ""


def install_error_pages(app: Flask) -> None:
    """Answer every refusal and every failure ourselves."""
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, failed)


def refused(refusal: HTTPException) -> Response:
    """A refusal with its status and headers kept; redirects and ready-made responses pass."""
    code = refusal.code or 500
    if refusal.response is not None or code < 400:
        return make_response(refusal.get_response())
    if code == 500:
        return failed(refusal)
    answer = _answer(code, words_for(code))
    kept = [pair for pair in refusal.get_headers() if pair[0] not in ("Content-Type", "Content-Length")]
    answer.headers.extend(kept)
    return answer


def failed(failure: Exception) -> Response:
    """Something of ours broke: say so, keep the details in the log under a number."""
    reference = secrets.token_hex(4)
    log.error("request failed, reference %s", reference, exc_info=failure)
    stand_alone()
    return _answer(500, words_for(500)._replace(reference=reference))


def stand_alone() -> None:
    """What failed may be what the frame is made of (the database): show the error without asking it again."""
    g.setdefault("web_frame", Frame())
    stand_alone_language()


def words_for(code: int) -> Words:
    """The sentences for a status; unknown ones get those of their family."""
    said = _sentences()
    return said.get(code) or said[400 if code < 500 else 500]


def _answer(code: int, words: Words) -> Response:
    if request.path.startswith("/api/"):
        return make_response({"status": code, **{k: v for k, v in words._asdict().items() if v}}, code)
    fragment = "HX-Request" in request.headers
    page = "web/error_fragment.html" if fragment else "web/error.html"
    answer = make_response(render_template(page, code=code, words=words, home=current_frame().sign_in_href), code)
    if fragment:
        answer.headers.update({"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    return answer


def _sentences() -> dict[int, Words]:
    unchanged = _("Nothing was changed.")
    return {
        400: Words(_("That request was not understood"), unchanged, _("Go back, check what was entered, try again.")),
        401: Words(_("You are signed out"), _("What was saved is safe."), _("Sign in to go on where you were.")),
        403: Words(_("Your role does not allow this"), unchanged, _("Ask your store manager if you need it.")),
        404: Words(
            _("There is nothing at this address"), unchanged, _("Check the address, or search for the patient.")
        ),
        405: Words(_("This page cannot do that"), unchanged, _("Go back and use the buttons on the page.")),
        409: Words(
            _("Somebody else changed this first"),
            _("Their change is kept; yours was not saved."),
            _("Reload to see it, then decide again."),
        ),
        413: Words(_("That file is too large"), unchanged, _("Choose a smaller file.")),
        422: Words(_("Something entered does not fit"), unchanged, _("Correct the marked fields and save again.")),
        429: Words(_("Too many tries in a short time"), unchanged, _("Wait a minute, then try again.")),
        500: Words(
            _("Something went wrong on our side"),
            _("What was saved before is safe; this last step was not saved."),
            _("Try again. If it happens again, tell support the reference number."),
        ),
        503: Words(
            _("Emmetra is busy or being updated"),
            _("Readings keep arriving and wait at the store until we are back."),
            _("Try again in a minute."),
        ),
    }
