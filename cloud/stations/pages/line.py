"""One station's work list: who waits, in the order of their calls, who is inside, and what one does with them."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.calls import sending
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.queue import calling, gates, queries, services
from cloud.queue.choices import IN_LINE, SERVED, Machine, Sort
from cloud.queue.choices import Step as State
from cloud.queue.errors import Refused
from cloud.queue.models import Station
from cloud.queue.queries import InLine
from cloud.stations import wording
from cloud.stations.pages.blueprint import bp, desk_of, named, say, store_id
from cloud.stations.pages.holding import whose


@bp.get("/stations/<int:station_id>")
@needs(May.WORK_STATIONS)
def line(station_id: int) -> ResponseReturnValue:
    """Who waits here, who is inside."""
    return render_template("stations/line.html", **_line(station_id))


@bp.get("/stations/<int:station_id>/part")
@needs(May.WORK_STATIONS)
def line_part(station_id: int) -> ResponseReturnValue:
    """The living part of it."""
    return render_template("stations/line_part.html", **_line(station_id))


def _line(station_id: int) -> dict[str, Any]:
    station = queries.station(db(), station_id, store_id())
    found = queries.open_steps(db(), [station.id])
    inside = [one for one in found if one.step.state in (State.CALLED, *SERVED)]
    return {
        **{"station": station, "desk": desk_of(station), "desks": queries.desks(db(), [station.id])},
        **{"waiting": [one for one in found if one.step.state in IN_LINE], "inside": inside},
        "elsewhere": [one for one in found if one.step.state not in (*IN_LINE, State.CALLED, *SERVED)],
        **{
            "calls": {one.step.id: _last_call(one) for one in inside if one.step.state == State.CALLED},
            "named": named,
            "moment": now(),
        },
        **{"mine": me().staff_id, "words": wording, "sees_record": May.SEE_RECORD in me().may},
        "prescribes": May.PRESCRIBE in me().may,
        **around(found),
        **whose(),
    }


def _last_call(one: InLine) -> list[sending.Told]:
    call = queries.last_call(db(), one.step.id)
    return sending.fates(db(), call) if call else []


def around(found: list[InLine]) -> dict[str, Any]:
    """What rows of the queue are shown with."""
    stations = queries.stations(db(), store_id())
    staff = {one for row in found for one in (row.step.staff_id, row.step.served_by) if one}
    return {
        "patients": people.named(db(), {one.stay.patient_id for one in found if one.stay.patient_id}),
        **{"names": accounts.names(db(), staff), "stations": stations, "machine": Machine},
        "owed": gates.owed_by(db(), [one.stay for one in found]),
        "doctors": list(accounts.staff_of(db(), store_id())),
        "sorts": Sort,
    }


def _back(station_id: int) -> ResponseReturnValue:
    return redirect(url_for("stations.line", station_id=station_id), 303)


@bp.post("/stations/<int:station_id>/next")
@needs(May.WORK_STATIONS)
def call_next(station_id: int) -> ResponseReturnValue:
    """Call whose turn it is, to the door one sits behind."""
    station = queries.station(db(), station_id, store_id())
    desk = desk_of(station)
    if desk is None and queries.desks(db(), [station.id]):
        flash(_("Choose the door or counter you sit at first: people are called to it."), "warning")
        return _back(station.id)
    try:
        one, _call = sending.next_(db(), station, desk, by=me().staff_id)
        flash(_("%(ticket)s is called.", ticket=one.stay.ticket), "info")
    except Refused as refusal:
        say(refusal)
    return _back(station.id)


@bp.post("/steps/<int:step_id>/call")
@needs(May.WORK_STATIONS)
def call(step_id: int) -> ResponseReturnValue:
    """Call this one, out of turn or once more."""
    one = queries.step(db(), step_id, store_id())
    station = queries.station(db(), one.step.station_id, store_id())
    try:
        sending.this(db(), one, desk_of(station), by=me().staff_id)
    except Refused as refusal:
        say(refusal)
    return _back(station.id)


@bp.post("/steps/<int:step_id>/missed")
@needs(May.WORK_STATIONS)
def missed(step_id: int) -> ResponseReturnValue:
    """Nobody came."""
    one = queries.step(db(), step_id, store_id())
    try:
        calling.missed(db(), one, by=me().staff_id)
    except Refused as refusal:
        say(refusal)
    return _back(one.step.station_id)


@bp.post("/steps/<int:step_id>/turn/<becomes>")
@needs(May.WORK_STATIONS)
def turn(step_id: int, becomes: str) -> ResponseReturnValue:
    """Any other move of a step."""
    one = queries.step(db(), step_id, store_id())
    if becomes not in set(State) or becomes == State.CALLED:
        abort(422)
    station = queries.station(db(), one.step.station_id, store_id())
    try:
        desk = desk_of(station) if becomes in SERVED else None
        why = request.form.get("reason", "")
        services.turn(db(), one, State(becomes), by=me().staff_id, why=why, desk_id=desk.id if desk else None)
    except Refused as refusal:
        say(refusal)
    return _back(station.id)


@bp.post("/steps/<int:step_id>/transfer")
@needs(May.WORK_STATIONS)
def transfer(step_id: int) -> ResponseReturnValue:
    """On to another station, or to another doctor."""
    one = queries.step(db(), step_id, store_id())
    wanted = request.form.get("station", type=int) or 0
    staff = request.form.get("staff", type=int)
    if staff is not None and staff not in {found.id for found in accounts.staff_of(db(), store_id())}:
        abort(422)
    try:
        services.transfer(db(), one, wanted, by=me().staff_id, staff_id=staff, why=request.form.get("reason", ""))
        flash(_("%(ticket)s waits at the other station now.", ticket=one.stay.ticket), "info")
    except Refused as refusal:
        say(refusal)
    return _back(one.step.station_id)


@bp.post("/steps/<int:step_id>/then")
@needs(May.WORK_STATIONS)
def plan(step_id: int) -> ResponseReturnValue:
    """After this station, another: planned, and in line as soon as this step is over."""
    one = queries.step(db(), step_id, store_id())
    try:
        services.line_up(db(), one.stay, request.form.get("station", type=int) or 0, by=me().staff_id, planned=True)
    except Refused as refusal:
        say(refusal)
    return _back(one.step.station_id)


@bp.post("/steps/<int:step_id>/examine")
@needs(May.WORK_STATIONS, May.WRITE_RECORD)
def examine(step_id: int) -> ResponseReturnValue:
    """The doctor begins: the patient is in the room, and the record is open."""
    one = queries.step(db(), step_id, store_id())
    if one.stay.patient_id is None:
        flash(_("Nobody knows yet who holds %(ticket)s. The desk can say so.", ticket=one.stay.ticket), "warning")
        return _back(one.step.station_id)
    try:
        _begin(one)
    except Refused as refusal:
        say(refusal)
        return _back(one.step.station_id)
    return redirect(url_for("clinic.examinations", patient_id=one.stay.patient_id), 303)


def _begin(one: InLine) -> None:
    station: Station = queries.station(db(), one.step.station_id, store_id())
    desk = desk_of(station)
    if one.step.state in (State.WAITING, State.CALLED):
        services.turn(db(), one, State.IN_ROOM, by=me().staff_id, desk_id=desk.id if desk else None)
    if one.step.state == State.IN_ROOM:
        services.turn(db(), one, State.EXAM_DRAFT, by=me().staff_id)


@bp.post("/steps/<int:step_id>/hurry")
@needs(May.WORK_STATIONS)
def hurry(step_id: int) -> ResponseReturnValue:
    """Somebody comes before others."""
    one = queries.step(db(), step_id, store_id())
    priority = request.form.get("priority", type=int)
    if priority not in (0, 1, 2):
        abort(422)
    try:
        services.hurry(db(), one.stay, priority, by=me().staff_id, why=request.form.get("reason", ""))
    except Refused as refusal:
        say(refusal)
    return _back(one.step.station_id)
