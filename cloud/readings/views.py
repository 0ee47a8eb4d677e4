"""Today's store, the chart, the tray, one reading; and what a clinician does with readings."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.blobs import queries as blobs
from cloud.blobs.reading import stream
from cloud.fleet import queries as fleet
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.people.models import Patient
from cloud.readings import phoropter, queries, services
from cloud.readings.choices import How, Verdict
from cloud.readings.errors import ChairTaken
from cloud.readings.models import Capture
from cloud.readings.refusals import install_refusals
from cloud.worklist import queries as worklist

NOTHING = hashlib.sha256().hexdigest()

bp = Blueprint("readings", __name__, template_folder="templates")
install_refusals(bp)


@bp.get("/")
@needs()
def today() -> ResponseReturnValue:
    """Lanes with who sits there, and what arrived last."""
    if May.SEE_READINGS not in me().may:
        return redirect(url_for("fleet.fleet" if May.MEND_FLEET in me().may else "people.patients"), 303)
    return render_template("readings/today.html", **_today())


@bp.get("/today/part")
@needs(May.SEE_READINGS)
def today_part() -> ResponseReturnValue:
    """The living part of today."""
    return render_template("readings/today_part.html", **_today())


def _today() -> dict[str, object]:
    store = me().store
    if store is None:
        return {"lanes": [], "seats": {}, "latest": [], "patients": {}}
    seats, latest = queries.seats(db(), store.id), queries.latest(db(), store.id)
    ids = {seat.patient_id for seat in seats.values()} | {one.patient_id for one in latest if one.patient_id}
    lanes = sorted({*fleet.lanes(db(), store.id), *seats})
    return {"lanes": lanes, "seats": seats, "latest": latest, "patients": people.named(db(), ids)}


@bp.get("/patients/<int:patient_id>")
@needs(May.SEE_READINGS)
def chart(patient_id: int) -> ResponseReturnValue:
    """A patient's readings, live."""
    page = _chart(patient_id) | phoropter.page(patient_id)
    page["banner"] = people.banner(db(), people.patient(db(), patient_id), me().roles)
    services.looked(db(), patient_id=patient_id, by=me().staff_id)
    return render_template("readings/chart.html", **page)


@bp.get("/patients/<int:patient_id>/part")
@needs(May.SEE_READINGS)
def chart_part(patient_id: int) -> ResponseReturnValue:
    """The living part of the chart."""
    return render_template("readings/chart_part.html", **_chart(patient_id))


WAITING = 6  # of the tray beside a chart; the tray itself has the rest


def _chart(patient_id: int) -> dict[str, object]:
    patient = people.patient(db(), patient_id)
    shown = queries.of_patient(db(), patient_id, before=_before())
    store = me().store
    seats = queries.seats(db(), store.id) if store else {}
    waiting = queries.tray(db(), store.id, limit=WAITING) if store else []
    return {
        "patient": patient,
        "shown": shown,
        "groups": queries.paired(shown),
        "older": url_for(".chart", patient_id=patient_id, before=queries.end_of_chart(shown))
        if len(shown) >= queries.PAGE
        else "",
        "waiting": waiting,
        "lanes": fleet.lanes(db(), store.id) if store else [],
        "seats": seats,
        "mine": sorted(lane for lane, seat in seats.items() if seat.patient_id == patient_id),
        "names": accounts.names(db(), {one.decided_by for one in shown if one.decided_by}),
        "others": people.named(db(), {seat.patient_id for seat in seats.values()}),
        "today": now().date(),
        **phoropter.beside_cards(patient_id, shown, seats),
    }


@bp.get("/tray")
@needs(May.FILE_READINGS)
def tray() -> ResponseReturnValue:
    """Readings of this store that belong to nobody yet."""
    return render_template("readings/tray.html", **_tray())


@bp.get("/tray/part")
@needs(May.FILE_READINGS)
def tray_part() -> ResponseReturnValue:
    """The living part of the tray."""
    return render_template("readings/tray_part.html", **_tray())


def _tray() -> dict[str, object]:
    store = me().store
    shown = queries.tray(db(), store.id, before=_before()) if store else []
    return {
        "shown": shown,
        "total": queries.tray_count(db(), store.id) if store else 0,
        "older": url_for(".tray", before=queries.end_of_tray(shown)) if len(shown) >= queries.PAGE else "",
        "unreadable": queries.unreadable(db(), store.id) if store else [],
        "claims": _claims(shown),
    }


def _claims(shown: Sequence[queries.Shown]) -> dict[UUID, Patient]:
    """Whom an order means that a reading of the tray names, to be held beside what the instrument says."""
    refs = {one.id: one.reading.order for one in shown if one.reading.order and one.how == How.ORDER}
    meant = {key: order.patient_id for order in worklist.all_named(db(), refs.values()) for key in _numbers(order)}
    patients = people.named(db(), set(meant.values()))
    found = {key: meant.get(ref.study_uid or "") or meant.get(ref.accession or "") for key, ref in refs.items()}
    return {key: patients[patient_id] for key, patient_id in found.items() if patient_id}


def _numbers(order: Any) -> tuple[str, str]:
    return order.study_uid, order.accession


@bp.get("/readings/<uuid:reading_id>")
@needs(May.SEE_READINGS)
def reading(reading_id: UUID) -> ResponseReturnValue:
    """One reading with everything known about where it came from."""
    shown, row = queries.one(db(), reading_id), queries.row(db(), reading_id)
    patient = people.patient(db(), shown.patient_id) if shown.patient_id else None
    if patient is not None:
        services.looked(db(), patient_id=patient.id, by=me().staff_id)
    filings, words = queries.filings_of(db(), reading_id), request.args.get("q", "").strip()
    page = {
        "candidates": people.search(db(), words, limit=8) if words else _seated(),
        "one": shown,
        "row": row,
        "patient": patient,
        "capture": queries.capture_of(db(), shown),
        "together": queries.transmission(db(), row),
        "claims": _claims([shown] if shown.patient_id is None else []),
        "filings": filings,
        "names": accounts.names(db(), {f.by for f in filings if f.by}),
        "patients": people.named(db(), {f.patient_id for f in filings if f.patient_id}),
    }
    return render_template("readings/reading.html", **page)


def _seated() -> list[Patient]:
    """Before anything is asked, whoever sits in a chair of this store is the likeliest."""
    seats = queries.seats(db(), me().store.id) if me().store else {}  # type: ignore[union-attr]
    return list(people.named(db(), {seat.patient_id for seat in seats.values()}).values())


@bp.get("/readings/<uuid:reading_id>.bin")
@needs(May.SEE_READINGS)
def raw(reading_id: UUID) -> ResponseReturnValue:
    """What the instrument said, byte for byte; of a file that travels apart, its blob once it is here."""
    shown = queries.one(db(), reading_id)
    capture = queries.capture_of(db(), shown) or abort(404)
    if shown.patient_id is not None:
        services.looked(db(), patient_id=shown.patient_id, by=me().staff_id)
    headers = {"Content-Disposition": f'attachment; filename="{capture.sha256[:12]}.bin"', "Cache-Control": "no-store"}
    return Response(_bytes(capture), mimetype="application/octet-stream", headers=headers)


def _bytes(capture: Capture) -> bytes | Iterator[bytes]:
    if capture.data or capture.sha256 == NOTHING:
        return capture.data
    if blobs.find(db(), capture.sha256) is None:
        abort(404)
    return stream(db(), capture.sha256)


@bp.post("/readings/<uuid:reading_id>/file")
@needs(May.FILE_READINGS)
def file(reading_id: UUID) -> ResponseReturnValue:
    """Say whose reading it is; without a patient it goes back into the tray."""
    patient_id = request.values.get("patient_id", type=int)
    if patient_id is None and request.values.get("patient_id"):
        abort(400)  # somebody was meant, so the tray is not
    why = request.values.get("reason", "").strip()[:500] or None
    services.file(db(), reading_id=reading_id, patient_id=patient_id, by=me().staff_id, why=why)
    return redirect(url_for(".chart", patient_id=patient_id) if patient_id else url_for(".tray"), 303)


@bp.post("/readings/<uuid:reading_id>/decide")
@needs(May.ACCEPT_READINGS)
def decide(reading_id: UUID) -> ResponseReturnValue:
    """Accept, reject, or take back."""
    patient_id = request.values.get("patient_id", type=int) or abort(400)
    verdict = request.values.get("verdict", "")
    if verdict not in set(Verdict):
        abort(400)
    why = request.values.get("reason", "").strip()[:500] or None
    if verdict == Verdict.REJECTED and why is None:
        abort(422)
    services.decide(
        db(), reading_id=reading_id, patient_id=patient_id, verdict=Verdict(verdict), by=me().staff_id, why=why
    )
    return redirect(url_for(".chart", patient_id=patient_id, _anchor=f"reading-{reading_id}"), 303)


@bp.post("/patients/<int:patient_id>/seat")
@needs(May.FILE_READINGS)
def seat(patient_id: int) -> ResponseReturnValue:
    """Seat the patient in a lane of this store."""
    store, lane = me().store, request.values.get("lane", "")
    if store is None or lane not in fleet.lanes(db(), store.id):
        abort(422)
    try:
        services.seat(db(), store_id=store.id, lane=lane, patient_id=patient_id, by=me().staff_id)
    except ChairTaken:
        words = _("Somebody else sits in %(lane)s. Free the chair there first; nothing was changed.", lane=lane)
        flash(words, "warning")
    return redirect(url_for(".chart", patient_id=patient_id), 303)


@bp.post("/seats/leave")
@needs(May.FILE_READINGS)
def leave() -> ResponseReturnValue:
    """Free a chair."""
    store = me().store
    if store is not None:
        services.leave(db(), store_id=store.id, lane=request.values.get("lane", ""), by=me().staff_id)
    patient_id = request.values.get("patient_id", type=int)
    return redirect(url_for(".chart", patient_id=patient_id) if patient_id else url_for(".today"), 303)


def _before() -> UUID | None:
    try:
        return UUID(request.args["before"]) if "before" in request.args else None
    except ValueError:
        abort(400)
