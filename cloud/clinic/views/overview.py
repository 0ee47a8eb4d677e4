"""The patient at a glance, and the stream of everything that happened."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, glance, sources, timeline, visits
from cloud.clinic.chart import Chart
from cloud.clinic.timeline import Cursor, Happening
from cloud.clinic.views.door import bp


@bp.get("/patients/<int:patient_id>/overview")
@needs(May.SEE_RECORD)
def overview(patient_id: int) -> ResponseReturnValue:
    """What one asks for first, and the timeline."""
    opened = chart.opened(db(), patient_id, me())
    known = glance.of(db(), opened.ids, opened.around["language"], opened.around["today"])
    writing = visits.writing(db(), opened.ids)
    shown, end, stream = _stream(opened)
    staff = {*writing.values(), *(one.by for one in shown if one.by is not None)}
    marks = sources.of(db(), [one.sheet for one in known.newest.values()], staff)
    page = {"known": known, "writing": writing, "names": marks.names, "reader": chart.reader(marks)}
    return render_template("clinic/overview.html", **opened.around, **page, **stream, stream=shown, end=end)


def _stream(opened: Chart) -> tuple[list[Happening], Cursor | None, dict[str, object]]:
    """A page of the stream, where the next one begins, and what the filters show."""
    known, kind = timeline.sources(me().may), request.args.get("kind", "")
    try:
        cursor = timeline.read_cursor(request.args.get("before", ""))
    except ValueError:
        abort(400)
    chosen = [known[kind]] if kind in known else list(known.values())
    asked = timeline.Asked(opened.ids, timeline.PAGE + 1, cursor)
    shown, end = timeline.page(db(), asked, chosen)
    return shown, end, {"kinds": known, "kind": kind if kind in known else "", "paged": cursor is not None}
