"""What stands on a prescription's paper, as plain text ready to set."""

import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import segno
from babel.dates import format_date

from cloud.kernel.clock import local
from cloud.prescriptions import canonical
from cloud.prescriptions.choices import State
from cloud.prescriptions.queries import Shown
from cloud.prescriptions.tables import table, word
from cloud.prescriptions.values import ContactLens, Medicine, SpectacleEye
from cloud.web import notation
from cloud.web.notation import Notation

Pairs = list[tuple[str, str]]
SPECTACLE = (
    *("lens", "sphere", "cylinder", "axis", "prism", "add_near", "add_intermediate", "add_second"),
    *("magnification", "va", "pd_far", "pd_near"),
)
CONTACT = (
    *("name", "design", "base_curve", "diameter", "power", "cylinder", "axis", "add_near", "add_class"),
    *("dominance", "material", "colour", "replacement"),
)
GROUPS = {
    **{"lens": "lens", "design": "contact", "add_class": "add_class", "replacement": "replacement"},
    **{"form": "drug_form", "eye": "drug_eye"},
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is, for whom, and how it is written; ``zone`` is the store's."""

    chain: str
    store: str
    zone: str
    patient: str
    born: date | None
    record_number: str
    language: str
    notation: Notation = field(default_factory=Notation)


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes the paper verifiable: the address in the QR, where to type the code, and the code."""

    address: str
    page: str
    code: str


def sheet(shown: Shown, head: Letterhead, mark: Mark, paper: str) -> dict[str, Any]:
    """Everything the template needs."""
    language, row = head.language, shown.row
    words = {name: both[language] for name, both in table("paper")["words"].items()}
    moment = local(row.issued_at, head.zone)
    return {
        **{"paper": paper, "lang": language, "words": words, "title": words[f"title_{row.kind}"]},
        **{"chain": head.chain, "store": head.store, "ended": _ended(shown, words)},
        **{"patient": _patient(head, words), "dates": _dates(shown, words, language)},
        **{"about": _about(shown, words, language), "lengths": _lengths(shown, words)},
        **{"sheets": sheets(shown, language, head.notation), "lines": lines(shown, language)},
        "notes": row.notes_patient,
        "prescriber": row.prescriber_name,
        "signer": [(words["licence"], row.licence), (words["outside"], row.practice)],
        "signature": f"{row.prescriber_name}, {day(moment.date(), language)} {moment:%H:%M} ({head.zone})",
        **{"address": mark.page, "code": mark.code, "qr": qr(mark.address)},
        "fingerprint": canonical.short(row.sha256),
    }


def qr(address: str) -> str:
    """The QR code as SVG; level M survives a crease."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=2, xmldecl=False)
    return picture.getvalue().decode()


def day(value: date | None, language: str) -> str:
    """``22 Nov 2026`` or ``2026年11月22日``."""
    if value is None:
        return ""
    return str(format_date(value, "y年M月d日" if language == "zh" else "d MMM y", locale=language))


def _ended(shown: Shown, words: dict[str, str]) -> str:
    return words["ended"] if shown.state != State.IN_FORCE else ""


def _patient(head: Letterhead, words: dict[str, str]) -> Pairs:
    born = day(head.born, head.language)
    return [(words["patient"], head.patient), (words["born"], born), (words["record"], head.record_number)]


def _dates(shown: Shown, words: dict[str, str], language: str) -> Pairs:
    row = shown.row
    days = (("written", row.written_on), ("valid", row.valid_until), ("dispense", row.dispense_until))
    return [(words[name], day(value, language)) for name, value in days]


def _about(shown: Shown, words: dict[str, str], language: str) -> Pairs:
    row = shown.row
    hours, supply = (str(value or "") for value in (row.max_wear_hours, row.supply_lenses))
    return [
        (words["purpose"], word("use", row.use, language)),
        (words["design"], word("design", row.design, language)),
        (words["wear"], word("wear", row.wear, language)),
        *((words["care_system"], row.care_system), (words["max_wear_hours"], hours)),
        *((words["supply_lenses"], supply), (words["replaces"], "✓" if row.replaces_id else "")),
    ]


def _lengths(shown: Shown, words: dict[str, str]) -> Pairs:
    lengths = ((name, getattr(shown.row, name)) for name in ("pd_far", "pd_near", "bvd"))
    return [(words[name], length(value)) for name, value in lengths]


def length(value: Decimal | None) -> str:
    """Millimetres with one decimal at most."""
    return "" if value is None else f"{value.normalize() + 0:f}"


def sheets(shown: Shown, language: str, style: Notation) -> list[dict[str, Any]]:
    """The table of eyes: heads and rows, without the columns nobody filled."""
    values = shown.written.eyes or shown.written.lenses
    names = SPECTACLE if shown.written.eyes else CONTACT
    if not values:
        return []
    rows = [[cell(one, name, language, style) for name in names] for one in values]
    used = [at for at in range(len(names)) if any(row[at] for row in rows)]
    words = table("paper")["words"]
    heads = [words["contact_design" if names[at] == "design" else names[at]][language] for at in used]
    eyes = [style.eye("right" if one.eye == "right" else "left") for one in values]
    body = [[eye, *(row[at] for at in used)] for eye, row in zip(eyes, rows, strict=True)]
    return [{"heads": [words["eye"][language], *heads], "rows": body}]


def cell(one: SpectacleEye | ContactLens, name: str, language: str, style: Notation) -> str:
    """One value in the trade's notation; empty where nothing was written."""
    if isinstance(one, SpectacleEye) and name == "prism":
        return prism(one, language)
    value = getattr(one, name)
    if name == "lens" and value == "lens":
        return ""
    return word(GROUPS[name], value, language) if name in GROUPS else _figure(name, value, style) or ""


def _figure(name: str, value: Any, style: Notation) -> str | None:
    if name in ("sphere", "power"):
        return notation.sphere(value, plano=style.plano)
    if name == "cylinder":
        return notation.cylinder(value, ds=style.ds)
    if name == "axis":
        return notation.axis(value)
    if name in ("add_near", "add_intermediate", "add_second"):
        return notation.dioptres(value)
    return notation.magnitude(value) if name in ("base_curve", "diameter") else _plain(value)


def _plain(value: Any) -> str:
    return length(value) if isinstance(value, Decimal) else str(value or "")


def prism(eye: SpectacleEye, language: str) -> str:
    """Power with its base in words, as it was entered; polar with the direction."""
    if eye.base_deg is not None:
        return f"{notation.magnitude(eye.prism_1)} @ {eye.base_deg:03d}"
    parts = ((eye.prism_1, eye.base_1), (eye.prism_2, eye.base_2))
    words = table("paper")["words"]
    return ", ".join(f"{notation.magnitude(p)} {words[f'base_{base}'][language]}" for p, base in parts if p is not None)


def lines(shown: Shown, language: str) -> list[dict[str, Any]]:
    """The drugs, each with its facts."""
    return [_line(one, language) for one in shown.written.medicines]


def _line(one: Medicine, language: str) -> dict[str, Any]:
    words = table("paper")["words"]
    names = ("form", "eye", "dose", "frequency", "course_days", "quantity", "repeats")
    facts = [(words[name][language], _told(one, name, language)) for name in names]
    taper = "; ".join(f"{step.frequency} × {step.days}" for step in one.taper)
    steps = f"{words['taper'][language]}: {taper}" if taper else ""
    more = "\n".join(text for text in (steps, one.instructions) if text)
    return {"head": f"{one.line}. {one.drug} {one.strength}".strip(), "facts": facts, "more": more}


def _told(one: Medicine, name: str, language: str) -> str:
    value = getattr(one, name)
    return word(GROUPS[name], value, language) if name in GROUPS else str(value if value is not None else "")
