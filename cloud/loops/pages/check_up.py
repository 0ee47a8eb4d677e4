"""The check-up station's list: every patient's tests, how far each is, what one does next."""

from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.loops import ordering, questions, services, showing
from cloud.loops.chain import CHECK_UP
from cloud.loops.errors import NotHere
from cloud.loops.ordering import Test
from cloud.loops.pages.blueprint import bp, say
from cloud.queue.choices import Sort
from cloud.queue.errors import Refused
from cloud.worklist.catalogue import catalogue

AT_STATION = ("published", "seen", "told")  # what is with the doctor again


@bp.get("/loops/check-up")
@needs(May.WORK_STATIONS)
def check_up() -> ResponseReturnValue:
    """Whose tests are to be done here."""
    page = _check_up() if me().store else {"groups": None}
    return render_template("loops/check_up.html", station=showing.station(Sort.CHECK_UP), **page)


@bp.get("/loops/check-up/part")
@needs(May.WORK_STATIONS)
def check_up_part() -> ResponseReturnValue:
    """The living part of it."""
    return render_template("loops/check_up_part.html", **_check_up())


def _check_up() -> dict[str, Any]:
    services.follow(db(), showing.store_id())
    found = questions.open_(db(), showing.store_id(), CHECK_UP)
    here = sorted((one for one in found if one.task.state not in AT_STATION), key=_whose)
    groups = [list(group) for _key, group in groupby(here, key=_whose)]
    kinds = {key: one.word(showing.language()) for key, one in catalogue().kinds.items()}
    return {**showing.rows(found), "groups": sorted(groups, key=lambda rows: rows[0].since), "kinds": kinds}


def _whose(one: questions.Doing) -> tuple[int, int]:
    return (one.task.stay_id or 0, one.task.patient_id)


@bp.post("/loops/ad-hoc")
@needs(May.WORK_STATIONS, May.ORDER_TESTS)
def ad_hoc() -> ResponseReturnValue:
    """A test nobody ordered, for a reason."""
    eye = request.form.get("eye", "usual")
    test = Test(request.form.get("test", ""), None if eye == "usual" else eye)
    try:
        stay = questions.ticket(db(), showing.store_id(), request.form.get("ticket", ""))
        if stay is None:
            raise NotHere
        ordering.ad_hoc(db(), stay, test, by=me().staff_id, why=request.form.get("reason", ""))
        flash(_("%(ticket)s: the test is on the list.", ticket=stay.ticket), "info")
    except Refused as refusal:
        say(refusal)
    return redirect(url_for("loops.check_up"), 303)
