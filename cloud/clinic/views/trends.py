"""Charts of what was measured over the years, with what was done about it."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, courses, export, queries, response, sources, tables, treatments
from cloud.clinic import trends as series
from cloud.clinic.chart import Chart as Opened
from cloud.clinic.courses import Course, Told
from cloud.clinic.measuring import KINDS
from cloud.clinic.views.door import bp
from cloud.readings import queries as readings
from cloud.readings.queries import Shown
from cloud.web.charts import Chart, Line, Mark
from cloud.web.charts.told import legend

MOST = 400  # readings of one patient that are drawn


@bp.get("/patients/<int:patient_id>/trends")
@needs(May.SEE_RECORD)
def trends(patient_id: int) -> ResponseReturnValue:
    """Every chart of one patient."""
    opened = chart.opened(db(), patient_id, me())
    told = _told(opened)
    done = treatments.marks(told.visits, told.language)
    return render_template("clinic/trends.html", **opened.around, found=_charts(told, done))


@bp.get("/patients/<int:patient_id>/trends/<code>")
@needs(May.SEE_RECORD)
def course(patient_id: int, code: str) -> ResponseReturnValue:
    """One figure: its plot, how fast it changes, how far two measurements may differ."""
    one = courses.courses().get(code) or abort(404)
    opened = chart.opened(db(), patient_id, me())
    drawn = _course(one, _told(opened))
    page = {"one": one, "spec": drawn, "slopes": _slopes(one, drawn), "enough": courses.enough()}
    page |= {"step": tables.steps().get(one.step), "all": _titles(opened)}
    return render_template("clinic/course.html", **opened.around, **page)


@bp.get("/patients/<int:patient_id>/trends/<code>.csv")
@needs(May.SEE_RECORD)
def course_csv(patient_id: int, code: str) -> ResponseReturnValue:
    """The values of one figure, with the marks between them."""
    one = courses.courses().get(code) or abort(404)
    opened = chart.opened(db(), patient_id, me())
    name = f'attachment; filename="{code}-{opened.id}.csv"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(export.course(_course(one, _told(opened))), mimetype="text/csv", headers=headers)


@bp.get("/patients/<int:patient_id>/biomechanics")
@needs(May.SEE_READINGS)
def biomechanics(patient_id: int) -> ResponseReturnValue:
    """How both corneas answered over the visits, beside each other."""
    opened = chart.opened(db(), patient_id, me())
    found = response.eyes(_heard(opened, ("biomechanics",)))
    return render_template("clinic/biomechanics.html", **opened.around, eyes=found)


def _told(opened: Opened) -> Told:
    rows = queries.recorded(db(), opened.ids, (*series.ELEMENTS, *courses.ELEMENTS, *treatments.ELEMENTS))
    among = series.visits(rows)
    instruments: Mapping[str, str] = sources.of(db(), [one.sheet for one in among]).instruments
    return Told(among, _heard(opened, KINDS), instruments, opened.around["language"], _record, _reading)


def _heard(opened: Opened, kinds: tuple[str, ...]) -> list[Shown]:
    """Who may not see readings sees what stands signed."""
    return readings.of_kinds(db(), opened.ids, kinds, MOST) if May.SEE_READINGS in me().may else []


def _charts(told: Told, done: list[Mark]) -> list[tuple[str, Chart]]:
    """Charts by the name their address carries."""
    equivalent = series.equivalents(told.visits, _record, told.language)
    refracted = [*done, *treatments.changed_instruments(_refracted(told))]
    return [
        ("equivalent", Chart(_("Spherical equivalent"), _("SE"), "D", equivalent, marks=refracted)),
        ("acuity", Chart(_("Distance acuity"), "logMAR", "", series.acuities(told.visits, _record), marks=done)),
        *((one.code, courses.chart(one, told, done)) for one in courses.courses().values()),
    ]


def _refracted(told: Told) -> list[tuple[datetime, str]]:
    return series.heard_from(told.visits, "autorefraction", told.instruments)


def _course(one: Course, told: Told) -> Chart:
    return courses.chart(one, told, treatments.marks(told.visits, told.language))


def _slopes(one: Course, drawn: Chart) -> list[tuple[str, courses.Slope | None, bool]]:
    """Of each line its name, its slope, and whether instruments changed within it."""
    lines = drawn.lines() if one.slope is not None else []
    return [(legend(line), courses.found(one, line), _mixed(one, line, drawn)) for line in lines]


def _mixed(one: Course, line: Line, drawn: Chart) -> bool:
    return one.split != "instrument" and courses.mixed(line, drawn.marks)


def _titles(opened: Opened) -> list[tuple[str, str]]:
    return [(one.code, one.title.said(opened.around["language"])) for one in courses.courses().values()]


def _record(encounter_id: int) -> str:
    return url_for(".record", encounter_id=encounter_id)


def _reading(shown: Shown) -> str:
    return url_for("readings.reading", reading_id=shown.id)
