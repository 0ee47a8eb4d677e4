"""The day at a glance: every station with its people, what each waits for and since when."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel.clock import now
from cloud.queue import queries
from cloud.stations import wording
from cloud.stations.pages.blueprint import bp, named, store_id
from cloud.stations.pages.holding import whose
from cloud.stations.pages.line import around


@bp.get("/stations")
@needs(May.WORK_STATIONS)
def board() -> ResponseReturnValue:
    """All stations of the store one works in."""
    return render_template("stations/board.html", **(_board() if me().store else {"stations": None}))


@bp.get("/stations/part")
@needs(May.WORK_STATIONS)
def board_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("stations/board_part.html", **_board())


def _board() -> dict[str, Any]:
    stations = queries.stations(db(), store_id())
    found = queries.open_steps(db(), [one.id for one in stations])
    columns = {one.id: [row for row in found if row.step.station_id == one.id] for one in stations}
    page = around(found)
    return {
        **page,
        **whose(),
        "columns": columns,
        "named": named,
        "moment": now(),
        "words": wording,
        "plans": May.PLAN in me().may,
    }
