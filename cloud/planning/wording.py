"""What the planning room says."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from flask_babel import gettext as _

from cloud.web.languages import current_language


def text(told: Mapping[str, str]) -> str:
    """Of texts by language the one of whoever reads, else English, else any."""
    return told.get(current_language()) or told.get("en") or next(iter(told.values()), "")


def skill(code: str) -> str:
    """What a skill is called; what nobody named here is shown as it is written."""
    words = {
        "doctor": _("optometrist"),
        "technician": _("technician"),
        "optician": _("dispensing optician"),
        "lane": _("examination lane"),
        "autorefractor": _("autorefractor"),
        "perimeter": _("field analyser"),
        "oct": _("OCT"),
        "topographer": _("topographer"),
        "camera": _("fundus camera"),
        "therapist": _("vision therapist"),
        "training": _("training place"),
        "fitting": _("contact lens fitting"),
        "children": _("children"),
    }
    if code.startswith("language:"):
        return str(_("speaks %(language)s", language=language(code.removeprefix("language:"))))
    return str(words.get(code, code))


def language(code: str) -> str:
    """A language in the language of whoever reads."""
    return str(Locale(current_language()).languages.get(code, code))


def instrument(one: Any) -> str:
    """An instrument of the fleet, with the room it stands in."""
    name = " ".join(word for word in (one.maker, one.model) if word) or one.dev
    return f"{name} ({one.lane})" if one.lane else str(name)


def kinds() -> list[tuple[str, str]]:
    """Sorts of resources."""
    return [
        ("person", _("Colleague")),
        ("room", _("Room or lane")),
        ("device", _("Instrument")),
        ("seat", _("Places side by side")),
    ]


def kind(code: str) -> str:
    """One of them."""
    return dict(kinds()).get(code, code)


def effects() -> list[tuple[str, str]]:
    """What a window of the week does."""
    return [
        ("blocked", _("Nobody books")),
        ("only", _("Only these types")),
        ("not", _("Not these types")),
    ]


def effect(code: str) -> str:
    """One of them, or open hours."""
    return str({"open": _("Open hours"), **dict(effects())}.get(code, code))


def weekdays() -> list[str]:
    """Monday first."""
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def short_days() -> list[str]:
    """Monday first, short."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def months() -> list[str]:
    """January first."""
    return [
        *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
        *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
    ]


def parities() -> list[tuple[str, str]]:
    """Which weeks."""
    return [("every", _("Every week")), ("odd", _("Odd weeks of the year")), ("even", _("Even weeks of the year"))]


def parity(number: int | None) -> str:
    """Of a rule, short; nothing for every week."""
    return {1: _("odd weeks"), 0: _("even weeks")}.get(number, "") if number is not None else ""


def answers() -> list[tuple[str, str]]:
    """What becomes of somebody who wants a type."""
    return [("book", _("Book")), ("request", _("Ask first")), ("no", _("No"))]


def answer(code: str) -> str:
    """One of them."""
    return one_of(answers(), code)


def one_of(pairs: Iterable[tuple[str, str]], code: str) -> str:
    """The word of a choice."""
    return str(dict(pairs).get(code, code))


def colours(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Colours by name."""
    words = {
        **{"azure": _("blue"), "green": _("green"), "orange": _("orange"), "purple": _("purple")},
        **{"red": _("red"), "yellow": _("yellow"), "teal": _("teal"), "gray": _("grey")},
    }
    return [(one, str(words[one])) for one in codes]


def country(code: str) -> str:
    """A country in the language of whoever reads."""
    return str(Locale(current_language()).territories.get(code, code))


def mark(code: str) -> str:
    """What a day of the year's calendar is marked with."""
    return str({"closed": _("closed"), "other": _("other hours"), "leave": _("somebody away")}[code])


def per(code: str) -> str:
    """Of a quota."""
    return one_of(pers(), code)


def who(code: str) -> str:
    """Of a quota."""
    return one_of(whose(), code)


def channels() -> list[tuple[str, str]]:
    """Where it is booked."""
    return [("desk", _("At the desk")), ("online", _("Online"))]


def whose() -> list[tuple[str, str]]:
    """New and existing patients."""
    return [("both", _("New and existing")), ("new", _("New patients")), ("existing", _("Existing patients"))]


def pers() -> list[tuple[str, str]]:
    """Within which time."""
    return [("day", _("a day")), ("week", _("a week"))]


def grids() -> list[tuple[str, str]]:
    """When a visit may begin."""
    return [
        ("clock", _("By the clock")),
        ("packed", _("From the beginning of each stretch of hours")),
        ("listed", _("At these times only")),
    ]


def turns() -> list[tuple[str, str]]:
    """How two turn-overs add up."""
    return [("max", _("The longer one counts")), ("sum", _("Both count"))]


def overlaps() -> list[tuple[str, str]]:
    """What if one person has two visits at once."""
    return [("warn", _("Warn")), ("deny", _("Refuse"))]


def fates() -> list[tuple[str, str, str]]:
    """What is to become of visits, with what that means."""
    return [
        ("keep", _("Keep them"), _("They stay booked as they are; the calendar shows that they lie outside.")),
        (
            "substitute",
            _("Somebody else"),
            _("Each is given to somebody who can and is free; the time stays and the patient is told who."),
        ),
        (
            "rebook",
            _("Offer another time"),
            _("They stay until there is another; each gets a letter and stands in the queue of the desk."),
        ),
        ("cancel", _("Cancel them"), _("Each is cancelled with this reason and the patient is told.")),
    ]


def fared(result: Any) -> str:
    """What became of a visit."""
    done = {
        "keep": _("stays as it is"),
        "substitute": _("somebody else"),
        "rebook": _("stands in the queue for another time"),
        "cancel": _("cancelled"),
    }
    could_not = {
        "nobody": _("nobody else can and is free then"),
        "over": _("was changed or begun meanwhile"),
        "busy": _("is just being changed by somebody; try it again"),
    }
    return str(done[result.done] if result.done else could_not[result.could_not])


def why(kind_: str) -> str:
    """What keeps times from being there."""
    words = {
        "closed_chain": _("the chain is closed"),
        "closed_store": _("the store is closed or has other hours that day"),
        "store_hours": _("outside the opening hours"),
        "hours": _("outside the working hours"),
        "exception": _("other hours that day"),
        "blocked": _("blocked off"),
        "only_others": _("kept for other types"),
        "not_these": _("not for this type"),
        "busy": _("booked already"),
        "turn_over": _("turn-over between two visits"),
        "limit": _("as many as are allowed"),
        "not_allowed": _("not for this age"),
        "day_ends": _("the visit would not end that day"),
        "nobody": _("nobody is there who can"),
        "together": _("not everybody is free together"),
    }
    return str(words.get(kind_, kind_))
