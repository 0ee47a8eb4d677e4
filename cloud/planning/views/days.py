"""Single days: closures, other hours, holidays of a country; leave and block-offs."""

from calendar import Calendar, monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.kernel.clock import local, now
from cloud.planning import holidays, hours, queries, stopping
from cloud.planning.affected import Intended
from cloud.planning.forms import hours as forms
from cloud.planning.forms import terms
from cloud.planning.forms.entered import Entered
from cloud.planning.views.blueprint import bp, entered, here, needs_chain, today
from cloud.planning.views.deciding import decide
from cloud.schedule import queries as schedule
from cloud.schedule.models import Block, Dated
from cloud.web.languages import current_language


@dataclass(frozen=True)
class Cell:
    """A day of the year's calendar; ``marks`` say what is other than usual: closed, other, leave."""

    on: date
    marks: tuple[str, ...]
    says: str


@bp.get("/planning/days")
@needs(May.SEE_SCHEDULE)
def days() -> ResponseReturnValue:
    """A year with what is other than usual in it."""
    return _page({})


@bp.post("/planning/days")
@needs(May.PLAN)
def set_days() -> ResponseReturnValue:
    """Close some days, or give them other hours."""
    form, first, by = entered(), today(), me().staff_id
    ons, windows, why = forms.day(form, first)
    store_id, whose = _where(form)
    if form.errors:
        return _page(form.errors)

    def deed(session: Session) -> None:
        for on in ons:
            hours.set_day(session, store_id, whose, on, windows, why, by=by, first=first)

    said = ngettext("%(num)d day is set.", "%(num)d days are set.", len(ons))
    return decide(Intended(store_id, deed, ons[0], ons[-1]), said, "days", year=ons[0].year)


@bp.post("/planning/days/<int:dated_id>/clear")
@needs(May.PLAN)
def clear(dated_id: int) -> ResponseReturnValue:
    """The day is as any other of its week again."""
    first, by, here_id = today(), me().staff_id, here().id
    one = queries.one_dated(db(), here_id, dated_id)
    if one.store_id is None:
        needs_chain()

    def deed(session: Session) -> None:
        hours.clear_day(session, queries.one_dated(session, here_id, dated_id), by=by, first=first)

    change = Intended(one.store_id, deed, one.on_date, one.on_date)
    return decide(change, _("The day is as usual again."), "days", year=one.on_date.year)


@bp.post("/planning/holidays")
@needs(May.PLAN)
def import_holidays() -> ResponseReturnValue:
    """Close on public holidays that were chosen of a year's list."""
    form, first, by = entered(), today(), me().staff_id
    known = {one.on: one.name for one in _holidays(terms.year(form.raw("year"), first))}
    chosen = terms.holidays(form, known, first)
    store_id, _whose = _where(form)
    if form.errors:
        return _page(form.errors)

    def deed(session: Session) -> None:
        for on in chosen:
            hours.set_day(session, store_id, None, on, [], known[on][:200], by=by, first=first)

    said = ngettext("Closed on %(num)d holiday.", "Closed on %(num)d holidays.", len(chosen))
    change = Intended(store_id, deed, *((chosen[0], chosen[-1]) if chosen else ()))
    return decide(change, said, "days", year=form.raw("year"))


@bp.post("/planning/blocks")
@needs(May.PLAN)
def block() -> ResponseReturnValue:
    """Take time out for leave, illness or maintenance; who is booked then is looked after."""
    form, by, store = entered(), me().staff_id, here()
    starts_at, ends_at, why = forms.block(form, today(), store.zone)
    _store, whose = _where(form)
    types = tuple(form.ids("types", [one.id for one in queries.types(db())]))
    if ends_at <= now() and not form.errors:
        form.wrong("to_day", _("What has been cannot be changed. Choose today or a later day."))
    if form.errors:
        return _page(form.errors)
    stop = stopping.Stop(store.id, whose, starts_at, ends_at, why, types)
    return decide(stop.change(by), _("The time is blocked off."), "days", year=starts_at.year)


@bp.post("/planning/blocks/<int:block_id>/<any(end, again):deed>")
@needs(May.PLAN)
def steer_block(block_id: int, deed: str) -> ResponseReturnValue:
    """Take a block-off back, or make it again."""
    store_id, by = here().id, me().staff_id
    one = queries.of_store(db(), Block, store_id, block_id)

    def act(session: Session) -> None:
        found = queries.of_store(session, Block, store_id, block_id)
        (hours.unblock if deed == "end" else hours.block_again)(session, found, by=by)

    said = _("The time can be booked again.") if deed == "end" else _("The time is blocked off again.")
    return decide(Intended(store_id, act), said, "days", year=one.starts_at.year)


def _where(form: Entered) -> tuple[int | None, int | None]:
    """Of which store and of whom; of the whole chain when that is said."""
    resources = [str(one.id) for one in queries.resources(db(), here().id)]
    said = form.one_of("resource_id", ["", "chain", *resources])
    if said == "chain":
        needs_chain()
        return None, None
    return here().id, int(said) if said else None


def _page(errors: dict[str, list[str]]) -> ResponseReturnValue:
    store, first = here(), today()
    year = terms.year(request.values.get("year", ""), first)
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    dated = queries.dated(db(), store.id, begins, ends)
    blocks = queries.blocks(db(), store.id, _midnight(begins, store.zone))
    closed = {one.on_date for one in dated if one.resource_id is None and not one.windows}
    resources = queries.resources(db(), store.id)
    page = {
        **{"year": year, "today": first, "months": _months(year, dated, blocks, store.zone), "resources": resources},
        **{"dated": [one for one in dated if one.on_date >= first], "named": {one.id: one for one in resources}},
        "blocks": [one for one in blocks if local(one.starts_at, store.zone).year == year],
        **{"holidays": _holidays(year), "closed": closed, "country": schedule.policy(db(), store.id).country},
        **{"types": queries.types(db()), "now": now(), "errors": errors, "sent": request.form if errors else {}},
    }
    return render_template("planning/days.html", **page), 422 if errors else 200


def _holidays(year: int) -> tuple[holidays.Holiday, ...]:
    country = schedule.policy(db(), here().id).country
    try:
        return holidays.of(country, year, current_language())
    except KeyError:
        return ()


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))


def _months(year: int, dated: Any, blocks: Any, zone: str) -> list[list[list[Cell | None]]]:
    """Twelve months of weeks of days; None for days of a neighbouring month."""
    told = _told(dated, blocks, zone)
    months = []
    for month in range(1, 13):
        last = monthrange(year, month)[1]
        weeks = Calendar().monthdays2calendar(year, month)
        days_ = {number: _cell(date(year, month, number), told) for number in range(1, last + 1)}
        months.append([[days_.get(number) for number, _weekday in week] for week in weeks])
    return months


def _cell(on: date, told: dict[date, list[tuple[str, str]]]) -> Cell:
    found = told.get(on, [])
    return Cell(on, tuple(dict.fromkeys(mark for mark, _why in found)), "; ".join(why for _mark, why in found if why))


def _told(dated: list[Dated], blocks: list[Block], zone: str) -> dict[date, list[tuple[str, str]]]:
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for one in dated:
        mark = "leave" if one.resource_id else "other" if one.windows else "closed"
        found[one.on_date].append((mark, one.why or ""))
    for block_ in blocks:
        if block_.ended_at is None:
            first, last = local(block_.starts_at, zone).date(), local(block_.ends_at - hours.DAY / 86400, zone).date()
            for number in range(min((last - first).days, 400) + 1):
                found[first + timedelta(days=number)].append(("leave", block_.why))
    return found
