"""A patient's pictures, the viewer, and the pictures themselves over HTTP."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.blobs import reading as blobs
from cloud.blobs.errors import Damaged, NoSuchBlob
from cloud.imaging import panes, queries, services, wording
from cloud.imaging import space as room
from cloud.imaging.choices import RULE, Kind, State
from cloud.imaging.errors import BadMark, NoSuchPicture, NotDerived, NotHere, TooManyMarks
from cloud.imaging.queries import Picture
from cloud.people import queries as people
from cloud.people.errors import NoSuchPatient
from cloud.readings import queries as readings
from cloud.web.error_pages import refused

bp = Blueprint("imaging", __name__, template_folder="templates")

EYES, SORTS = ("right", "left"), ("oct", "photo", "document")
SMALL = ("image/webp", "image/jpeg", "image/png")  # forms of thumbnails
# A derived picture's address carries its hash: what it shows never changes, and it is for this browser alone.
KEPT = "private, max-age=3600, immutable"
CODES: dict[type[Exception], int] = {
    **{NoSuchPicture: 404, NoSuchPatient: 404, NotDerived: 404, NotHere: 404, NoSuchBlob: 404},
    **{BadMark: 422, TooManyMarks: 409, Damaged: 500},
}
for _refusal, _code in CODES.items():
    bp.register_error_handler(_refusal, lambda _why, code=_code: refused(default_exceptions[code]()))

AT = "/patients/<int:patient_id>/pictures"


@bp.get(AT)
@needs(May.SEE_READINGS)
def of_patient(patient_id: int) -> ResponseReturnValue:
    """A patient's pictures by date and kind."""
    page = _page(patient_id)
    page["banner"] = people.banner(db(), page["patient"], me().roles)
    return render_template("imaging/pictures.html", **page)


@bp.get(f"{AT}/part")
@needs(May.SEE_READINGS)
def of_patient_part(patient_id: int) -> ResponseReturnValue:
    """The living part of that page."""
    return render_template("imaging/pictures_part.html", **_page(patient_id))


def _page(patient_id: int) -> dict[str, Any]:
    eye, sort = _asked("eye", EYES), _asked("sort", SORTS)
    patient, before = people.patient(db(), patient_id), _uuid("before")
    found = queries.of_patient(db(), patient_id, before=before, limit=panes.PAGE, eye=eye, sort=sort)
    last = readings.end_of_chart([one.shown for one in found]) if len(found) >= panes.PAGE else None
    asked: dict[str, Any] = {"eye": eye, "sort": sort}
    return {
        **{"patient": patient, "days": panes.by_day(found), "asked": asked, "words": wording, "before": before},
        "older": url_for(".of_patient", patient_id=patient_id, before=last, **asked) if last else "",
        "waiting": [one for one in found if one.state in ("coming", State.DUE, State.WORKING)],
    }


@bp.get(f"{AT}/<uuid:reading_id>")
@needs(May.SEE_READINGS)
def shown(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """The viewer: one picture, or two side by side."""
    picture = queries.one(db(), patient_id, reading_id)
    beside_id = _uuid("beside")
    beside = queries.one(db(), patient_id, beside_id) if beside_id and beside_id != reading_id else None
    open_ = [one for one in (picture, beside) if one is not None]
    for one in open_:
        services.looked(db(), one, verb="opened", by=me().staff_id)
        _renewed(one)
    patient = people.patient(db(), patient_id)
    page = {
        **{"patient": patient, "picture": picture, "beside": beside, "words": wording},
        "banner": people.banner(db(), patient, me().roles),
        "spec": panes.spec(db(), patient.id, open_, may_write=May.WRITE_RECORD in me().may),
        "others": panes.others(db(), patient.id, picture),
        "history": (history := queries.marks(db(), reading_id, standing=False)),
        "names": accounts.names(db(), {who for mark in history for who in (mark.by, mark.ended_by) if who}),
    }
    return render_template("imaging/viewer.html", **page)


def _renewed(picture: Picture) -> None:
    """What an older rule derived is derived anew, once somebody looks."""
    original = picture.original
    if original is not None and original.state == State.READY and original.rule != RULE:
        services.renew(db(), picture)


@bp.get(f"{AT}/<uuid:reading_id>/state.json")
@needs(May.SEE_READINGS)
def told(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """What of a picture is there by now, for a viewer that was opened before all was."""
    picture = queries.one(db(), patient_id, reading_id)
    return _json(panes.pane(db(), patient_id, picture))


@bp.get(f"{AT}/<uuid:reading_id>/<kind>-<int:number>")
@needs(May.SEE_READINGS)
def rendition(patient_id: int, reading_id: UUID, kind: str, number: int) -> ResponseReturnValue:
    """One derived picture. The header of a file is a page of its own."""
    picture = queries.one(db(), patient_id, reading_id)
    if kind not in (Kind.THUMBNAIL, Kind.FRAME, Kind.HELD, Kind.ENFACE):
        raise NotDerived(kind)
    found = queries.rendition(db(), picture, Kind(kind), number)
    answer = _sent(found.sha256, found.media_type)
    if kind == Kind.HELD:
        answer.content_encoding = "deflate"  # as it is kept; the browser unpacks it
    return answer


@bp.get(f"{AT}/<uuid:reading_id>/headers")
@needs(May.SEE_READINGS)
def headers(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """The file's own header, attribute by attribute."""
    picture = queries.one(db(), patient_id, reading_id)
    found = queries.rendition(db(), picture, Kind.HEADERS, 0)
    rows = msgspec.json.decode(blobs.read(db(), found.sha256))
    services.looked(db(), picture, verb="read_header", by=me().staff_id)
    patient = people.patient(db(), patient_id)
    page = {"patient": patient, "picture": picture, "rows": rows, "words": wording}
    return render_template("imaging/headers.html", **page, banner=people.banner(db(), patient, me().roles))


@bp.get(f"{AT}/<uuid:reading_id>/original")
@needs(May.SEE_READINGS)
def original(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """The original as it came, whole or a range of it."""
    picture = queries.one(db(), patient_id, reading_id)
    if not picture.kept:
        raise NotHere(reading_id)
    blob = picture.said.blob
    start, end = _range(blob.bytes)
    film = blob.media_type.startswith("video/")  # played on its page, piece by piece
    if start == 0 or not film:
        services.looked(db(), picture, verb="played" if film else "downloaded", by=me().staff_id)
    whole = end - start == blob.bytes
    answer = Response(
        blobs.stream(db(), blob.sha256, start, end - start),
        status=200 if whole else 206,
        mimetype=blob.media_type,
        headers={"Content-Length": str(end - start), "Accept-Ranges": "bytes", "Cache-Control": "private, no-store"},
    )
    answer.set_etag(blob.sha256)
    if not whole:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{blob.bytes}"
    how = "inline" if film else "attachment"  # anything else foreign is taken along and never opened as ours
    answer.headers["Content-Disposition"] = f'{how}; filename="{wording.filename(picture)}"'
    return answer


def _range(size: int) -> tuple[int, int]:
    if request.range is None or len(request.range.ranges) != 1:
        return 0, size
    found = request.range.range_for_length(size)
    if found is None or found[1] is None:
        abort(416)
    return found[0], found[1]


@bp.post(f"{AT}/<uuid:reading_id>/marks")
@needs(May.WRITE_RECORD)
def save_marks(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """Add marks and take others away, all or nothing; answers those that stand."""
    picture = queries.one(db(), patient_id, reading_id)
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or not all(isinstance(told.get(name, []), list) for name in ("add", "end")):
        raise BadMark("no marks")
    if not all(isinstance(number, int) for number in told.get("end", [])):
        raise BadMark("end")
    frames = int(picture.about.get("frames") or 1)
    standing = services.mark(
        db(), picture.id, told.get("add", []), told.get("end", []), frames=frames, by=me().staff_id
    )
    return _json({"marks": [panes.mark(one) for one in standing]})


@bp.post(f"{AT}/<uuid:reading_id>/again")
@needs(May.WRITE_RECORD)
def again(patient_id: int, reading_id: UUID) -> ResponseReturnValue:
    """Prepare the pictures once more."""
    services.again(db(), queries.one(db(), patient_id, reading_id), by=me().staff_id)
    return redirect(url_for(".shown", patient_id=patient_id, reading_id=reading_id), 303)


@bp.get("/pictures/space")
@needs(May.SEE_SPACE)
def space() -> ResponseReturnValue:
    """What the chain's pictures and files take, by store and kind."""
    return render_template("imaging/space.html", found=room.of_chain(db()), words=wording)


@bp.get("/readings/<uuid:reading_id>/picture")
@needs(May.SEE_READINGS)
def viewer(reading_id: UUID) -> ResponseReturnValue:
    """From a reading to its picture in the record; one that is nobody's yet has none."""
    patient_id = queries.anyones(db(), reading_id).shown.patient_id
    if patient_id is None:
        return redirect(url_for("readings.reading", reading_id=reading_id), 303)
    return redirect(url_for(".shown", patient_id=patient_id, reading_id=reading_id), 303)


@bp.get("/readings/<uuid:reading_id>/thumbnail")
@needs(May.SEE_READINGS)
def thumbnail(reading_id: UUID) -> ResponseReturnValue:
    """The small picture of a reading, or a drawn one while there is none; before it is filed for the tray alone."""
    picture = queries.anyones(db(), reading_id)
    if picture.shown.patient_id is None and May.FILE_READINGS not in me().may:
        raise NoSuchPicture(reading_id)
    if picture.thumbnail is None:
        headers = {"Cache-Control": "no-store"}
        return Response(render_template("imaging/nothing.svg"), mimetype="image/svg+xml", headers=headers)
    brought = blobs.media_type(db(), picture.thumbnail)  # ours is WebP, a gateway's what it says
    return _sent(picture.thumbnail, brought if brought in SMALL else "image/webp", "private, no-cache")


def _sent(sha256: str, media_type: str, cache: str = KEPT) -> Response:
    """A derived picture with its hash as the strong tag, or that nothing has changed."""
    answer = Response(mimetype=media_type, headers={"Cache-Control": cache})
    answer.set_etag(sha256)
    if sha256 in request.if_none_match:
        answer.status_code = 304
        return answer
    answer.set_data(blobs.read(db(), sha256))
    return answer


def _json(value: object) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(value), mimetype="application/json", headers=headers)


def _asked(name: str, known: tuple[str, ...]) -> str | None:
    found = request.args.get(name, "")
    return found if found in known else None


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(request.args[name]) if request.args.get(name) else None
    except ValueError:
        abort(400)
