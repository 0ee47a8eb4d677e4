"""Looking for cases: what is asked in the address, the lines found, and the same as a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import cases as questions
from cloud.clinic import export, telling
from cloud.clinic.cases import Asked, Bound, Case
from cloud.clinic.catalogue import registry
from cloud.clinic.choices import Side
from cloud.clinic.views.door import bp
from cloud.kernel import audit
from cloud.people import queries as people
from cloud.web.frame import current_frame
from cloud.web.languages import current_language

EXPORTED = 5000
SYSTEM = "icd10"
MOST_CODES = 100
NAMES = ("diagnosis", "sign", "hour", "hour_to", "figure", "compare", "limit", "eye", "since", "until")


@dataclass(slots=True)
class Form:
    """What was asked, as far as it could be read, and what could not, by the name of the field."""

    asked: Asked
    errors: dict[str, str] = field(default_factory=dict)


@bp.get("/cases")
@needs(May.SEE_RECORD)
def cases() -> ResponseReturnValue:
    """The search, and what it finds."""
    form = _form()
    asked = form.asked if not form.errors else Asked()
    found = questions.page(db(), asked)
    if not asked.nothing:
        _note("searched", asked, len(found))
    return render_template(
        "clinic/cases.html",
        **{"form": form, "lines": _lines(found), "total": min(questions.count(db(), asked), questions.MOST + 1)},
        **{"most": questions.MOST, "older": _older(asked, found), "values": request.args, "address": _address},
        **{
            "signs": telling.signs(current_language()),
            "figures": _figures(),
        },
        **{"language": current_language(), "eyes": [("R", _eye(Side.RIGHT)), ("L", _eye(Side.LEFT))]},
        codes=[telling.diagnosis(code, current_language()) for code in asked.diagnoses],
    )


@bp.get("/cases.csv")
@needs(May.SEE_RECORD)
def cases_csv() -> ResponseReturnValue:
    """What the search finds, for a spreadsheet; that it was taken along is written down."""
    form = _form()
    asked = replace(form.asked if not form.errors else Asked(), limit=EXPORTED)
    found = questions.page(db(), asked)
    _note("exported", asked, len(found))
    headers = {"Content-Disposition": 'attachment; filename="cases.csv"', "Cache-Control": "no-store"}
    return Response(export.case_list(_lines(found)), mimetype="text/csv", headers=headers)


def _note(verb: str, asked: Asked, rows: int) -> None:
    """The trail says who looked for what kind of thing, never what was found."""
    by = {"diagnosis": asked.diagnoses, "drawing": asked.sign, "figure": asked.bound}
    kinds = [name for name, what in by.items() if what]
    audit.note(db(), by=me().staff_id, verb=verb, kind="cases", subject="+".join(kinds), rows=rows)


def _lines(found: list[Case]) -> list[telling.Line]:
    records = people.named(db(), {one.patient_id for one in found})
    survivors = people.named(db(), {one.merged_into for one in records.values() if one.merged_into})
    whose = {key: survivors.get(one.merged_into or 0, one) for key, one in records.items()}
    beside = questions.beside(db(), found)
    return telling.lines(found, whose, beside, current_frame().notation, current_language())


def _eye(side: Side) -> str:
    return telling.eye(side, current_frame().notation)


def _figures() -> list[tuple[str, str]]:
    known = questions.figures().values()
    return [(one.code, f"{one.words.said(current_language())} ({one.unit})") for one in known]


def _older(asked: Asked, found: list[Case]) -> str:
    return _address(after=f"{found[-1].at.isoformat()}~{found[-1].id}") if len(found) == asked.limit else ""


def _address(**changed: str) -> str:
    kept = {name: request.args.get(name, "") for name in NAMES}
    asks = {name: what for name, what in {**kept, **changed}.items() if what}
    return url_for(".cases") + (f"?{urlencode(asks)}" if asks else "")


def _form() -> Form:
    """What the address asks for; a field that cannot be read is named, and nothing is looked for without it."""
    errors: dict[str, str] = {}
    ask = request.args
    since, until = (_day(ask, name, errors) for name in ("since", "until"))
    asked = Asked(
        diagnoses=_diagnoses(ask.get("diagnosis", "").strip(), errors),
        sign=ask.get("sign", "")[:60],
        hours=_hours(ask, errors),
        bound=_bound(ask, errors),
        eye=Side(ask["eye"]) if ask.get("eye") in ("R", "L") else None,
        since=_begins(since),
        until=_begins(until + timedelta(days=1) if until and until < date.max else until),
        after=_after(ask.get("after", "")),
        limit=questions.PAGE,
    )
    return Form(asked, errors)


def _diagnoses(typed: str, errors: dict[str, str]) -> tuple[str, ...]:
    """Every code that fits: one exactly, all of a group (``H40``), or all that are called so."""
    if not typed:
        return ()
    known = registry.codes(SYSTEM).by_code
    exact = typed.removeprefix(f"{SYSTEM}:").upper()
    found = [exact] if exact in known else [one.code for one in registry.find_codes(SYSTEM, typed, MOST_CODES)]
    if not found:
        errors["diagnosis"] = _("No diagnosis is called this. Try a code such as H40, or part of a name.")
    return tuple(f"{SYSTEM}:{code}" for code in found)


def _hours(ask: Mapping[str, str], errors: dict[str, str]) -> tuple[int, int] | None:
    first, last = ask.get("hour", ""), ask.get("hour_to", "")
    hours = [int(one) for one in (first or last, last or first) if one.isascii() and one.isdigit() and len(one) < 3]
    if not (first or last):
        return None
    if len(hours) < len(("from", "to")) or not all(1 <= one <= questions.HOURS for one in hours):
        errors["hour"] = _("A clock hour is a whole number from 1 to 12.")
        return None
    return hours[0], hours[1]


def _bound(ask: Mapping[str, str], errors: dict[str, str]) -> Bound | None:
    figure, typed = questions.figures().get(ask.get("figure", "")), ask.get("limit", "").strip()
    if figure is None:
        return None
    limit = _number(typed)
    if limit is None:
        errors["limit"] = _("Enter a number, for instance 24 or -6.00.")
        return None
    return Bound(figure, "most" if ask.get("compare") == "most" else "least", limit)


def _number(typed: str) -> Decimal | None:
    try:
        found = Decimal(typed.replace("−", "-").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal(10_000) and len(typed) < len("-9999.000000") else None


def _day(ask: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(ask[name]) if ask.get(name) else None
    except ValueError:
        errors[name] = _("Enter the date as year-month-day, for instance 2026-03-27.")
        return None


def _begins(day: date | None) -> datetime | None:
    """When this day begins on the store's calendar."""
    return datetime.combine(day, time(), ZoneInfo(current_frame().zone)) if day else None


def _after(written: str) -> tuple[datetime, int] | None:
    moment, _sep, number = written.partition("~")
    try:
        since: Any = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        return None
    return (since, int(number)) if since.tzinfo and number.isascii() and number.isdigit() else None
