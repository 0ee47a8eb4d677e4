"""The form of a type of visit and its segments."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from cloud.kernel.money import Money
from cloud.planning.forms.entered import Entered, clock
from cloud.planning.forms.resource import SKILL
from cloud.planning.types import Stretch
from cloud.schedule.models import Type

SEGMENTS = range(6)
COLOURS = ("azure", "green", "orange", "purple", "red", "yellow", "teal", "gray")
GRIDS = ("clock", "packed", "listed")
CURRENCIES = ("EUR", "GBP", "USD", "CNY", "HKD", "CHF", "JPY")
HOUR = 60
LONG = 2000


def values(form: Entered, examinations: Collection[str]) -> dict[str, Any]:
    """What was said of a type, but for its segments."""
    found: dict[str, Any] = {
        "names": _texts(form, "name", 120, required=True),
        "preparation": _texts(form, "preparation", LONG),
        "policy": _texts(form, "policy", LONG),
        "colour": form.one_of("colour", COLOURS, "azure"),
        "shown": form.needed("shown", 5, 600, step=5),
        "before": form.number("before", 0, 120, step=5) or 0,
        "grid": _grid(form),
        "lead": int(form.decimal("lead_hours", 24 * 60, 2) * HOUR),
        "horizon": form.needed("horizon", 1, 730),
        "cut_off": int(form.decimal("cut_off_hours", 24 * 60, 2) * HOUR),
        "age_from": form.number("age_from", 0, 120),
        "age_to": form.number("age_to", 0, 120),
        "examinations": form.some_of("examinations", examinations),
        **_deposit(form),
        **{name: form.ticked(name) for name in ("red_flags", "hidden", "active")},
    }
    if found["age_from"] is not None and found["age_to"] is not None and found["age_to"] < found["age_from"]:
        form.wrong("age_to", _("The upper age lies below the lower one."))
    return found


def code(name: str, taken: Collection[str]) -> str:
    """A short name that is nobody's yet, of an English one."""
    base = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "visit"
    free = [base, *(f"{base}-{number}" for number in range(2, 100))]
    return next(one for one in free if one not in taken)


def stretches(form: Entered, skills: Sequence[str], people: Collection[int], old: Sequence[Stretch]) -> list[Stretch]:
    """Segments in order; rows without minutes are not there. ``old`` keeps lengths of people in other stores."""
    same = set(form.some_of("same", skills))
    found = [
        _stretch(form, number, skills, people, same, old) for number in SEGMENTS if form.raw(f"seg{number}_minutes")
    ]
    if not found:
        form.wrong("seg0_minutes", _("A visit takes some time: say how long its first part is."))
    elif found[0].gap != (0, 0):
        form.wrong("seg0_minutes", _("Nothing comes before the first part."))
    return found


def texts(one: Type) -> dict[str, Any]:
    """As the form shows what stands."""
    told: dict[str, Any] = {
        f"{field}_{language}": getattr(one, column).get(language, "")
        for field, column in (("name", "names"), ("preparation", "preparation"), ("policy", "policy"))
        for language in ("en", "zh")
    }
    plain = ("colour", "shown", "before", "horizon", "red_flags", "hidden", "active", "examinations")
    told |= {name: getattr(one, name) for name in plain}
    told |= {name: "" if getattr(one, name) is None else getattr(one, name) for name in ("age_from", "age_to")}
    told |= {"lead_hours": _hours(one.lead), "cut_off_hours": _hours(one.cut_off)}
    told |= {"grid": one.grid["kind"], "every": one.grid.get("every", 15), "offset": one.grid.get("offset", 0)}
    told["times"] = ", ".join(clock(minutes) for minutes in one.grid.get("times", []))
    money = Money(one.deposit, one.currency).amount if one.currency and one.deposit else ""
    return told | {"deposit": str(money), "currency": one.currency or ""}


def segment_texts(found: Sequence[Stretch]) -> dict[str, Any]:
    """The rows of segments as they stand."""
    told: dict[str, Any] = {"same": sorted({skill for one in found for skill, _count, same in one.needs if same})}
    for number, one in enumerate(found):
        row = f"seg{number}_"
        told |= {f"{row}en": one.names.get("en", ""), f"{row}zh": one.names.get("zh", ""), f"{row}minutes": one.minutes}
        told |= {f"{row}gap_least": one.gap[0], f"{row}gap_most": one.gap[1]}
        told |= {f"{row}need_{skill}": count for skill, count, _same in one.needs}
        told |= {f"{row}new": minutes for whom, who, minutes in one.lengths if whom is None and who == "new"}
        told |= {f"{row}of_{whom}": minutes for whom, _who, minutes in one.lengths if whom is not None}
    return told


def _stretch(
    form: Entered,
    number: int,
    skills: Sequence[str],
    people: Collection[int],
    same: set[str],
    old: Sequence[Stretch],
) -> Stretch:
    row = f"seg{number}_"
    names = {language: form.text(f"{row}{language}", 80) for language in ("en", "zh")}
    least = form.number(f"{row}gap_least", 0, 240, step=5) or 0
    most = form.number(f"{row}gap_most", 0, 240, step=5) or least
    if most < least:
        form.wrong(f"{row}gap_most", _("The longest wait is shorter than the shortest."))
    needs = _needs(form, row, skills, same)
    kept = old[number].lengths if number < len(old) else ()
    lengths = [one for one in kept if one[0] is not None and one[0] not in people]
    minutes = form.needed(f"{row}minutes", 5, 480, step=5)
    return Stretch(names, minutes, (least, most), needs, (*_lengths(form, row, people), *lengths))


def _needs(form: Entered, row: str, skills: Sequence[str], same: set[str]) -> tuple[tuple[str, int, str | None], ...]:
    wanted = {skill: form.number(f"{row}need_{skill}", 0, 9) or 0 for skill in skills}
    other = form.raw(f"{row}other").lower()
    if other and not SKILL.fullmatch(other):
        form.wrong(f"{row}other", _("Write skills in small Latin letters, for instance: doctor, slit-lamp."))
    elif other:
        wanted[other] = max(1, wanted.get(other, 0))
    if not any(wanted.values()):
        form.wrong(f"{row}minutes", _("Say who or what this part needs, at least one."))
    return tuple((skill, count, skill[:20] if skill in same else None) for skill, count in wanted.items() if count)


def _lengths(form: Entered, row: str, people: Collection[int]) -> list[tuple[int | None, str, int]]:
    new = form.number(f"{row}new", 5, 480, step=5)
    own = {one: form.number(f"{row}of_{one}", 5, 480, step=5) for one in people}
    found: list[tuple[int | None, str, int]] = [(None, "new", new)] if new else []
    return [*found, *((one, "both", minutes) for one, minutes in own.items() if minutes)]


def _texts(form: Entered, name: str, most: int, *, required: bool = False) -> dict[str, str]:
    """By language; the first is the one that has to be there."""
    found = {"en": form.text(f"{name}_en", most, required=required), "zh": form.text(f"{name}_zh", most)}
    return {language: text for language, text in found.items() if text}


def _grid(form: Entered) -> Mapping[str, Any]:
    kind = form.one_of("grid", GRIDS, "clock")
    if kind == "listed":
        times = _times(form)
        return {"kind": kind, "times": times}
    every = form.needed("every", 5, 480, step=5)
    offset = form.number("offset", 0, 55, step=5) or 0
    return {"kind": kind, "every": every} | ({"offset": offset} if kind == "clock" else {})


def _times(form: Entered) -> list[int]:
    said = [one for one in re.split("[,，;；、 \n]+", form.raw("times")) if one]
    found = [re.fullmatch(r"(\d{1,2})[:：](\d{2})", one) for one in said]
    minutes = [int(one[1]) * 60 + int(one[2]) for one in found if one]
    if not minutes or len(minutes) != len(said) or max(minutes) >= 24 * 60 or any(one % 5 for one in minutes):
        form.wrong("times", _("Write times like 09:00, 10:30, each of five minutes."))
        return []
    return sorted(set(minutes))


def _deposit(form: Entered) -> dict[str, Any]:
    amount = form.decimal("deposit", 100_000, 3)
    currency = form.one_of("currency", ("", *CURRENCIES))
    if amount and not currency:
        form.wrong("currency", _("Choose the currency of the deposit."))
        return {"deposit": 0, "currency": None}
    return {"deposit": Money.of(amount, currency).minor if amount else 0, "currency": currency or None}


def _hours(minutes: int) -> str:
    return f"{Decimal(minutes) / HOUR:.2f}".rstrip("0").rstrip(".")
