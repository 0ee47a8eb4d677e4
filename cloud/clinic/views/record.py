"""A signed record, read: any of its versions, at any past moment, with what changed and the proof that it did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.gate import db, me, needs
from cloud.clinic import chart, compare, grid, history, queries, revisions, sources, visits, wording
from cloud.clinic.chart import Chart
from cloud.clinic.choices import Act, Amending
from cloud.clinic.errors import NoSuchVersion
from cloud.clinic.grid import Difference, Reader, Said
from cloud.clinic.models import Version
from cloud.clinic.places import Place
from cloud.clinic.queries import Visit
from cloud.clinic.revisions import Changed
from cloud.clinic.sheet import Sheet
from cloud.clinic.views.door import bp
from cloud.clinic.wording import Sources

bp.add_app_template_global(grid.grids, "record_grids")
bp.add_app_template_global(grid.title, "record_title")
bp.add_app_template_global(wording.choice_words, "choice_words")


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as a page shows it: its values, those of the version it is held against, and all versions."""

    version: Version
    sheet: Sheet
    against: Version | None
    before: Sheet
    versions: tuple[Version, ...]

    @property
    def changes(self) -> list[Changed]:
        """What differs from the version it is held against."""
        return revisions.changes(self.before, self.sheet) if self.against else []


@bp.get("/examinations/<int:encounter_id>")
@needs(May.SEE_RECORD)
def record(encounter_id: int) -> ResponseReturnValue:
    """The record as it stands, or any version of it."""
    visit = queries.visit(db(), encounter_id)
    if visit.draft is not None and visit.version is None and May.WRITE_RECORD in me().may:
        return redirect(url_for(".exam", encounter_id=encounter_id), 303)
    opened = chart.opened(db(), visit.encounter.patient_id, me())
    if visit.version is None:
        return _unsigned(visit, opened)
    shown = chosen(visit)
    marks = _marks(visit, shown)
    reader = chart.reader(marks, visit.encounter)
    before, after = visits.beside(db(), visit.encounter, opened.ids)
    page = {
        **{"earlier": before, "later": after, "amending": list(Amending), **of(visit, shown, marks)},
        **{"differences": _margin(visit, shown, reader, opened), "changes": _told(shown.changes, reader)},
    }
    return render_template("clinic/record.html", **opened.around, **page, reader=reader)


def _unsigned(visit: Visit, opened: Chart) -> str:
    """A visit without a signature: somebody is writing, or gave it up. What a draft holds is its author's."""
    gone = visits.discard_of(db(), visit.encounter.id)
    staff = {visit.encounter.began_by, *([gone.by] if gone else []), *([visit.draft.author_id] if visit.draft else [])}
    page = {"visit": visit, "gone": gone, "names": accounts.names(db(), staff), "title": _title(visit)}
    return render_template("clinic/record_unsigned.html", **opened.around, **page)


def chosen(visit: Visit) -> Shown:
    """The version that the address asks for (``version`` or ``at``), else the one that stands. Raises NoSuchVersion."""
    versions = tuple(queries.versions(db(), visit.encounter.id))
    version = _asked(visit, versions)
    before = _number(versions, request.args.get("against", version.number - 1, type=int))
    sheets = [queries.signed(db(), one.id) if one else Sheet() for one in (version, before)]
    return Shown(version, sheets[0], before, sheets[1], versions)


def _asked(visit: Visit, versions: tuple[Version, ...]) -> Version:
    if "at" in request.args:
        return queries.version_at(db(), visit.encounter.id, _moment())
    number = request.args.get("version", _standing(versions), type=int)
    found = _number(versions, number)
    if found is None:
        raise NoSuchVersion(visit.encounter.id)
    return found


def _moment() -> datetime:
    try:
        moment = datetime.fromisoformat(request.args["at"].replace(" ", "+"))
    except ValueError:
        abort(400)
    return moment if moment.tzinfo else abort(400)


def _standing(versions: tuple[Version, ...]) -> int:
    """The last version with values: of a retracted record, what was retracted."""
    return max(one.number for one in versions if one.act != Act.RETRACTED.value)


def _number(versions: tuple[Version, ...], number: int | None) -> Version | None:
    return next((one for one in versions if one.number == number), None)


def of(visit: Visit, shown: Shown, marks: Sources) -> dict[str, object]:
    """What page and print of a version have in common."""
    sheet, staff = shown.sheet, marks.names
    return {
        **{"visit": visit, "shown": shown, "sheet": sheet, "names": staff, "title": _title(visit)},
        **{"groups": grid.grouped(grid.order(visit.encounter.layout, sheet)), "newest": visit.version},
        "troubles": revisions.troubles(shown.versions, shown.version, sheet),
        "overrides": revisions.overrides(shown.version),
        "store": accounts.store(db(), visit.encounter.store_id),
    }


def _title(visit: Visit) -> str:
    return chart.template_title(visit.encounter)


def _marks(visit: Visit, shown: Shown) -> Sources:
    staff = {by for one in shown.versions for by in (one.signed_by, one.second_by) if by is not None}
    if visit.draft is not None:
        staff.add(visit.draft.author_id)
    return sources.of(db(), [shown.sheet, shown.before], staff)


def _margin(visit: Visit, shown: Shown, reader: Reader, opened: Chart) -> Mapping[Place, Said]:
    """What stands beside the values: of an amended version what it changed, else how far they moved since last time."""
    if shown.against is not None:
        return _differences(shown, reader)
    known = history.read(db(), opened.ids, visit.encounter.began_at)
    return {place: one for place, one in compare.differences(known, shown.sheet).items() if one.beyond}


def _differences(shown: Shown, reader: Reader) -> dict[Place, Said]:
    return {
        one.place: Difference(
            _("was %(before)s", before=wording.shown(one.place, one.before, reader.notation, reader.language))
            if one.before
            else str(_("added"))
        )
        for one in shown.changes
        if one.after
    }


def _told(changes: list[Changed], reader: Reader) -> list[tuple[str, str, str]]:
    """Each change as where, what it said before, what it says; nothing where it said nothing."""
    return [
        (
            grid.place_title(one.place, reader),
            wording.shown(one.place, one.before, reader.notation, reader.language) if one.before else "",
            wording.shown(one.place, one.after, reader.notation, reader.language) if one.after else "",
        )
        for one in changes
    ]
