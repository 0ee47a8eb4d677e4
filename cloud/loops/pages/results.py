"""What came of my orders: results to be seen and told, and what was refused."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.loops import questions, services, showing
from cloud.loops.pages.blueprint import bp


@bp.get("/loops/results")
@needs(May.WORK_STATIONS, May.SEE_READINGS)
def results() -> ResponseReturnValue:
    """Published tests I ordered, and what was refused."""
    return render_template("loops/results.html", **(_results() if me().store else {"found": None}))


@bp.get("/loops/results/part")
@needs(May.WORK_STATIONS, May.SEE_READINGS)
def results_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("loops/results_part.html", **_results())


def _results() -> dict[str, Any]:
    services.follow(db(), showing.store_id())
    found = questions.results(db(), showing.store_id(), me().staff_id)
    return {**showing.rows(found), "found": found}
