"""What the pages of pictures show, as data: pictures by day, and for the viewer a pane for each that is open."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from cloud.imaging import queries, wording
from cloud.imaging.choices import Kind
from cloud.imaging.models import Mark, Rendition
from cloud.imaging.queries import Picture
from cloud.web import times

PAGE = 24  # pictures on one page of the grid
OTHERS = 40  # of the patient, to open or to put beside one


def by_day(found: Sequence[Picture]) -> list[tuple[date, list[Picture]]]:
    """Pictures under the day they were taken on in the store, newest day first."""
    return [(day, list(group)) for day, group in groupby(found, key=lambda one: times.in_store(one.at).date())]


def others(session: Session, patient_id: int, picture: Picture) -> list[Picture]:
    """The patient's other pictures, those of the same kind first, else newest first."""
    found = [one for one in queries.of_patient(session, patient_id, limit=OTHERS) if one.id != picture.id]
    return sorted(found, key=lambda one: _kind(one) != _kind(picture))


def _kind(picture: Picture) -> str:
    return str(getattr(picture.said, "modality", "document"))


def spec(session: Session, patient_id: int, open_: Sequence[Picture], *, may_write: bool) -> dict[str, Any]:
    """All the viewer is told."""
    return {
        "panes": [pane(session, patient_id, one) for one in open_],
        "words": wording.of_script(),
        "writes": may_write,
    }


def pane(session: Session, patient_id: int, picture: Picture) -> dict[str, Any]:
    """One picture: its frames with their addresses, what is known of its scale, the marks beside it."""
    made = queries.renditions(session, picture.original)
    where: dict[str, Any] = {"patient_id": patient_id, "reading_id": picture.id}
    about = picture.about
    return {
        "reading": str(picture.id),
        "state": picture.state,
        "medium": about.get("medium", "picture"),
        "count": about.get("frames", 0),
        "size": [about.get("columns", 0), about.get("rows", 0)],
        "pixel_mm": about.get("pixel_mm"),
        "placed": about.get("placed", False),
        "positions": about.get("positions"),
        "reference": about.get("reference"),
        "depth": about.get("depth"),
        "window": about.get("window"),
        "frames": [_address(one, where) for one in made if one.kind == Kind.FRAME],
        "held": [_address(one, where) for one in made if one.kind == Kind.HELD],
        "enface": next((_address(one, where) for one in made if one.kind == Kind.ENFACE), None),
        "marks": [mark(one) for one in queries.marks(session, picture.id)],
        "state_href": url_for("imaging.told", **where),
        "marks_href": url_for("imaging.save_marks", **where),
    }


def _address(one: Rendition, where: dict[str, Any]) -> dict[str, Any]:
    href = url_for("imaging.rendition", **where, kind=one.kind, number=one.number, v=one.sha256[:12])
    return {"number": one.number, "href": href, "width": one.width, "height": one.height}


def mark(one: Mark) -> dict[str, Any]:
    """A mark as the viewer draws it."""
    return {"id": one.id, "frame": one.frame, "shape": one.shape, "points": one.points, "words": one.words or ""}
