"""A patient's examinations, beginning a new one, and what one has begun and not signed."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, queries, visits
from cloud.clinic.catalogue import registry
from cloud.clinic.chart import Chart
from cloud.clinic.queries import PAGE, Visit
from cloud.clinic.views.door import bp
from cloud.kernel.clock import now
from cloud.people import queries as people
from cloud.web import times


@bp.get("/patients/<int:patient_id>/examinations")
@needs(May.SEE_RECORD)
def examinations(patient_id: int) -> ResponseReturnValue:
    """Visits, newest first, one's own drafts before all; and where a new one begins."""
    opened = chart.opened(db(), patient_id, me())
    shown = queries.visits(db(), opened.ids, before=request.args.get("before", type=int), limit=PAGE)
    older = url_for(".examinations", patient_id=opened.id, before=shown[-1].encounter.id) if len(shown) == PAGE else ""
    mine = [one for one in shown if one.draft is not None and one.draft.author_id == me().staff_id]
    page = {
        **{"visits": mine + [one for one in shown if one not in mine], "older": older},
        **{"total": visits.count(db(), opened.ids), "names": accounts.names(db(), _staff(shown))},
        **{"templates": _offered(opened), "titles": {one.encounter.id: _title(one) for one in shown}},
        "stores": accounts.store_names(db(), {one.encounter.store_id for one in shown}),
    }
    return render_template("clinic/examinations.html", **opened.around, **page)


def _title(visit: Visit) -> str:
    return chart.template_title(visit.encounter)


def _staff(shown: list[Visit]) -> set[int]:
    begun = {one.encounter.began_by for one in shown}
    signed = {one.version.signed_by for one in shown if one.version}
    return begun | signed | {one.draft.author_id for one in shown if one.draft}


def _offered(opened: Chart) -> list[tuple[str, str]]:
    """Templates for the patient's age, code and title; all of them where the age is not known."""
    born = opened.around["patient"].birth_date
    years = times.age(born, opened.around["today"]) if born else None
    fitting = registry.for_age(years)
    rest = [one for one in registry.templates().values() if one not in fitting]
    return [(one.code, one.title.said(opened.around["language"])) for one in (*fitting, *rest)]


@bp.get("/unsigned")
@needs(May.SEE_RECORD, May.WRITE_RECORD)
def unsigned() -> ResponseReturnValue:
    """What one has begun and not signed, the longest untouched first."""
    drafts = queries.drafts_of(db(), me().staff_id)
    return render_template(
        "clinic/unsigned.html",
        drafts=drafts,
        patients=people.named(db(), {visit.patient_id for _draft, visit in drafts}),
        titles={visit.id: chart.template_title(visit) for _draft, visit in drafts},
        stores=accounts.store_names(db(), {visit.store_id for _draft, visit in drafts}),
        now=now(),
    )
