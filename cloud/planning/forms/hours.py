"""Forms of hours: a week, a window of the week, a day, a block-off."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from cloud.planning.forms.entered import MIDNIGHT, Entered
from cloud.planning.hours import Weekly
from cloud.schedule.choices import Effect
from cloud.slots.day import dates, first_real
from cloud.slots.hours import Window

WEEK = range(7)
PARITY = {"every": None, "odd": 1, "even": 0}
LONGEST = 200


@dataclass(frozen=True)
class Week:
    """Open hours of a week from a day on."""

    windows: tuple[tuple[tuple[int, ...], Window], ...]
    since: date
    parity: int | None


def week(form: Entered, today: date) -> Week:
    """Seven fields, one for each day; days with the same window become one rule."""
    days: dict[Window, list[int]] = defaultdict(list)
    for number in WEEK:
        for window in form.windows(f"day{number}"):
            days[window].append(number)
    since = form.day("since", least=today, required=True) or today
    windows = tuple((tuple(on), window) for window, on in sorted(days.items()))
    return Week(windows, since, PARITY[form.one_of("parity", PARITY, "every")])


def window(form: Entered, today: date, types: Collection[int]) -> Weekly:
    """A window of the week that is blocked, or for some types only, or not for some."""
    effects = [one.value for one in Effect if one != Effect.OPEN]
    effect = Effect(form.one_of("effect", effects, Effect.BLOCKED))
    days = tuple(int(one) for one in form.some_of("days", [str(number) for number in WEEK]))
    if not days:
        form.wrong("days", _("Choose at least one day of the week."))
    said = form.ids("types", types)
    if effect != Effect.BLOCKED and not said:
        form.wrong("types", _("Choose at least one type of visit."))
    between = _between(form)
    since = form.day("since", least=today, required=True) or today
    until = form.day("until", least=since)
    parity = PARITY[form.one_of("parity", PARITY, "every")]
    kept = tuple(said) if effect != Effect.BLOCKED else ()
    return Weekly(effect, days, between, since, until, parity, kept, form.text("why", LONGEST) or None)


def day(form: Entered, today: date) -> tuple[list[date], list[Window], str | None]:
    """Days that are other than usual, from ``on`` to ``until``; without windows they are closed."""
    first = form.day("on", least=today, required=True) or today
    last = form.day("until", least=first) or first
    if (last - first).days > 366:
        form.wrong("until", _("At most a year at once."))
        last = first
    windows = form.windows("windows") if form.raw("how") == "open" else []
    if form.raw("how") == "open" and not windows and "windows" not in form.errors:
        form.wrong("windows", _("Write times like 09:00-13:00, 14:00-18:00."))
    return dates(first, last), windows, form.text("why", LONGEST) or None


def block(form: Entered, today: date, zone: str) -> tuple[datetime, datetime, str]:
    """From when to when by the store's wall clock, and why."""
    first = form.day("from_day", least=today, required=True) or today
    last = form.day("to_day", least=first) or first
    start, end = form.minute("from_time", default=0), form.minute("to_time", default=MIDNIGHT)
    between = _instant(first, start, zone, 0), _instant(last, end, zone, 1)
    if between[0] >= between[1]:
        form.wrong("to_time", _("The end lies before the beginning."))
    return *between, form.text("why", LONGEST, required=True)


def shown(rules: Sequence[Weekly]) -> dict[str, list[Window]]:
    """The fields of a week as these rules stand."""
    found: dict[str, list[Window]] = {f"day{number}": [] for number in WEEK}
    for rule in rules:
        for number in rule.days:
            found[f"day{number}"].append(rule.window)
    return found


def _between(form: Entered) -> Window:
    start, end = form.minute("starts"), form.minute("ends")
    if start >= end and not {"starts", "ends"} & form.errors.keys():
        form.wrong("ends", _("The end lies before the beginning."))
    if start % 5 or end % 5:
        form.wrong("starts", _("Times go by five minutes."))
    return start, end


def _instant(on: date, minutes: int, zone: str, fold: int) -> datetime:
    """By the wall clock; where it skips a time, the first instant after."""
    on, minutes = (on + timedelta(days=1), 0) if minutes >= MIDNIGHT else (on, minutes)
    return first_real(datetime.combine(on, time(minutes // 60, minutes % 60)), ZoneInfo(zone), fold)
