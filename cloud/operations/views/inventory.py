"""Every instrument of the chain, with what was done to it and when it is due again."""

from collections.abc import Iterator, Sequence

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.fleet import catalogue, export, listing
from cloud.kernel import audit
from cloud.kernel.clock import now
from cloud.operations import inventory as list_
from cloud.operations import servicing
from cloud.operations.choices import Kind
from cloud.operations.forms import ServiceForm
from cloud.operations.views.door import address, bp, number, said, today

KEPT = ("q", "state", "region", "store", "due", "sort", "down")
PAPER = 2000  # rows on one printed list


@bp.get("/fleet/instruments")
@needs(May.SEE_FLEET)
def inventory() -> ResponseReturnValue:
    """Every instrument, narrowed and sorted as the address says."""
    return render_template("operations/inventory.html", **_list(), regions=listing.choices(db()).regions)


@bp.get("/fleet/instruments/part")
@needs(May.SEE_FLEET)
def inventory_part() -> ResponseReturnValue:
    """The list alone; the browser's address follows what is typed."""
    answer = make_response(render_template("operations/inventory_part.html", **_list()))
    answer.headers["HX-Replace-Url"] = _address(before=said("before"), after=said("after"))
    return answer


def _list() -> dict[str, object]:
    asked = _asked()
    return {
        **{"asked": asked, "page": list_.page(db(), asked), "grade": catalogue.grade, "address": _address},
        **{"glance": list_.glance(db(), asked.today), "today": asked.today, "soon": asked.today + list_.SOON},
    }


def _asked() -> list_.Asked:
    sort = said("sort") if said("sort") in list_.SORTS else "store"
    before, after = _row(sort, said("before")), _row(sort, said("after"))
    return list_.Asked(
        today(),
        words=said("q", 80),
        state=said("state") if said("state") in list_.STATES else "",
        region=number(said("region")),
        store=said("store", 40),
        due=said("due") if said("due") in list_.DUES else "",
        sort=sort,
        down=bool(said("down")),
        after=before or after,
        back=before is not None,
    )


def _row(sort: str, written: str) -> tuple[object, int] | None:
    try:
        return list_.read_place(sort, written)
    except ValueError:
        return None


def _address(endpoint: str = "operations.inventory", **changed: object) -> str:
    return address(endpoint, KEPT, **changed)


@bp.get("/fleet/instruments.<any(csv, xlsx):kind>")
@needs(May.SEE_FLEET)
def inventory_file(kind: str) -> ResponseReturnValue:
    """The list as it is narrowed, for a spreadsheet; that it was taken along is written down."""
    rows = list(list_.lines(db(), list_.whole(_asked())))
    audit.note(db(), by=me().staff_id, verb="exported", kind="instruments", subject=kind, rows=len(rows))
    content, mimetype = export.written(_rows(rows), kind)
    headers = {"Content-Disposition": f'attachment; filename="instruments-{now().date()}.{kind}"'}
    return Response(content, mimetype=mimetype, headers={**headers, "Cache-Control": "no-store"})


def _rows(lines: Sequence[list_.Line]) -> Iterator[Sequence[str]]:
    yield [
        *(
            _("Store"),
            _("Region"),
            _("Lane"),
            _("Maker"),
            _("Model"),
            _("How its dialect is known"),
            _("Serial number"),
        ),
        *(_("State"), _("Last reading"), _("Calibrated"), _("Serviced"), _("Next due"), _("Gateway")),
    ]
    for line in lines:
        one, plate = line.instrument, line.plate
        days = (plate.calibrated_on, plate.serviced_on, plate.next_due) if plate else (None, None, None)
        yield [
            *(line.store, line.region or "", one.lane or "", one.maker or "", one.model or one.family),
            *(catalogue.grade(one.family, one.model) or "", line.serial or "", one.state, export.moment(one.heard_at)),
            *("" if day is None else day.isoformat() for day in days),
            line.gateway,
        ]


@bp.get("/fleet/instruments/print")
@needs(May.SEE_FLEET)
def inventory_paper() -> ResponseReturnValue:
    """The list as it is narrowed, for paper."""
    asked = list_.whole(_asked())
    page = {"lines": list(list_.lines(db(), asked, PAPER)), "total": list_.count(db(), asked), "today": asked.today}
    return render_template("operations/inventory_paper.html", **page, back=_address())


@bp.get("/fleet/instruments/<int:instrument_id>")
@needs(May.SEE_FLEET)
def instrument(instrument_id: int) -> ResponseReturnValue:
    """One instrument with everything that was done to it."""
    return _instrument(instrument_id, ServiceForm({"done_on": today().isoformat()}))


def _instrument(instrument_id: int, form: ServiceForm) -> str:
    line, entries = list_.line(db(), instrument_id), servicing.of(db(), instrument_id)
    return render_template(
        "operations/instrument.html",
        **{
            "line": line,
            "one": line.instrument,
            "entries": entries,
            "form": form,
            "kinds": list(Kind),
            "today": today(),
        },
        standing={one.id for one in servicing.standing(entries)},
        names=accounts.names(db(), {one.by for one in entries}),
        **{"grade": catalogue.grade, "may_act": May.MEND_FLEET in me().may},
    )


@bp.post("/fleet/instruments/<int:instrument_id>/services")
@needs(May.MEND_FLEET)
def enter_service(instrument_id: int) -> ResponseReturnValue:
    """Write down a calibration, service or repair."""
    list_.line(db(), instrument_id)
    form = ServiceForm.read(request.form, today())
    if form.done is None:
        return _instrument(instrument_id, form), 422
    servicing.enter(db(), instrument_id, form.done, by=me().staff_id)
    flash(_("Kept."), "info")
    return redirect(url_for(".instrument", instrument_id=instrument_id), 303)


@bp.post("/fleet/instruments/<int:instrument_id>/services/<int:service_id>/strike")
@needs(May.MEND_FLEET)
def strike_service(instrument_id: int, service_id: int) -> ResponseReturnValue:
    """Strike a wrong entry, with a reason."""
    list_.line(db(), instrument_id)
    why = said("why", 500)
    if not why:
        flash(_("Striking an entry needs a reason. Nothing was changed."), "warning")
    else:
        servicing.strike(db(), instrument_id, service_id, why=why, today=today(), by=me().staff_id)
    return redirect(url_for(".instrument", instrument_id=instrument_id), 303)


@bp.post("/fleet/instruments/<int:instrument_id>/serial")
@needs(May.MEND_FLEET)
def set_serial(instrument_id: int) -> ResponseReturnValue:
    """The serial number as somebody read it off the plate."""
    servicing.set_serial(db(), instrument_id, said("serial", 80) or None, by=me().staff_id)
    return redirect(url_for(".instrument", instrument_id=instrument_id), 303)
