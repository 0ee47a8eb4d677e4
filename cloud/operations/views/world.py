"""The stores on a map, and where each stands."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.operations import atlas, places
from cloud.operations.atlas import View
from cloud.operations.forms import PlaceForm
from cloud.operations.views.door import bp, said

BESIDE = 200  # stores in the list beside the map


@bp.get("/fleet/map")
@needs(May.SEE_FLEET)
def world() -> ResponseReturnValue:
    """Every store that has a place, as dots by state; near ones as one."""
    asked = _view()
    spots = places.spots(db(), asked.degrees if asked else None)
    view = asked or atlas.around(spots)
    dots = atlas.dots(spots, view)
    seen = {spot.id for dot in dots for spot in dot.spots}
    beside = [one.id for one in spots if one.id in seen]
    return render_template(
        "operations/world.html",
        **{"dots": dots, "outline": atlas.outline(view), "width": atlas.WIDTH, "height": atlas.HEIGHT},
        **{"beside": places.stands(db(), ids=beside[:BESIDE]), "total": len(beside), "inside": _inside},
        **{"placed": bool(spots) or places.are_there(db(), placed=True), "zoomed": asked is not None},
        **{"missing": places.are_there(db(), placed=False), "may_act": May.MEND_FLEET in me().may},
    )


def _view() -> View | None:
    """The part of the world an address asks for: left, top, span; None for all that has a place."""
    try:
        left, top, span = (float(part) for part in said("view", 60).split("~"))
    except ValueError:
        return None
    fits = -400 <= left <= 400 and -400 <= top <= 400 and atlas.LEAST / 10 <= span <= 400
    return View(round(left, 4), round(top, 4), round(span, 4)) if fits else None


def _inside(dot: atlas.Dot) -> str:
    """The address of the map that shows a dot's stores apart."""
    view = atlas.around(dot.spots)
    return url_for(".world", view=f"{view.left:.4f}~{view.top:.4f}~{view.span:.4f}")


@bp.get("/fleet/places")
@needs(May.SEE_FLEET)
def stores() -> ResponseReturnValue:
    """Stores with their places, those without one to be found quickly."""
    missing = bool(said("missing"))
    found = places.stands(db(), words=said("q", 80), missing=missing, limit=places.PAGE + 1)
    page = {
        "stands": found[: places.PAGE],
        "more": len(found) > places.PAGE,
        "words": said("q", 80),
        "missing": missing,
    }
    return render_template("operations/stores.html", **page, may_act=May.MEND_FLEET in me().may)


@bp.get("/fleet/places/<int:store_id>")
@needs(May.MEND_FLEET)
def place(store_id: int) -> ResponseReturnValue:
    """Where a store stands."""
    store, held = places.store(db(), store_id)
    form = PlaceForm()
    if held is not None:
        degrees = ["" if one is None else str(one.normalize()) for one in (held.latitude, held.longitude)]
        form = PlaceForm(degrees[0], degrees[1], held.address or "")
    return render_template("operations/place.html", store=store, form=form)


@bp.post("/fleet/places/<int:store_id>")
@needs(May.MEND_FLEET)
def put_place(store_id: int) -> ResponseReturnValue:
    """Say where it stands."""
    store, _held = places.store(db(), store_id)
    form = PlaceForm.read(request.form)
    if form.errors:
        return render_template("operations/place.html", store=store, form=form), 422
    north, east = form.degrees or (None, None)
    places.put(db(), store_id, latitude=north, longitude=east, address=form.address or None, by=me().staff_id)
    flash(_("The place of %(store)s is kept.", store=store.name), "info")
    return redirect(url_for(".stores", missing="1" if said("next") == "missing" else None), 303)
