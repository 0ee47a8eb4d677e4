"""A form in, a prescription out: exact numbers, and sentences where something cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cloud.prescriptions import entry, powers
from cloud.prescriptions.choices import EYES, Kind, Origin
from cloud.prescriptions.entry import Mistyped
from cloud.prescriptions.sheet import NOTE, Sheet
from cloud.prescriptions.tables import is_marked, jurisdictions, valid_until
from cloud.prescriptions.values import ContactLens, Head, Medicine, SpectacleEye, TaperStep, Written

DRUG_LINES = 6
EYE_TYPED = ("sphere", "cylinder", "axis", "add_near", "add_intermediate", "add_second", "prism", "va")
LENS_TYPED = ("name", "base_curve", "diameter", "power", "cylinder", "axis", "add_near", "material", "colour")
ADDS, PDS = ("add_near", "add_intermediate", "add_second"), ("pd_far", "pd_near")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, when by the store's calendar, and for whom."""

    name: str
    today: date
    is_child: bool = False
    origin: Origin = Origin.OWN


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the form says, and what in it cannot be read, by field."""

    written: Written
    errors: dict[str, str]


def parse(kind: Kind, entered: Mapping[str, str], writer: Writer) -> Parsed:
    """Read a whole form; nothing is raised."""
    sheet = Sheet(entered)
    parts = _parts(sheet, kind)
    head = _head(sheet, kind, writer)
    return Parsed(Written(head=head, **parts), sheet.errors)


def _parts(sheet: Sheet, kind: Kind) -> dict[str, Any]:
    if kind == Kind.DRUG:
        return _drug(sheet)
    return _contact(sheet) if kind == Kind.CONTACT else _spectacle(sheet)


def _head(sheet: Sheet, kind: Kind, writer: Writer) -> Head:
    outside = writer.origin == Origin.OUTSIDE
    places = {code for code, _word in jurisdictions("en")}
    jurisdiction = sheet.one_of("jurisdiction", places) or "other"
    written_on = sheet.day("written_on") or writer.today
    until = sheet.day("valid_until") or valid_until(kind, jurisdiction, written_on, child=writer.is_child)
    return Head(
        kind=kind,
        origin=writer.origin,
        written_on=written_on,
        valid_until=until,
        dispense_until=sheet.day("dispense_until"),
        jurisdiction=jurisdiction,
        prescriber_name=sheet.text("prescriber_name") if outside else writer.name,
        practice=sheet.text("practice") if outside else "",
        licence=sheet.text("licence", 60),
        notes_lab=sheet.text("notes_lab", NOTE),
        notes_patient=sheet.text("notes_patient", NOTE),
        **_measured(sheet, kind),
        **_wear(sheet, kind),
    )


def _measured(sheet: Sheet, kind: Kind) -> dict[str, Any]:
    if kind != Kind.SPECTACLE:
        return {}
    lengths = {name: sheet.read(name, entry.amount) for name in ("bvd", "pd_far", "pd_near")}
    return {**lengths, "use": sheet.choice("use", "use"), "design": sheet.choice("design", "design")}


def _wear(sheet: Sheet, kind: Kind) -> dict[str, Any]:
    if kind != Kind.CONTACT:
        return {}
    return {
        "wear": sheet.choice("wear", "wear"),
        "care_system": sheet.text("care_system"),
        "max_wear_hours": sheet.read("max_wear_hours", entry.whole),
        "supply_lenses": sheet.read("supply_lenses", entry.whole),
    }


def _spectacle(sheet: Sheet) -> dict[str, tuple[SpectacleEye, ...]]:
    return {"eyes": tuple(_eye(sheet, side) for side in EYES if _is_typed(sheet, side, EYE_TYPED, "lens"))}


def _is_typed(sheet: Sheet, side: str, names: tuple[str, ...], group: str) -> bool:
    """Whether anything stands for this eye; an occluder or a balance lens is something without a power."""
    any_typed = any(sheet.entered.get(f"{side}_{name}", "").strip() for name in names)
    return any_typed or is_marked(group, sheet.entered.get(f"{side}_{group}"), "powerless")


def _eye(sheet: Sheet, side: str) -> SpectacleEye:
    form = "plus" if sheet.entered.get("form") == "plus" else "minus"
    adds: dict[str, Any] = {name: sheet.read(f"{side}_{name}", entry.add) for name in ADDS}
    lengths: dict[str, Any] = {name: sheet.read(f"{side}_{name}", entry.amount) for name in PDS}
    return SpectacleEye(
        eye=side,
        lens=sheet.choice(f"{side}_lens", "lens") or "lens",
        sphere=sheet.read(f"{side}_sphere", entry.sphere),
        cylinder=sheet.read(f"{side}_cylinder", lambda typed: entry.cylinder(typed, form)),
        axis=sheet.read(f"{side}_axis", entry.axis),
        va=sheet.text(f"{side}_va", 20),
        magnification=sheet.read(f"{side}_magnification", lambda typed: entry.amount(typed, places=2)),
        **adds,
        **lengths,
        **_prism(sheet, side),
    )


def _prism(sheet: Sheet, side: str) -> dict[str, Any]:
    parts, base_deg = sheet.read(f"{side}_prism", entry.prism) or ((), None)
    if not parts:
        return {}
    h, v = powers.components(side, parts, base_deg)
    (first, first_base), (second, second_base) = (*parts, (None, None))[:2]
    return {
        **{"prism_1": first, "base_1": first_base, "prism_2": second, "base_2": second_base},
        **{"base_deg": base_deg, "prism_h": h, "prism_v": v},
    }


def _contact(sheet: Sheet) -> dict[str, tuple[ContactLens, ...]]:
    return {"lenses": tuple(_lens(sheet, side) for side in EYES if _is_typed(sheet, side, LENS_TYPED, "lens"))}


def _lens(sheet: Sheet, side: str) -> ContactLens:
    def fine(typed: str) -> Decimal | None:
        return entry.amount(typed, places=2, most=99)

    return ContactLens(
        eye=side,
        design=sheet.choice(f"{side}_design", "contact") or "soft_sphere",
        name=sheet.text(f"{side}_name"),
        material=sheet.text(f"{side}_material", 100),
        base_curve=sheet.read(f"{side}_base_curve", fine),
        diameter=sheet.read(f"{side}_diameter", fine),
        power=sheet.read(f"{side}_power", entry.sphere),
        cylinder=sheet.read(f"{side}_cylinder", lambda typed: entry.cylinder(typed, "minus")),
        axis=sheet.read(f"{side}_axis", entry.axis),
        add_near=sheet.read(f"{side}_add_near", entry.add),
        add_class=sheet.choice(f"{side}_add_class", "add_class"),
        dominance=sheet.choice(f"{side}_dominance", "dominance"),
        colour=sheet.text(f"{side}_colour", 60),
        replacement=sheet.choice(f"{side}_replacement", "replacement"),
    )


def _drug(sheet: Sheet) -> dict[str, tuple[Medicine, ...]]:
    lines = (line for line in range(1, DRUG_LINES + 1) if sheet.entered.get(f"drug_{line}", "").strip())
    return {"medicines": tuple(_medicine(sheet, line) for line in lines)}


def _medicine(sheet: Sheet, line: int) -> Medicine:
    return Medicine(
        line=line,
        drug=sheet.text(f"drug_{line}"),
        strength=sheet.text(f"strength_{line}", 60),
        form=sheet.choice(f"form_{line}", "drug_form"),
        eye=sheet.choice(f"eye_{line}", "drug_eye"),
        dose=sheet.text(f"dose_{line}", 100),
        frequency=sheet.text(f"frequency_{line}", 100),
        course_days=sheet.read(f"course_{line}", entry.whole),
        repeats=sheet.read(f"repeats_{line}", entry.whole) or 0,
        quantity=sheet.text(f"quantity_{line}", 60),
        instructions=sheet.text(f"instructions_{line}", NOTE),
        taper=sheet.read(f"taper_{line}", _taper) or (),
    )


def _taper(typed: str) -> tuple[TaperStep, ...]:
    return tuple(_step(line) for line in typed.splitlines() if line.strip())


def _step(line: str) -> TaperStep:
    often, comma, days = line.replace("，", ",").rpartition(",")
    number = entry.whole(days.replace("days", "").replace("天", "")) if comma else None
    if not often.strip() or not number or len(often) > 100:
        raise Mistyped("taper")
    return TaperStep(frequency=often.strip(), days=number)
