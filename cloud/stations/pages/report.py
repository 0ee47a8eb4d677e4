"""What the day took: how long people waited and were served, by station, by colleague, and each of them."""

import csv
import io
from datetime import date
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.people import queries as people
from cloud.queue import queries, times
from cloud.stations import wording
from cloud.stations.pages.blueprint import bp, named, store_id


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return queries.today(db(), store_id())


@bp.get("/stations/report")
@needs(May.WORK_STATIONS)
def report() -> ResponseReturnValue:
    """One day of the store one works in."""
    if me().store is None:
        return render_template("stations/report.html", found=None)
    return render_template("stations/report.html", **_report(_day()))


def _report(day: date) -> dict[str, Any]:
    found = times.report(db(), store_id(), day)
    stations = {one.id: one for one in queries.stations(db(), store_id())}
    return {
        **{"found": found, "day": day, "stations": stations, "named": named, "words": wording},
        "names": accounts.names(db(), set(found.by_person)),
        "patients": people.named(db(), {one.stay.patient_id for one in found.lines if one.stay.patient_id}),
    }


@bp.get("/stations/report.csv")
@needs(May.WORK_STATIONS)
def report_file() -> ResponseReturnValue:
    """The same as a file: a line for each step, durations in seconds."""
    page, text = _report(_day()), io.StringIO()
    out = csv.writer(text)
    out.writerow([_("Ticket"), _("Station"), _("State"), _("Waited"), _("Called"), _("Served"), _("Away")])
    for one in page["found"].lines:
        station = page["stations"].get(one.step.station_id)
        row = [one.stay.ticket, named(station) if station else "", one.step.state]
        out.writerow([*row, *(round(value) for value in (one.waited, one.called, one.served, one.away))])
    told = {"Content-Disposition": f"attachment; filename=stations-{page['day']}.csv"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=told)
