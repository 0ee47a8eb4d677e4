"""Charts of what was measured over the years, with what was done about it."""

from collections.abc import Mapping, Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, queries, sources, treatments
from cloud.clinic import trends as series
from cloud.clinic.trends import Visit
from cloud.clinic.views.door import bp
from cloud.web.charts import Chart, Mark


@bp.get("/patients/<int:patient_id>/trends")
@needs(May.SEE_RECORD)
def trends(patient_id: int) -> ResponseReturnValue:
    """Every chart of one patient."""
    opened = chart.opened(db(), patient_id, me())
    language = opened.around["language"]
    rows = queries.recorded(db(), opened.ids, (*series.ELEMENTS, *treatments.ELEMENTS))
    among = series.visits(rows)
    instruments = sources.of(db(), [one.sheet for one in among]).instruments
    found = _charts(among, language, treatments.marks(among, language), instruments)
    return render_template("clinic/trends.html", **opened.around, found=found)


def _charts(
    among: Sequence[Visit], language: str, done: Sequence[Mark], instruments: Mapping[str, str]
) -> list[tuple[str, Chart]]:
    """Charts by the name their address carries."""

    def marks(element: str) -> list[Mark]:
        return [*done, *treatments.changed_instruments(series.heard_from(among, element, instruments))]

    equivalent = series.equivalents(among, _href, language)
    length = series.measured(among, "biometry", "axial_length", _href, language)
    pressure = series.measured(among, "iop", "iop", _href, language)
    return [
        ("equivalent", Chart(_("Spherical equivalent"), _("SE"), "D", equivalent, marks=marks("autorefraction"))),
        ("length", Chart(_("Axial length"), _("Axial length"), "mm", length, marks=marks("biometry"))),
        ("pressure", Chart(_("Eye pressure"), "IOP", "mmHg", pressure, (), marks("iop"), series.targets(among))),
        ("acuity", Chart(_("Distance acuity"), "logMAR", "", series.acuities(among, _href), marks=done)),
        (
            "curvature",
            Chart(_("Mean corneal power"), "K", "D", series.curvatures(among, _href), marks=marks("keratometry")),
        ),
    ]


def _href(encounter_id: int) -> str:
    return url_for(".record", encounter_id=encounter_id)
