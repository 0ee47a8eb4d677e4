"""The examination page as data: its parts in the order of the template, and how the draft stands, as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cloud.accounts import queries as accounts
from cloud.accounts.choices import May
from cloud.accounts.queries import Person
from cloud.clinic import checks, compare, derived, proposals, queries, sources, values, wording
from cloud.clinic.catalogue import registry
from cloud.clinic.catalogue.shapes import Element, Group, Kind, Template, Words
from cloud.clinic.checks import Context, Finding
from cloud.clinic.drafting import Put
from cloud.clinic.errors import Locked, Unreadable
from cloud.clinic.models import Draft, Encounter
from cloud.clinic.places import Place
from cloud.clinic.proposals import Proposal
from cloud.clinic.queries import Visit
from cloud.clinic.sheet import Item, Sheet
from cloud.clinic.wording import Sources
from cloud.people import queries as people
from cloud.web import times
from cloud.web.frame import current_frame
from cloud.web.languages import current_language

MOST_OPEN = 12  # elements; a page with more begins with what must be recorded
SIGNS = {"instrument": "▣", "edited": "✎", "copied": "⧉", "confirmed": "⧉", "patient": "☏", "imported": "⇥"}


@dataclass(frozen=True, slots=True)
class Section:
    """An element on the page: what is recorded of it, and when it was last recorded for this patient.

    ``folded`` shows its heading alone: of a long template, what nobody must record and nobody has yet.
    """

    type: Element
    mandatory: bool
    instances: tuple[int, ...]
    earlier: datetime | None
    folded: bool = False


def _open(visit: Visit) -> Draft:
    if visit.draft is None:
        raise Locked(visit.encounter.id)
    return visit.draft


def words(said: Words) -> str:
    """In the language of the page."""
    return said.said(current_language())


def of(session: Session, visit: Visit, person: Person) -> dict[str, Any]:
    """Everything the page shows. Raises Locked."""
    draft = _open(visit)
    encounter = visit.encounter
    patient = people.patient(session, encounter.patient_id)
    sheet, context = queries.drafted(session, draft.id), Context.of(session, encounter)
    sections = _sections(session, encounter, sheet)
    others = accounts.names(session, set(queries.present(session, patient.id, person.staff_id)))
    return {
        **{"visit": visit, "patient": patient, "banner": people.banner(session, patient, person.roles)},
        **{"others": sorted(others.values()), "today": times.in_store(draft.saved_at).date()},
        **{"template": _template(encounter), "language": current_language(), "eyes": _eyes()},
        **{"groups": _grouped(sections), "more": _more(sections)},
        **{"items": {str(place): _drawn(place, item) for place, item in sheet.items()}},
        **{"may_sign": May.SIGN_RECORD in person.may, "may_prescribe": May.PRESCRIBE in person.may},
        "author": accounts.names(session, {draft.author_id}).get(draft.author_id, ""),
        **proposals_of(session, visit, person, context),
        "initial": state(session, visit, context).decode(),
    }


@dataclass(frozen=True, slots=True)
class _Cell:
    entered: str
    words: str


def _drawn(place: Place, item: Item) -> _Cell:
    return _Cell(item.entered, _told(place, item) or "")


def _template(encounter: Encounter) -> Template:
    known = registry.templates().get(encounter.template)
    return known or Template(encounter.template, 0, Words(encounter.template, encounter.template), ())


def _eyes() -> dict[str, str]:
    notation = current_frame().notation
    return {"R": notation.eye("right"), "L": notation.eye("left"), "B": notation.eye("both")}


def _sections(session: Session, encounter: Encounter, sheet: Sheet) -> list[Section]:
    asked = {place["element"]: place["mandatory"] for place in encounter.layout}
    codes = [code for code in asked if code in registry.elements()]
    codes += [code for code in dict.fromkeys(place.element for place in sheet) if code not in asked]
    last, long = _earlier(session, encounter, codes), len(codes) > MOST_OPEN
    return [_section(code, bool(asked.get(code)), sheet, last.get(code), long) for code in codes]


def _section(code: str, mandatory: bool, sheet: Sheet, earlier: datetime | None, long: bool = False) -> Section:
    known, there = registry.element(code), tuple(sheet.instances(code))
    folded = long and not mandatory and not there
    drawn = tuple(range(1, max(there, default=1) + 1))  # one that was emptied keeps its place
    return Section(known, mandatory, drawn, earlier if known.copyable else None, folded)


def _earlier(session: Session, encounter: Encounter, codes: Iterable[str]) -> Mapping[str, datetime]:
    copyable = [code for code in codes if registry.element(code).copyable]
    ids = people.ids_of(session, encounter.patient_id)
    return queries.last_recorded(session, ids, copyable, before=encounter.began_at)


def _grouped(sections: list[Section]) -> list[tuple[Group, list[Section]]]:
    """Sections under their headings; headings in the order of the catalogue, sections in that of the template."""
    found = [(group, [one for one in sections if one.type.group == code]) for code, group in registry.groups().items()]
    return [(group, inside) for group, inside in found if inside]


def _more(sections: list[Section]) -> list[Element]:
    here = {one.type.code for one in sections}
    return sorted(
        (one for one in registry.elements().values() if one.code not in here), key=lambda one: words(one.title)
    )


def part(session: Session, visit: Visit, code: str) -> dict[str, Any]:
    """One element for the page, whether the template asked for it or not. Raises NoSuchElement."""
    draft = _open(visit)
    known, sheet = registry.element(code), queries.drafted(session, draft.id)
    section = _section(code, False, sheet, _earlier(session, visit.encounter, [code]).get(code))
    items = {str(place): _drawn(place, item) for place, item in sheet.of(known.code)}
    return {"section": section, "items": items, "language": current_language(), "eyes": _eyes()}


def state(session: Session, visit: Visit, context: Context | None = None) -> bytes:
    """How the draft stands, for the page's script. Raises Locked."""
    draft = _open(visit)
    sheet, context = queries.drafted(session, draft.id), context or Context.of(session, visit.encounter)
    return msgspec.json.encode(
        {
            "revision": draft.revision,
            "saved_at": draft.saved_at.isoformat(),
            "saved_clock": times.clock(draft.saved_at, to="second"),
            "undo": draft.before is not None,
            "items": _items(session, visit.encounter, sheet, context),
            "derived": _derived(sheet, context),
            "findings": [_finding(one) for one in checks.looked_at(context, sheet)],
        }
    )


def _items(session: Session, encounter: Encounter, sheet: Sheet, context: Context) -> dict[str, Any]:
    names, moved = sources.of(session, [sheet]), compare.against_last(session, encounter, sheet, context)
    return {
        str(place): _item(place, item, names, encounter) | _moved(moved.get(place)) for place, item in sheet.items()
    }


def _moved(found: compare.Difference | None) -> dict[str, Any]:
    if found is None or not found.words:
        return {}
    return {"difference": {"words": found.words, "beyond": found.beyond, "title": found.entered}}


def _item(place: Place, item: Item, names: Sources, encounter: Encounter) -> dict[str, Any]:
    mark = wording.provenance(place, item, names, current_frame().notation, current_language(), encounter.began_at)
    sign = SIGNS.get(mark.kind, "!" if mark.late else "")
    return {
        **{"entered": item.entered, "origin": item.origin.value, "quality": item.quality.value, "copied": item.copied},
        **{"problem": item.problem, "words": _told(place, item)},
        "mark": {"sign": sign, "words": mark.words, "confirm": _holds()} if sign else None,
    }


def _holds() -> str:
    return str(_("still so"))


def _told(place: Place, item: Item) -> str | None:
    """Words beside the entry itself, where the entry is a code or a drawing."""
    if place.spec.kind not in (Kind.CODE, Kind.DRAWING) or item.value is None:
        return None
    return str(wording.shown(place, item, current_frame().notation, current_language()))


def _finding(one: Finding) -> dict[str, str]:
    place = str(one.places[0]) if one.places else ""
    missing = one.id.removeprefix("missing.") if one.id.startswith("missing.") else ""
    return {"key": one.key, "level": one.level.value, "text": one.text, "place": place, "missing": missing}


def _derived(sheet: Sheet, context: Context) -> dict[str, list[dict[str, Any]]]:
    found = derived.lines(sheet, context)
    return {f"{element}.{n}": [_line(one) for one in lines] for (element, n), lines in found.items()}


def _line(one: derived.Line) -> dict[str, Any]:
    eye = _eyes().get(one.side.value, "")
    rule = f"{one.rule} v{one.version}"
    return {"title": f"{eye} {one.title}".strip(), "text": one.text, "rule": rule, "warnings": list(one.warnings)}


def proposals_of(session: Session, visit: Visit, person: Person, context: Context | None = None) -> dict[str, Any]:
    """The readings that wait beside the examination."""
    found = proposals.waiting(session, visit.encounter, context or Context.of(session, visit.encounter))
    mine = visit.draft is not None and visit.draft.author_id == person.staff_id
    return {
        **{"visit": visit, "patient": people.patient(session, visit.encounter.patient_id), "mine": mine},
        **{"waiting": [(one, _rows(one)) for one in found], "eyes": _eyes()},
        "ready": sum(one.at_once for one in found),
    }


def _rows(one: Proposal) -> list[tuple[str, dict[str, str]]]:
    """What a proposal would write, a line a field, by side."""
    rows: dict[str, dict[str, str]] = {}
    for put in one.values:
        rows.setdefault(words(put.place.spec.title), {})[put.place.side.value] = _would_say(put, one.captured_at)
    return list(rows.items())


def _would_say(put: Put, at: datetime) -> str:
    """A proposed value in the trade's words; as the instrument wrote it where it cannot be read."""
    try:
        value = values.read(put.place.spec, put.entered, put.place.side)
    except Unreadable:
        return put.entered
    known = (put.quality, put.origin, put.source, put.device_value, put.measured_at)
    item = Item(put.entered, value, None, *known, confirmed=True, changed_at=at, changed_by=0)
    return str(wording.shown(put.place, item, current_frame().notation, current_language()))
