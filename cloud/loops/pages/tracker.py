"""Every loop of the store that is still open: how old, which links are missing, who is next."""

import csv
import io
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.loops import chain, questions, services, showing, wording
from cloud.loops.pages.blueprint import bp
from cloud.loops.questions import Doing


@bp.get("/loops")
@needs(May.WORK_STATIONS)
def tracker() -> ResponseReturnValue:
    """What is open, oldest first, as narrowed."""
    return render_template("loops/tracker.html", **(_tracker() if me().store else {"found": None}))


@bp.get("/loops/part")
@needs(May.WORK_STATIONS)
def tracker_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("loops/tracker_part.html", **_tracker())


def _tracker() -> dict[str, Any]:
    services.follow(db(), showing.store_id())
    every = questions.open_(db(), showing.store_id())
    page = showing.rows(every)
    asked = {name: request.args.get(name, "") for name in ("kind", "next", "older")}
    found = sorted((one for one in every if _fits(one, asked, page["moment"])), key=lambda one: one.since)
    return {**page, "found": found, "total": len(every), "asked": asked, "narrowed": any(asked.values())}


def _fits(one: Doing, asked: dict[str, str], moment: Any) -> bool:
    task, older = one.task, asked["older"]
    kind = asked["kind"] in ("", task.machine)
    whose = asked["next"] in ("", chain.next_(task.machine, task.state))
    return kind and whose and (not older.isdecimal() or showing.hours(one.since, moment) >= int(older))


@bp.get("/loops/list.csv")
@needs(May.WORK_STATIONS)
def tracker_file() -> ResponseReturnValue:
    """The same as a file."""
    page, text = _tracker(), io.StringIO()
    out = csv.writer(text)
    out.writerow([_("Ticket"), _("Record"), _("What"), _("State"), _("Who is next"), _("Hours open"), _("Missing")])
    out.writerows(_line(one, page) for one in page["found"])
    told = {"Content-Disposition": "attachment; filename=open-loops.csv", "Cache-Control": "no-store"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=told)


def _line(one: Doing, page: dict[str, Any]) -> list[object]:
    task, words = one.task, wording.links()
    missing = ", ".join(words[name] for name in chain.missing(task.machine, task.state, task.amount))
    patient = page["patients"][task.patient_id]
    state = wording.STATES[task.state].word
    about = [one.stay.ticket if one.stay else "", patient.record_number, _safe(showing.what(task)), state]
    return [*about, showing.next_of(task, page["names"]), showing.hours(one.since, page["moment"]), missing]


def _safe(text: str) -> str:
    """What a spreadsheet would take for a formula stays text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
